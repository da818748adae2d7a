// Autocovariances of a series at every lag at once.
#pragma once

#include <cstddef>

#include "base/matrix.hpp"

namespace pushforward {

// c_t = (1/n) sum_{i < n - t} (x_i - m)(x_{i+t} - m), t = 0 ... n - 1, with m the mean of the n
// numbers (n > 0). The divisor is n at every lag, which keeps the sequence positive definite
// (Priestley 1981, section 5.3). Computed by a Fourier transform of twice the length in O(n log n),
// however slowly the chain mixes. The error is rounding, relative to c_0.
[[nodiscard]] Vector<double> autocovariance(const double* x, std::size_t n);

}  // namespace pushforward
