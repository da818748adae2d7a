// Warnings about noise levels that do not suit the data.
#pragma once

#include <string>
#include <vector>

#include "score/process.hpp"

namespace pushforward {

// One line per problem: a sentence without a period that names a column (counted from 0), both
// numbers and the option that would help. `deviation` holds the standard deviations of the data's
// columns in the coordinates of the process; constant columns are skipped.
// - The highest level is below 0.9 times the deviation of the widest column, or 0.4 times for a
//   ladder: samples start too narrow and stay so. The rule of Song and Ermon (2020) is the largest
//   distance between two rows.
// - edm: training rarely draws levels as high as that deviation (p_mean + 2 p_std).
// - The lowest level of ve, edm or none is above the deviation of a column, whose shape the noise
//   hides.
[[nodiscard]] std::vector<std::string> level_warnings(const Process& process,
                                                      const std::vector<double>& deviation);

}  // namespace pushforward
