#include "graph/convolution.hpp"

#include <algorithm>
#include <stdexcept>

#include "graph/operator.hpp"

namespace pushforward {
namespace {

const ConvolutionShape& shape_of(const Node* node) { return node->get<ConvolutionShape>(); }

Expr make_convolution(const ConvolutionShape& s, Expr x, Expr w);
Expr make_convolution_back(const ConvolutionShape& s, Expr y, Expr w);
Expr make_convolution_weights(const ConvolutionShape& s, Expr x, Expr y);

// Whether Winograd's algorithm saves more than its transforms cost, measured: with few channels it
// does not, nor where many of the pixels it computes lie outside of the result. Not a question of
// how many images there are, as a row's bits are to be free of the others.
bool saves_products(const ConvolutionShape& s, std::size_t height, std::size_t width) {
  constexpr std::size_t min_channels = 8, min_product = 512;
  if (s.kernel_height != 3 || s.kernel_width != 3 || s.stride != 1) return false;
  if (s.pad_top > 2 || s.pad_left > 2) return false;
  if (std::min(s.channels, s.out_channels) < min_channels) return false;
  if (s.channels * s.out_channels < min_product) return false;
  const std::size_t computed = (height + 1) / 2 * ((width + 1) / 2) * 4;
  return 3 * height * width >= 2 * computed;
}

enum class Direction { onward, back };

// Scratch memory and shape of the step of a node, all but how it runs; returns how many images
// there are.
template <class T>
std::size_t begin_step(const Node& node, Direction direction, Step<T>* step) {
  const ConvolutionShape& s = shape_of(&node);
  const bool back = direction == Direction::back;
  const auto scratch = kernels<T>().winograd_scratch;
  if (scratch != nullptr &&
      saves_products(s, back ? s.height : s.out_height, back ? s.width : s.out_width))
    step->scratch_size = scratch(s, back);
  const std::size_t pixels = back ? s.out_height * s.out_width : s.height * s.width;
  const std::size_t images = extent(node.inputs[0]->rows) / pixels;
  const auto extents = [](std::size_t m, std::size_t n) {
    return std::to_string(m) + "x" + std::to_string(n);
  };
  step->shape = std::to_string(images) + " of " + extents(s.height, s.width) + ", " +
                extents(s.channels, s.out_channels) + " channels, kernel " +
                extents(s.kernel_height, s.kernel_width);
  return images;
}

const Operator convolution_operator = {
    "convolution",
    [](const Node* node, Expr g, const Send& send) {
      const ConvolutionShape& s = shape_of(node);
      send_both(send, {make_convolution_back(s, g, node->in(1)),
                       make_convolution_weights(s, node->in(0), g)});
    },
    [](const Node* node, const Tangents& t) {
      return bilinear_tangent(
          node, t, [node](Expr x, Expr w) { return make_convolution(shape_of(node), x, w); });
    },
    [](const Node& node, auto* step) {
      const ConvolutionShape s = shape_of(&node);
      const std::size_t images = begin_step(node, Direction::onward, step);
      step->run = [s, images](const auto& kernel, const auto& at) {
        if (at.scratch() != nullptr && kernel.winograd != nullptr)
          kernel.winograd(s, images, at.in(0), at.in(1), at.bias(), at.out(), at.scratch());
        else
          kernel.convolution(s, images, at.in(0), s.channels, at.in(1), at.bias(), false, at.out(),
                             s.out_channels);
      };
    },
    Operator::takes_bias | Operator::needs_workspace};

const Operator convolution_back_operator = {
    "convolution_back",
    [](const Node* node, Expr g, const Send& send) {
      const ConvolutionShape& s = shape_of(node);
      send_both(send,
                {make_convolution(s, g, node->in(1)), make_convolution_weights(s, g, node->in(0))});
    },
    [](const Node* node, const Tangents& t) {
      return bilinear_tangent(
          node, t, [node](Expr y, Expr w) { return make_convolution_back(shape_of(node), y, w); });
    },
    [](const Node& node, auto* step) {
      const ConvolutionShape s = shape_of(&node);
      const std::size_t images = begin_step(node, Direction::back, step);
      step->run = [s, images](const auto& kernel, const auto& at) {
        if (at.scratch() != nullptr && kernel.winograd != nullptr)
          kernel.winograd_back(s, images, at.in(0), at.in(1), at.bias(), at.out(), at.scratch());
        else
          kernel.convolution_back(s, images, at.in(0), s.out_channels, at.in(1), at.bias(),
                                  at.out(), s.channels);
      };
    },
    Operator::takes_bias | Operator::needs_workspace};

const Operator convolution_weights_operator = {
    "convolution_weights",
    [](const Node* node, Expr g, const Send& send) {
      const ConvolutionShape& s = shape_of(node);
      send_both(send,
                {make_convolution_back(s, node->in(1), g), make_convolution(s, node->in(0), g)});
    },
    [](const Node* node, const Tangents& t) {
      return bilinear_tangent(node, t, [node](Expr x, Expr y) {
        return make_convolution_weights(shape_of(node), x, y);
      });
    },
    [](const Node& node, auto* step) {
      const ConvolutionShape s = shape_of(&node);
      const std::size_t images = begin_step(node, Direction::onward, step);
      step->run = [s, images](const auto& kernel, const auto& at) {
        if (at.scratch() != nullptr && kernel.winograd != nullptr)
          kernel.winograd_weights(s, images, at.in(0), at.in(1), at.out(), at.scratch());
        else
          kernel.convolution_weights(s, images, at.in(0), s.channels, at.in(1), s.out_channels,
                                     at.out());
      };
    },
    Operator::needs_workspace};

Expr make(const Operator& op, const ConvolutionShape& s, std::size_t rows, std::size_t columns,
          Expr a, Expr b) {
  const int m = static_cast<int>(rows), n = static_cast<int>(columns);
  if (is_constant(a.node(), 0) || is_constant(b.node(), 0)) return filled(a.graph(), m, n, 0);
  return make_node({&op, m, n, {a.node(), b.node()}, s});
}

Expr make_convolution(const ConvolutionShape& s, Expr x, Expr w) {
  const std::size_t images = extent(x.rows()) / (s.height * s.width);
  return make(convolution_operator, s, images * s.out_height * s.out_width, s.out_channels, x, w);
}
Expr make_convolution_back(const ConvolutionShape& s, Expr y, Expr w) {
  const std::size_t images = extent(y.rows()) / (s.out_height * s.out_width);
  return make(convolution_back_operator, s, images * s.height * s.width, s.channels, y, w);
}
Expr make_convolution_weights(const ConvolutionShape& s, Expr x, Expr y) {
  const std::size_t rows = s.kernel_height * s.kernel_width * s.channels;
  return make(convolution_weights_operator, s, rows, s.out_channels, x, y);
}

[[noreturn]] void misfit() { throw std::invalid_argument("convolution: shapes do not fit"); }

void check(const ConvolutionGeometry& g) {
  const bool fits = g.height > 0 && g.width > 0 && g.kernel_height > 0 && g.kernel_width > 0 &&
                    g.stride > 0 && g.pad_top >= 0 && g.pad_bottom >= 0 && g.pad_left >= 0 &&
                    g.pad_right >= 0 && g.height + g.pad_top + g.pad_bottom >= g.kernel_height &&
                    g.width + g.pad_left + g.pad_right >= g.kernel_width;
  if (!fits) misfit();
}

ConvolutionShape shape(const ConvolutionGeometry& g, int channels, int out_channels) {
  return {extent(g.height),        extent(g.width),        extent(channels),
          extent(g.out_height()),  extent(g.out_width()),  extent(out_channels),
          extent(g.kernel_height), extent(g.kernel_width), extent(g.stride),
          extent(g.pad_top),       extent(g.pad_left)};
}

// Images in so many rows of pixels.
int images_in(int rows, int height, int width) {
  if (rows % (height * width) != 0) misfit();
  return rows / (height * width);
}

}  // namespace

Expr convolution(const ConvolutionGeometry& g, Expr x, Expr w) {
  check(g);
  images_in(x.rows(), g.height, g.width);
  if (w.rows() != g.kernel_height * g.kernel_width * x.columns()) misfit();
  return make_convolution(shape(g, x.columns(), w.columns()), x, w);
}

Expr convolution_back(const ConvolutionGeometry& g, Expr y, Expr w) {
  check(g);
  images_in(y.rows(), g.out_height(), g.out_width());
  const int taps = g.kernel_height * g.kernel_width;
  if (w.columns() != y.columns() || w.rows() % taps != 0) misfit();
  return make_convolution_back(shape(g, w.rows() / taps, y.columns()), y, w);
}

Expr convolution_weights(const ConvolutionGeometry& g, Expr x, Expr y) {
  check(g);
  if (images_in(x.rows(), g.height, g.width) != images_in(y.rows(), g.out_height(), g.out_width()))
    misfit();
  return make_convolution_weights(shape(g, x.columns(), y.columns()), x, y);
}

}  // namespace pushforward
