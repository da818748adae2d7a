#include "score/cosine_transform.hpp"

#include <algorithm>
#include <cmath>

#include "base/constants.hpp"

namespace pushforward {
namespace {

// Blocks are joined to block-diagonal products of up to this many columns: fewer, larger products
// are faster although most of their entries are 0.
constexpr int joint_columns = 96;

std::vector<double> cosines(int side) {
  std::vector<double> matrix;
  for (int k = 0; k < side; ++k)
    for (int i = 0; i < side; ++i)
      matrix.push_back(std::sqrt((k == 0 ? 1.0 : 2.0) / side) *
                       std::cos(pi * k * (i + 0.5) / side));
  return matrix;
}

// Multiplies every block of `side` columns of x by the transpose of the matrix [side, side], or by
// the matrix itself with `back`.
Expr multiply_blocks(Expr x, const std::vector<double>& matrix, int side, bool back) {
  const int blocks = x.columns() / side;
  const int max_blocks = std::max(1, joint_columns / side);
  std::vector<Expr> parts;
  for (int first = 0; first < blocks; first += max_blocks) {
    const int count = std::min(max_blocks, blocks - first), columns = count * side;
    std::vector<double> joint(static_cast<std::size_t>(columns) *
                              static_cast<std::size_t>(columns));
    for (int block = 0; block < count; ++block)
      for (int i = 0; i < side; ++i)
        for (int k = 0; k < side; ++k)
          joint[static_cast<std::size_t>((block * side + i) * columns + block * side + k)] =
              matrix[static_cast<std::size_t>(back ? i * side + k : k * side + i)];
    parts.push_back(matmul(slice_columns(x, first * side, columns),
                           x.graph().constant(columns, columns, joint)));
  }
  return parts.size() == 1 ? parts[0] : hstack(parts);
}

}  // namespace

CosineTransform::CosineTransform(const ImageShape& shape)
    : shape_(shape), along_height_(cosines(shape.height)), along_width_(cosines(shape.width)) {
  turn_back_.resize(static_cast<std::size_t>(shape.numbers()));
  for (int channel = 0; channel < shape.channels; ++channel)
    for (int n = 0; n < shape.width; ++n)
      for (int m = 0; m < shape.height; ++m) {
        const int from = (channel * shape.height + m) * shape.width + n;
        turn_back_[static_cast<std::size_t>(from)] = static_cast<int>(turn_.size());
        turn_.push_back(from);
        const double y = pi * m / shape.height, x = pi * n / shape.width;
        squared_.push_back(y * y + x * x);
      }
}

Expr CosineTransform::to_coefficients(Expr x) const {
  const Expr lines = multiply_blocks(x, along_width_, shape_.width, false);
  return multiply_blocks(gather_columns(lines, turn_), along_height_, shape_.height, false);
}

Expr CosineTransform::to_pixels(Expr coefficients) const {
  const Expr lines = multiply_blocks(coefficients, along_height_, shape_.height, true);
  return multiply_blocks(gather_columns(lines, turn_back_), along_width_, shape_.width, true);
}

std::vector<double> CosineTransform::pattern(int coefficient) const {
  const int n = coefficient / shape_.height, m = coefficient % shape_.height;
  std::vector<double> pixels;
  for (int y = 0; y < shape_.height; ++y)
    for (int x = 0; x < shape_.width; ++x)
      pixels.push_back(along_height_[static_cast<std::size_t>(m * shape_.height + y)] *
                       along_width_[static_cast<std::size_t>(n * shape_.width + x)]);
  return pixels;
}

}  // namespace pushforward
