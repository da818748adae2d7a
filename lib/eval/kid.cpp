#include "eval/kid.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <stdexcept>
#include <xtensor/xmath.hpp>

#include "base/error.hpp"
#include "base/linear_algebra.hpp"
#include "base/stop.hpp"

namespace pushforward {
namespace {

constexpr std::size_t block_rows = 256, block_columns = 1024;

// Of Stream::evaluation: from here on two steps per pair of subsets.
constexpr std::uint32_t first_step = std::uint32_t{1} << 16;

struct Buffers {
  std::vector<double> rows, columns, products;
};

// Copies rows [first, first + count) of a subset.
void gather(const Matrix<double>& set, const RowNumbers& numbers, std::size_t first,
            std::size_t count, std::vector<double>* out) {
  const std::size_t d = set.shape(1);
  out->resize(std::max(out->size(), count * d));
  for (std::size_t i = 0; i < count; ++i)
    std::copy_n(&set(numbers[first + i], 0), d, out->data() + i * d);
}

// sum of (products / d + 1)^3, in eight independent sums, so that none waits for another.
double sum_of_cubes(const double* products, std::size_t count, double per_dimension) {
  constexpr std::size_t width = 8;
  std::array<double, width> sums{};
  std::size_t j = 0;
  for (; j + width <= count; j += width)
    for (std::size_t k = 0; k < width; ++k) {
      const double base = products[j + k] * per_dimension + 1;
      sums[k] += base * base * base;
    }
  for (; j < count; ++j) {
    const double base = products[j] * per_dimension + 1;
    sums[0] += base * base * base;
  }
  return ((sums[0] + sums[4]) + (sums[2] + sums[6])) + ((sums[1] + sums[5]) + (sums[3] + sums[7]));
}

// sum over the rows [first, first + block_rows) of subset a and all rows of subset b; or, if a and
// b are one subset, all rows after each row.
double sum_of_pairs(const Matrix<double>& x, const RowNumbers& a, const Matrix<double>& y,
                    const RowNumbers& b, std::size_t first, Buffers* buffers) {
  const bool one_set = &a == &b;
  const std::size_t d = x.shape(1), rows = std::min(block_rows, a.size() - first);
  const double per_dimension = 1 / static_cast<double>(d);
  gather(x, a, first, rows, &buffers->rows);
  buffers->products.resize(block_rows * block_columns);
  double sum = 0;
  for (std::size_t column = one_set ? first : 0; column < b.size(); column += block_columns) {
    const std::size_t columns = std::min(block_columns, b.size() - column);
    gather(y, b, column, columns, &buffers->columns);
    multiply(Transposed::no, Transposed::yes, rows, columns, d, buffers->rows.data(), d,
             buffers->columns.data(), d, 0, buffers->products.data(), columns);
    for (std::size_t i = 0; i < rows; ++i) {
      const std::size_t after = first + i + 1;  // the first j > i
      const std::size_t skip = one_set && after > column ? std::min(after - column, columns) : 0;
      sum += sum_of_cubes(buffers->products.data() + i * columns + skip, columns - skip,
                          per_dimension);
    }
  }
  return sum;
}

KidEstimate summary_of(const Vector<double>& values) {
  const double deviation = xt::stddev(values)();
  return {xt::mean(values)(), deviation, deviation / std::sqrt(static_cast<double>(values.size()))};
}

}  // namespace

KidSubsets kid_subsets(std::size_t n, std::size_t m, std::size_t subsets, std::size_t size,
                       std::uint64_t seed) {
  KidSubsets result;
  result.size = std::min({size, n, m});
  if (result.size < 2 || subsets == 0 || subsets >= std::size_t{1} << 30)
    throw std::invalid_argument("kid_subsets: 2 rows or more, 1 subset or more");
  if (result.size == n && result.size == m) subsets = 1;
  for (std::size_t s = 0; s < subsets; ++s) {
    const std::uint32_t step = first_step + 2 * static_cast<std::uint32_t>(s);
    result.generated.push_back(random_row_numbers(n, result.size, seed, step));
    result.reference.push_back(random_row_numbers(m, result.size, seed, step + 1));
  }
  return result;
}

KidEstimate kernel_inception_distance(const Matrix<double>& generated,
                                      const Matrix<double>& reference, const KidSubsets& subsets,
                                      Workers& workers) {
  const std::size_t count = subsets.generated.size();
  if (generated.shape(1) != reference.shape(1) || count == 0 || subsets.reference.size() != count)
    throw std::invalid_argument("kernel_inception_distance: two sets of one dimension");
  const std::size_t blocks = (subsets.size + block_rows - 1) / block_rows;
  // A lane is a block of rows of one subset against its own and the other set's.
  std::vector<double> values(count * blocks);
  std::vector<Buffers> buffers(static_cast<std::size_t>(workers.count()));
  const double n = static_cast<double>(subsets.size);
  workers.run(count * blocks, [&](std::size_t lane, int worker) {
    throw_if_stopped();
    Buffers* own = &buffers[static_cast<std::size_t>(worker)];
    const RowNumbers &a = subsets.generated[lane / blocks], &b = subsets.reference[lane / blocks];
    const std::size_t first = lane % blocks * block_rows;
    const double within = sum_of_pairs(generated, a, generated, a, first, own) +
                          sum_of_pairs(reference, b, reference, b, first, own);
    const double across = sum_of_pairs(generated, a, reference, b, first, own);
    values[lane] = 2 * (within / (n * (n - 1)) - across / (n * n));
  });
  Vector<double> estimates = Vector<double>::from_shape({count});
  for (std::size_t s = 0; s < count; ++s) {
    std::vector<double*> parts;
    for (std::size_t block = 0; block < blocks; ++block)
      parts.push_back(&values[s * blocks + block]);
    tree_add(parts.data(), parts.size(), 1);
    estimates(s) = *parts[0];
  }
  const KidEstimate estimate = summary_of(estimates);
  if (!std::isfinite(estimate.mean) || !std::isfinite(estimate.deviation))
    fail_invalid("kid: the numbers are too large for the cubes of their products, scale them down");
  return estimate;
}

}  // namespace pushforward
