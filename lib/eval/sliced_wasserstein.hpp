// The sliced Wasserstein distance.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "base/lanes.hpp"
#include "base/matrix.hpp"

namespace pushforward {

// W2^2 between the empirical laws of two samples in one dimension, sorted ascending, of any sizes
// (not empty): the integral over u in (0, 1) of the squared difference of the quantile functions.
[[nodiscard]] double wasserstein_squared(const double* x, std::size_t n, const double* y,
                                         std::size_t m);

// Unit vectors [projections, d], uniform on the sphere, projection p a function of (seed, p).
// In one dimension there is one direction, and one row.
[[nodiscard]] Matrix<double> random_directions(std::size_t projections, std::size_t dimension,
                                               std::uint64_t seed);

// The square root of the mean over directions of W2^2 between the projections of x [n, d] and
// y [m, d] (Bonneel, Rabin, Peyre, Pfister 2015), in the units of the rows. Exact in each
// direction; the bits do not depend on the number of workers.
[[nodiscard]] double sliced_wasserstein(const Matrix<double>& x, const Matrix<double>& y,
                                        const Matrix<double>& directions, Workers& workers);

}  // namespace pushforward
