// Which rows of a set a metric looks at: numbers first, so that a set that streams keeps only
// those.
#pragma once

#include <cstdint>
#include <vector>

#include "base/matrix.hpp"

namespace pushforward {

using RowNumbers = std::vector<std::size_t>;

// `size` of the numbers [0, count) chosen at random without replacement, in random order, a
// function of (count, seed, step of Stream::evaluation); all of them, in order, if there are no
// more than `size`. A smaller size gives the beginning of a larger one's.
[[nodiscard]] RowNumbers random_row_numbers(std::size_t count, std::size_t size, std::uint64_t seed,
                                            std::uint32_t step);

// The rows of these numbers, in their order.
[[nodiscard]] Matrix<double> rows_at(const Matrix<double>& rows, const RowNumbers& numbers);

// The numbers that occur in any of the subsets, ascending, each once: the rows to keep.
[[nodiscard]] RowNumbers numbers_in(const std::vector<RowNumbers>& subsets);

// The subsets as positions in `kept`, the ascending numbers of the rows that were kept, where each
// of theirs occurs.
[[nodiscard]] std::vector<RowNumbers> positions_in(const RowNumbers& kept,
                                                   std::vector<RowNumbers> subsets);

}  // namespace pushforward
