// Noise levels that do not fit the data.
#pragma once

#include <string>
#include <vector>

#include "score/process.hpp"

namespace pushforward {

// One line for each kind of misfit, a sentence without a period that names a column (counted from
// 0), both numbers and the option that would mend it. `deviation`: of the data's columns, in the
// coordinates of the process; columns that do not vary are passed over.
// - The highest level is below the deviation of the widest column, by a tenth or more, or of a
//   ladder by more than half: what is drawn starts too narrow and stays so. The rule of Song and
//   Ermon (2020) is the largest distance between two rows.
// - edm: training hardly draws levels as high as that deviation (p_mean + 2 p_std).
// - The lowest level of ve, edm or none is above the deviation of a column, whose shape the noise
//   hides.
[[nodiscard]] std::vector<std::string> level_warnings(const Process& process,
                                                      const std::vector<double>& deviation);

}  // namespace pushforward
