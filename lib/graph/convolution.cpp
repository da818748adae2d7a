#include "graph/convolution.hpp"

#include <stdexcept>

#include "graph/node.hpp"

namespace pushforward {
namespace {

std::vector<int> packed(const ConvolutionGeometry& g, int channels, int out_channels) {
  return {g.height,        g.width,        channels, g.out_height(), g.out_width(), out_channels,
          g.kernel_height, g.kernel_width, g.stride, g.pad_top,      g.pad_left};
}

[[noreturn]] void misfit() { throw std::invalid_argument("convolution: shapes do not fit"); }

void check(const ConvolutionGeometry& g) {
  const bool fits = g.height > 0 && g.width > 0 && g.kernel_height > 0 && g.kernel_width > 0 &&
                    g.stride > 0 && g.pad_top >= 0 && g.pad_bottom >= 0 && g.pad_left >= 0 &&
                    g.pad_right >= 0 && g.height + g.pad_top + g.pad_bottom >= g.kernel_height &&
                    g.width + g.pad_left + g.pad_right >= g.kernel_width;
  if (!fits) misfit();
}

// Images in so many rows of pixels.
int images_in(int rows, int height, int width) {
  if (rows % (height * width) != 0) misfit();
  return rows / (height * width);
}

}  // namespace

Expr make_convolution(Op op, const std::vector<int>& index, Expr a, Expr b) {
  const int in_pixels = index[0] * index[1], out_pixels = index[3] * index[4];
  int rows = index[6] * index[7] * index[2], columns = index[5];
  if (op == Op::convolution) rows = a.rows() / in_pixels * out_pixels;
  if (op == Op::convolution_back) {
    rows = a.rows() / out_pixels * in_pixels;
    columns = index[2];
  }
  if (is_constant(a.node(), 0) || is_constant(b.node(), 0))
    return filled(a.graph(), rows, columns, 0);
  Node node{op, rows, columns, {a.node(), b.node()}};
  node.index = index;
  return make_node(std::move(node));
}

Expr convolution(const ConvolutionGeometry& g, Expr x, Expr w) {
  check(g);
  images_in(x.rows(), g.height, g.width);
  if (w.rows() != g.kernel_height * g.kernel_width * x.columns()) misfit();
  return make_convolution(Op::convolution, packed(g, x.columns(), w.columns()), x, w);
}

Expr convolution_back(const ConvolutionGeometry& g, Expr y, Expr w) {
  check(g);
  images_in(y.rows(), g.out_height(), g.out_width());
  const int taps = g.kernel_height * g.kernel_width;
  if (w.columns() != y.columns() || w.rows() % taps != 0) misfit();
  return make_convolution(Op::convolution_back, packed(g, w.rows() / taps, y.columns()), y, w);
}

Expr convolution_weights(const ConvolutionGeometry& g, Expr x, Expr y) {
  check(g);
  if (images_in(x.rows(), g.height, g.width) != images_in(y.rows(), g.out_height(), g.out_width()))
    misfit();
  return make_convolution(Op::convolution_weights, packed(g, x.columns(), y.columns()), x, y);
}

}  // namespace pushforward
