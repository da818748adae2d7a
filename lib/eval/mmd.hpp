// Maximum mean discrepancy with Gaussian kernels.
#pragma once

#include <cstdint>
#include <vector>

#include "base/lanes.hpp"
#include "base/matrix.hpp"

namespace pushforward {

// The median distance between two rows, over all pairs of the first `most` rows (at least 2). If it
// is 0 because many rows are equal, the root of the mean squared distance. 0 only if all are equal.
[[nodiscard]] double median_distance(const Matrix<double>& rows, std::size_t most = 1000);

// Five bandwidths around the median distance: a quarter, a half, one, two and four of it.
[[nodiscard]] std::vector<double> bandwidths_around(double median);

// The unbiased estimate of MMD^2 between the laws of the rows x [n, d] and y [m, d], n, m >= 2
// (Gretton et al. 2012, equation 3):
//   sum_{i != j} k(x_i, x_j) / (n (n - 1)) + sum_{i != j} k(y_i, y_j) / (m (m - 1))
//   - 2 sum_{i, j} k(x_i, y_j) / (n m),
// with k(x, y) the mean over bandwidths s of exp(-|x - y|^2 / (2 s^2)). Its expectation is 0 for
// equal laws, so it can be negative. Memory besides the rows is a block of 256 x 1024 numbers per
// worker. The bits do not depend on the number of workers.
[[nodiscard]] double mmd_squared(const Matrix<double>& x, const Matrix<double>& y,
                                 std::vector<double> bandwidths, Workers& workers);

// The rows whose numbers random_row_numbers chooses (eval/row_subset.hpp).
[[nodiscard]] Matrix<double> random_subset(const Matrix<double>& rows, std::size_t size,
                                           std::uint64_t seed, std::uint32_t step);

}  // namespace pushforward
