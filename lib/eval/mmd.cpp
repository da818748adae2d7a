#include "eval/mmd.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <stdexcept>
#include <xtensor/xmath.hpp>

#include "base/instruction_set.hpp"
#include "base/linear_algebra.hpp"
#include "base/stop.hpp"
#include "eval/kernels/kernel_sum.hpp"
#include "eval/row_subset.hpp"

namespace pushforward {
namespace {

constexpr std::size_t block_rows = 256, block_columns = 1024;

KernelSum kernel() {
  return for_instruction_set(baseline::kernel_sum, avx2::kernel_sum, avx512::kernel_sum);
}

// Widest bandwidth first. A bandwidth that is half the one before needs no exponential.
std::vector<KernelTerm> terms_of(std::vector<double> bandwidths) {
  std::sort(bandwidths.begin(), bandwidths.end(), std::greater<>());
  std::vector<KernelTerm> terms;
  for (std::size_t k = 0; k < bandwidths.size(); ++k)
    terms.push_back(
        {0.5 / bandwidths[k] / bandwidths[k], k > 0 && 2 * bandwidths[k] == bandwidths[k - 1]});
  return terms;
}

Vector<double> squared_norms(const Matrix<double>& rows) {
  return xt::sum(xt::square(rows), {1}, xt::evaluation_strategy::immediate);
}

// The sum of the kernel over all pairs (i, j), or over j > i if x and y are one set.
double sum_of_pairs(const Matrix<double>& x, const Matrix<double>& y,
                    const std::vector<KernelTerm>& terms, Workers& workers) {
  const bool one_set = &x == &y;
  const KernelSum row_sum = kernel();
  const std::size_t n = x.shape(0), m = y.shape(0), d = x.shape(1);
  const Vector<double> norm_x = squared_norms(x), norm_y = squared_norms(y);
  const std::size_t lanes = (n + block_rows - 1) / block_rows;
  std::vector<double> sums(lanes, 0.0);
  std::vector<std::vector<double>> products(static_cast<std::size_t>(workers.count()));
  workers.run(lanes, [&](std::size_t lane, int worker) {
    throw_if_stopped();
    std::vector<double>& block = products[static_cast<std::size_t>(worker)];
    block.resize(block_rows * block_columns);
    const std::size_t first = lane * block_rows, rows = std::min(block_rows, n - first);
    for (std::size_t column = one_set ? first : 0; column < m; column += block_columns) {
      const std::size_t columns = std::min(block_columns, m - column);
      multiply(Transposed::no, Transposed::yes, rows, columns, d, &x(first, 0), d, &y(column, 0), d,
               0, block.data(), columns);
      for (std::size_t i = 0; i < rows; ++i) {
        const std::size_t after = first + i + 1;  // the first j > i
        const std::size_t skip = one_set && after > column ? std::min(after - column, columns) : 0;
        sums[lane] += row_sum(columns - skip, block.data() + i * columns + skip, norm_x[first + i],
                              norm_y.data() + column + skip, terms.data(), terms.size());
      }
    }
  });
  std::vector<double*> parts;
  for (double& sum : sums) parts.push_back(&sum);
  tree_add(parts.data(), parts.size(), 1);
  return sums[0];
}

}  // namespace

double median_distance(const Matrix<double>& rows, std::size_t most) {
  const std::size_t n = std::min(rows.shape(0), most), d = rows.shape(1);
  if (n < 2) throw std::invalid_argument("median_distance: two rows or more");
  std::vector<double> squares;
  squares.reserve(n * (n - 1) / 2);
  double sum = 0;
  for (std::size_t i = 0; i < n; ++i)
    for (std::size_t j = i + 1; j < n; ++j) {
      double square = 0;
      for (std::size_t k = 0; k < d; ++k)
        square += (rows(i, k) - rows(j, k)) * (rows(i, k) - rows(j, k));
      squares.push_back(square);
      sum += square;
    }
  const auto middle = squares.begin() + static_cast<std::ptrdiff_t>(squares.size() / 2);
  std::nth_element(squares.begin(), middle, squares.end());
  return std::sqrt(*middle > 0 ? *middle : sum / static_cast<double>(squares.size()));
}

std::vector<double> bandwidths_around(double median) {
  return {median / 4, median / 2, median, median * 2, median * 4};
}

double mmd_squared(const Matrix<double>& x, const Matrix<double>& y, std::vector<double> bandwidths,
                   Workers& workers) {
  const std::size_t n = x.shape(0), m = y.shape(0);
  if (y.shape(1) != x.shape(1) || n < 2 || m < 2 || bandwidths.empty())
    throw std::invalid_argument("mmd_squared: two sets of one dimension and 2 rows or more");
  const std::vector<KernelTerm> terms = terms_of(std::move(bandwidths));
  // Centring keeps distances, and rows near the origin lose fewer digits.
  const Vector<double> origin = xt::mean(y, {0}, xt::evaluation_strategy::immediate);
  const Matrix<double> u = x - origin, v = y - origin;
  const double xx = 2 * sum_of_pairs(u, u, terms, workers);
  const double yy = 2 * sum_of_pairs(v, v, terms, workers);
  const double xy = sum_of_pairs(u, v, terms, workers);
  const double nn = static_cast<double>(n), mm = static_cast<double>(m);
  return (xx / (nn * (nn - 1)) + yy / (mm * (mm - 1)) - 2 * xy / (nn * mm)) /
         static_cast<double>(terms.size());
}

Matrix<double> random_subset(const Matrix<double>& rows, std::size_t size, std::uint64_t seed,
                             std::uint32_t step) {
  return rows_at(rows, random_row_numbers(rows.shape(0), size, seed, step));
}

}  // namespace pushforward
