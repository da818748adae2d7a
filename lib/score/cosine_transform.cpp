#include "score/cosine_transform.hpp"

#include <algorithm>
#include <cmath>
#include <xtensor/xbuilder.hpp>
#include <xtensor/xmanipulation.hpp>
#include <xtensor/xview.hpp>

#include "base/constants.hpp"

namespace pushforward {
namespace {

// Blocks are joined to block-diagonal products of up to this many columns: fewer, larger products
// are faster although most of their entries are 0.
constexpr int joint_columns = 96;

Matrix<double> cosines(int side) {
  const std::size_t size = static_cast<std::size_t>(side);
  Matrix<double> matrix({size, size});
  for (std::size_t k = 0; k < size; ++k)
    for (std::size_t i = 0; i < size; ++i)
      matrix(k, i) = std::sqrt((k == 0 ? 1.0 : 2.0) / side) *
                     std::cos(pi * static_cast<double>(k) * (static_cast<double>(i) + 0.5) / side);
  return matrix;
}

// Multiplies every block of side columns of x by `matrix`, [side, side].
Expr multiply_blocks(Expr x, const Matrix<double>& matrix) {
  const int side = static_cast<int>(matrix.shape(0)), blocks = x.columns() / side;
  const int max_blocks = std::max(1, joint_columns / side);
  std::vector<Expr> parts;
  for (int first = 0; first < blocks; first += max_blocks) {
    const int count = std::min(max_blocks, blocks - first), columns = count * side;
    const std::size_t size = static_cast<std::size_t>(columns);
    Matrix<double> joint = xt::zeros<double>({size, size});
    for (int block = 0; block < count; ++block) {
      auto range = xt::range(block * side, (block + 1) * side);
      xt::view(joint, range, range) = matrix;
    }
    parts.push_back(matmul(slice_columns(x, first * side, columns),
                           x.graph().constant(columns, columns, {joint.begin(), joint.end()})));
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
  const Expr lines = multiply_blocks(x, xt::transpose(along_width_));
  return multiply_blocks(gather_columns(lines, turn_), xt::transpose(along_height_));
}

Expr CosineTransform::to_pixels(Expr coefficients) const {
  const Expr lines = multiply_blocks(coefficients, along_height_);
  return multiply_blocks(gather_columns(lines, turn_back_), along_width_);
}

Vector<double> CosineTransform::pattern(int coefficient) const {
  const int n = coefficient / shape_.height, m = coefficient % shape_.height;
  const Matrix<double> pixels = xt::view(along_height_, m, xt::all(), xt::newaxis()) *
                                xt::view(along_width_, n, xt::newaxis(), xt::all());
  return xt::flatten(pixels);
}

}  // namespace pushforward
