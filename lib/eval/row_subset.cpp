#include "eval/row_subset.hpp"

#include <algorithm>
#include <numeric>
#include <stdexcept>

#include "base/random.hpp"

namespace pushforward {

RowNumbers random_row_numbers(std::size_t count, std::size_t size, std::uint64_t seed,
                              std::uint32_t step) {
  if (count <= size) {
    RowNumbers all(count);
    std::iota(all.begin(), all.end(), std::size_t{0});
    return all;
  }
  const std::vector<std::uint64_t> order =
      permutation(count, Random(seed, Stream::evaluation), step);
  return {order.begin(), order.begin() + static_cast<std::ptrdiff_t>(size)};
}

Matrix<double> rows_at(const Matrix<double>& rows, const RowNumbers& numbers) {
  const std::size_t d = rows.shape(1);
  Matrix<double> chosen = Matrix<double>::from_shape({numbers.size(), d});
  for (std::size_t i = 0; i < numbers.size(); ++i)
    std::copy_n(rows.data() + numbers[i] * d, d, chosen.data() + i * d);
  return chosen;
}

RowNumbers numbers_in(const std::vector<RowNumbers>& subsets) {
  RowNumbers all;
  for (const RowNumbers& subset : subsets) {
    const auto middle = static_cast<std::ptrdiff_t>(all.size());
    all.insert(all.end(), subset.begin(), subset.end());
    std::sort(all.begin() + middle, all.end());
    std::inplace_merge(all.begin(), all.begin() + middle, all.end());
    all.erase(std::unique(all.begin(), all.end()), all.end());
  }
  return all;
}

std::vector<RowNumbers> positions_in(const RowNumbers& kept, std::vector<RowNumbers> subsets) {
  for (RowNumbers& subset : subsets)
    for (std::size_t& number : subset) {
      const auto at = std::lower_bound(kept.begin(), kept.end(), number);
      if (at == kept.end() || *at != number)
        throw std::invalid_argument("positions_in: a row that was not kept");
      number = static_cast<std::size_t>(at - kept.begin());
    }
  return subsets;
}

}  // namespace pushforward
