// Checks of shapes and of LAPACK's return values, for the functions of base/linear_algebra.hpp.
#pragma once

#include <cstddef>
#include <limits>
#include <stdexcept>
#include <string>

#include "base/error.hpp"
#include "base/matrix.hpp"

namespace pushforward {

inline void require(bool fits, const char* function) {
  if (!fits) throw std::invalid_argument(std::string(function) + ": shapes do not fit");
}

// n as an int, which BLAS takes; Error(invalid) if it is too large.
inline int blas_extent(std::size_t n) {
  if (n > static_cast<std::size_t>(std::numeric_limits<int>::max()))
    fail_invalid("a matrix with an extent of " + std::to_string(n) +
                 " is larger than linear algebra here can take (2147483647)");
  return static_cast<int>(n);
}

// n of an n x n matrix.
inline int square_extent(const Matrix<double>& a, const char* function) {
  require(a.shape(0) == a.shape(1), function);
  return blas_extent(a.shape(0));
}

// Error(numerical) unless LAPACK's `info` is 0.
inline void check_info(int info, const char* what) {
  if (info != 0)
    fail_numerical(std::string(what) + ": no convergence (" + std::to_string(info) + ")");
}

}  // namespace pushforward
