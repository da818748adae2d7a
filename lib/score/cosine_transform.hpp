// The discrete cosine transform of pictures, as expressions.
#pragma once

#include <vector>

#include "base/image_shape.hpp"
#include "graph/expr.hpp"

namespace pushforward {

// The orthonormal DCT-II of both directions of rows that are pictures, channel after channel, line
// after line: coefficient (m, n) is
//   sum_(y, x) u(y, x) a_m cos(pi m (y + 1/2) / height) b_n cos(pi n (x + 1/2) / width)
// with a_0 = sqrt(1 / height), a_m = sqrt(2 / height), b likewise; its transpose is its inverse.
// Products of small matrices: height + width multiplications a pixel, not height x width.
class CosineTransform {
 public:
  explicit CosineTransform(const ImageShape& shape);

  // x [n, columns] -> [n, columns], coefficients channel after channel; and back.
  [[nodiscard]] Expr to_coefficients(Expr x) const;
  [[nodiscard]] Expr to_pixels(Expr coefficients) const;

  // Squared frequencies, in radians a pixel: pi^2 (m^2 / height^2 + n^2 / width^2) of every
  // coefficient, in the order of to_coefficients(). Heat that has spread for a time t has the
  // factor exp(-t times this).
  [[nodiscard]] const std::vector<double>& squared_frequencies() const { return squared_; }
  // One coefficient's pattern in its channel, [height * width], of length 1: `coefficient` is its
  // place within the channel.
  [[nodiscard]] std::vector<double> pattern(int coefficient) const;

 private:
  ImageShape shape_;
  std::vector<double> along_height_, along_width_;  // [side, side]: a row a frequency
  std::vector<int> turn_, turn_back_;               // of (channel, y, n) to (channel, n, y)
  std::vector<double> squared_;
};

}  // namespace pushforward
