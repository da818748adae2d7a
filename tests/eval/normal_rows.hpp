// Rows of independent normal numbers.
#pragma once

#include <cstdint>

#include "base/matrix.hpp"
#include "base/random.hpp"

namespace pushforward {

inline Matrix<double> normal_rows(std::size_t n, std::size_t d, std::uint64_t seed,
                                  double shift = 0) {
  Matrix<double> x = Matrix<double>::from_shape({n, d});
  Random(seed, Stream::data).fill_normal(x.data(), n, d, 0);
  for (std::size_t i = 0; i < x.size(); ++i) x.data()[i] += shift;
  return x;
}

}  // namespace pushforward
