// Warnings about rows that no density can be fitted to, although training would run.
#pragma once

#include <string>
#include <vector>

#include "nn/training_rows.hpp"

namespace pushforward {

// Checks the first `checked` columns (the others are contexts, of which nothing is expected),
// except those with a 1 in `passed_over`, whose digits float32 has not kept; empty: all. Returns at
// most one line per kind of problem, a sentence without a period that names the first few columns
// (by `names`, or counted from 0) and how many there are:
// - constant columns;
// - discrete columns: whole numbers (up to 65536; larger float32 numbers are often whole by
//   rounding), or at most half as many distinct values as rows;
// - columns that equal an earlier one up to scale and shift, |correlation| > 1 - 1e-6.
// The likelihood of such rows is unbounded: a density can grow without limit on a set of volume 0.
// Continuous columns of float32 numbers have none of these problems. Fewer than 8 rows are checked
// for constant columns only. Distinct values and pairs are searched in at most 4096 evenly spaced
// rows, and pairs are then checked in all rows: 60,000 x 784 takes half a second.
[[nodiscard]] std::vector<std::string> row_warnings(const TrainingRows& rows, std::size_t checked,
                                                    const std::vector<char>& passed_over = {},
                                                    const std::vector<std::string>& names = {});

// A line about the first column whose standard deviation is due to a single row (more than 90% of
// the variance, among at least 30 rows), and how many more such columns there are. After
// standardisation the other rows are nearly equal in such a column.
[[nodiscard]] std::vector<std::string> outlier_warnings(const TrainingRows& rows,
                                                        std::size_t checked,
                                                        const std::vector<std::string>& names = {});

}  // namespace pushforward
