// What is wrong with rows that a density is to be fitted to, though training would go on.
#pragma once

#include <string>
#include <vector>

#include "nn/training_rows.hpp"

namespace pushforward {

// Looks at the first `judged` columns (others are contexts, which may be as they like) but for
// those with a 1 in `passed_over`, whose digits float32 has not kept; empty: all. At most one line
// for each kind of trouble, a sentence without a period that names the first few columns (counted
// from 0) and how many there are:
// - columns that hold one value;
// - columns whose values are discrete: whole numbers (of at most 65536; larger float32 numbers are
//   often whole by rounding), or so few different ones that each stands for two rows or more;
// - columns that are an earlier one up to shift and scale, |correlation| > 1 - 1e-6.
// The likelihood of such rows has no bound: a density can grow on a set without volume for ever.
// Continuous columns of float32 numbers have none of these. Fewer than 8 rows are judged by the
// first rule alone. Different values and pairs are looked for in at most 4096 rows, evenly spaced,
// and what is found is held against all rows: 60,000 x 784 takes half a second.
[[nodiscard]] std::vector<std::string> row_warnings(const TrainingRows& rows, std::size_t judged,
                                                    const std::vector<char>& passed_over = {});

// A line for the first column of these (and how many more there are) whose standard deviation is
// the work of one row: 90% of its variance or more, of 30 rows or more. Standardised, the other
// rows are all but equal there.
[[nodiscard]] std::vector<std::string> outlier_warnings(const TrainingRows& rows,
                                                        std::size_t judged);

}  // namespace pushforward
