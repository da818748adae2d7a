// What float32 makes of columns that lie far from 0.
#pragma once

#include <cmath>
#include <string>
#include <vector>

namespace pushforward {

// Whether numbers around `mean` that vary by `deviation` lose digits that matter as float32: more
// than one part in 10,000 of the deviation. Such a column is shifted in double first.
[[nodiscard]] inline bool far_from_zero(double mean, double deviation) {
  return deviation > 0 && std::abs(mean) > 1000 * deviation;
}

// values less origin, both of one number a column; an empty origin is 0 everywhere.
[[nodiscard]] std::vector<double> less(std::vector<double> values,
                                       const std::vector<double>& origin);

// Whether float32 has fewer than 1,000 steps to a deviation there.
[[nodiscard]] bool float32_is_coarse(double mean, double deviation);

// A phrase about the columns, of these means and deviations, where float32_is_coarse(): the first
// (counted from `first_number`, "of /c" where the columns are those of a dataset so named) and how
// many more there are. Empty for none.
[[nodiscard]] std::string coarse_columns(const std::vector<double>& mean,
                                         const std::vector<double>& deviation,
                                         std::size_t first_number = 0,
                                         const std::string& dataset = "");

}  // namespace pushforward
