// How long a Langevin step may be.
#pragma once

#include <cstddef>

#include "sample/chain_target.hpp"

namespace pushforward {

// The largest eigenvalue of -d score / dx over the given rows (count x D), by `iterations` steps of
// the power method per row, each one directional derivative of the score. A row whose eigenvalue of
// largest size is negative does not count; 0 where no row counts. On a Gaussian it is 1 /
// lambda_min of the covariance, and unadjusted Langevin diverges for step sizes of 2 lambda_min or
// more.
[[nodiscard]] double largest_curvature(const ChainTarget& target, double sigma, const double* rows,
                                       std::size_t count, int iterations = 30);

}  // namespace pushforward
