// Columns so far from 0 that float32 loses their digits.
#pragma once

#include <cmath>
#include <string>
#include <vector>

namespace pushforward {

// Whether float32 resolves a column of this mean and standard deviation to no better than about
// 1/10,000 of the deviation. Such a column is shifted in double first.
[[nodiscard]] inline bool far_from_zero(double mean, double deviation) {
  return deviation > 0 && std::abs(mean) > 1000 * deviation;
}

// values - origin, each with one number per column; an empty origin is 0.
[[nodiscard]] std::vector<double> less(std::vector<double> values,
                                       const std::vector<double>& origin);

// Whether float32 numbers near `mean` are more than 1/1,000 of `deviation` apart.
[[nodiscard]] bool float32_is_coarse(double mean, double deviation);

// A phrase for a warning: the first column for which float32_is_coarse() and how many more there
// are; empty if there is none.
struct ColumnNaming {
  std::vector<std::string> names{};  // empty: they have none
  std::size_t first_number = 0;      // of the first column
  std::string dataset{};             // "/c", which is told too; empty: not
};
[[nodiscard]] std::string coarse_columns(const std::vector<double>& mean,
                                         const std::vector<double>& deviation,
                                         const ColumnNaming& naming = {});

}  // namespace pushforward
