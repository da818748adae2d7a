// Which rows of a set a metric looks at. Row numbers are chosen before the rows are read, so that
// only these have to be kept.
#pragma once

#include <cstdint>
#include <vector>

#include "base/matrix.hpp"

namespace pushforward {

using RowNumbers = std::vector<std::size_t>;

// `size` of the numbers [0, count), drawn without replacement, in random order: a function of
// (count, seed, step of Stream::evaluation). If `count` is at most `size`, all of them in order. A
// smaller size gives a prefix of what a larger one gives.
[[nodiscard]] RowNumbers random_row_numbers(std::size_t count, std::size_t size, std::uint64_t seed,
                                            std::uint32_t step);

// The rows of these numbers, in their order.
[[nodiscard]] Matrix<double> rows_at(const Matrix<double>& rows, const RowNumbers& numbers);

// The union of the subsets, ascending: the rows to keep.
[[nodiscard]] RowNumbers numbers_in(const std::vector<RowNumbers>& subsets);

// The subsets as positions in `kept`, the ascending numbers of the rows that were kept. `kept` must
// contain all of them.
[[nodiscard]] std::vector<RowNumbers> positions_in(const RowNumbers& kept,
                                                   std::vector<RowNumbers> subsets);

}  // namespace pushforward
