// The discrete cosine transform of pictures, as expressions.
#pragma once

#include <vector>

#include "base/image_shape.hpp"
#include "base/matrix.hpp"
#include "graph/expr.hpp"

namespace pushforward {

// The orthonormal two-dimensional DCT-II of rows that are pictures [C, H, W]. Coefficient (m, n) of
// a channel u is
//   sum_(y, x) u(y, x) a_m cos(pi m (y + 1/2) / height) b_n cos(pi n (x + 1/2) / width)
// with a_0 = sqrt(1 / height), a_m = sqrt(2 / height), b likewise; its transpose is its inverse.
// Computed as products of small matrices: height + width multiplications per pixel instead of
// height * width.
class CosineTransform {
 public:
  explicit CosineTransform(const ImageShape& shape);

  // x [n, columns] -> [n, columns], coefficients channel after channel; and back.
  [[nodiscard]] Expr to_coefficients(Expr x) const;
  [[nodiscard]] Expr to_pixels(Expr coefficients) const;

  // Squared frequencies, in radians per pixel: pi^2 (m^2 / height^2 + n^2 / width^2) of every
  // coefficient, in the order of to_coefficients(). Heat dissipation for a time t multiplies a
  // coefficient by exp(-t * squared frequency).
  [[nodiscard]] const std::vector<double>& squared_frequencies() const { return squared_; }
  // The basis picture of one coefficient, [height * width], of length 1; `coefficient` is its index
  // within a channel.
  [[nodiscard]] Vector<double> pattern(int coefficient) const;

 private:
  ImageShape shape_;
  Matrix<double> along_height_, along_width_;  // [side, side]: one row per frequency
  std::vector<int> turn_, turn_back_;          // of (channel, y, n) to (channel, n, y)
  std::vector<double> squared_;
};

}  // namespace pushforward
