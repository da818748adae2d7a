// The kernel inception distance: MMD^2 with a cubic kernel, over random subsets.
#pragma once

#include <cstdint>
#include <vector>

#include "base/lanes.hpp"
#include "base/matrix.hpp"
#include "eval/row_subset.hpp"

namespace pushforward {

// The rows of the subsets of two sets. Subset s of one set is compared with subset s of the other.
// All subsets have `size` rows.
struct KidSubsets {
  std::size_t size = 0;
  std::vector<RowNumbers> generated, reference;
};

// `subsets` pairs of subsets of sets of n and m rows. Each subset is drawn without replacement,
// independently of the others, as a function of (seed, its index) and of n or m. `size` is cut to
// the smaller of n and m; if it is then both n and m, all pairs would be equal, and one is
// returned. n, m, size >= 2, subsets >= 1 and below 2^30.
[[nodiscard]] KidSubsets kid_subsets(std::size_t n, std::size_t m, std::size_t subsets,
                                     std::size_t size, std::uint64_t seed);

// Over the subsets: the mean, the standard deviation (divisor the number of subsets) and the
// standard error of the mean, deviation / sqrt(subsets). The error measures how far more subsets of
// the same rows would move the mean, not how far other rows would. For the latter even the
// deviation is too small if a subset is a large part of its set. It is 0 for a single pair.
struct KidEstimate {
  double mean = 0, deviation = 0, error = 0;
};

// The unbiased estimate of MMD^2 (Gretton et al. 2012, equation 3)
//   sum_{i != j} k(x_i, x_j) / (n (n - 1)) + sum_{i != j} k(y_i, y_j) / (n (n - 1))
//   - 2 sum_{i, j} k(x_i, y_j) / n^2,   k(x, y) = (x'y / d + 1)^3,
// of each pair of subsets (Binkowski, Sutherland, Arbel, Gretton 2018). Its expectation is 0 for
// equal laws, so it can be negative. `generated` and `reference` are the rows [., d] that the
// indices in `subsets` refer to: whole sets, or the rows kept of them (positions_in). Memory
// besides the rows: one block of 256 and one of 1024 rows per worker, and their products. The bits
// do not depend on the number of workers. Error(invalid) if the numbers are so large that their
// cubes overflow.
[[nodiscard]] KidEstimate kernel_inception_distance(const Matrix<double>& generated,
                                                    const Matrix<double>& reference,
                                                    const KidSubsets& subsets, Workers& workers);

}  // namespace pushforward
