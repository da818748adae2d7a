// The adjoint of a convolution by its weights: patches, turned, times the adjoint of the result.
//
// The depth is the pixels of the result. A panel of their adjoints stays in the first-level cache
// while tiles of weights, whose patches are found through pointers, run over it.
#include "graph/kernels/patches.hpp"

namespace pushforward {
namespace PUSHFORWARD_ISA {
namespace {

// Rows of weights times columns of a panel, over the panel's pixels.
template <class T>
struct WeightsTile {
  const T* const* from;  // [pixels]: where the numbers for the first row begin
  std::size_t pixels;
  const T* panel;  // [pixels, vectors * width]
  T* out;
  std::size_t out_stride, columns;
  bool add;  // continue from out
};

template <class T, std::size_t rows, std::size_t vectors>
void weights_tile(const WeightsTile<T>& p, std::size_t first) {
  constexpr std::size_t w = width<T>;
  const bool whole = p.columns == vectors * w;
  T* const out = p.out + first * p.out_stride;
  Vector<T> sum[rows][vectors];
  const auto valid = [&p](std::size_t v) {  // columns of vector v
    return p.columns <= v * w ? 0 : p.columns - v * w < w ? p.columns - v * w : w;
  };
  for (std::size_t i = 0; i < rows; ++i)
    for (std::size_t v = 0; v < vectors; ++v) {
      T start[w] = {};
      if (p.add)
        for (std::size_t c = 0; c < valid(v); ++c) start[c] = out[i * p.out_stride + v * w + c];
      sum[i][v] = load<T>(start);
    }
  const T* b = p.panel;
  for (std::size_t d = 0; d < p.pixels; ++d, b += vectors * w) {
    const T* a = p.from[d] + first;
    Vector<T> right[vectors];
    for (std::size_t v = 0; v < vectors; ++v) right[v] = load<T>(b + v * w);
    for (std::size_t i = 0; i < rows; ++i) {
      const Vector<T> left = spread<T>(a[i]);
      for (std::size_t v = 0; v < vectors; ++v) sum[i][v] = multiply_add(left, right[v], sum[i][v]);
    }
  }
  for (std::size_t i = 0; i < rows; ++i)
    for (std::size_t v = 0; v < vectors; ++v) {
      T* to = out + i * p.out_stride + v * w;
      if (whole)
        store<T>(to, sum[i][v]);
      else
        for (std::size_t c = 0; c < valid(v); ++c) to[c] = sum[i][v][c];
    }
}

template <class T, std::size_t vectors, std::size_t rows>
PUSHFORWARD_INLINE void weights_edge(const WeightsTile<T>& p, std::size_t first,
                                     std::size_t count) {
  if constexpr (rows > 0) {
    if (count == rows)
      weights_tile<T, rows, vectors>(p, first);
    else
      weights_edge<T, vectors, rows - 1>(p, first, count);
  }
}

// A piece of the patches, `length` rows. The last ones are shared out evenly, as thin tiles are
// slow.
template <class T, std::size_t vectors>
void weights_rows(const WeightsTile<T>& p, std::size_t length) {
  std::size_t first = 0;
  for (; length - first >= 2 * tile_rows; first += tile_rows)
    weights_tile<T, tile_rows, vectors>(p, first);
  if (length - first > tile_rows) {
    const std::size_t half = (length - first + 1) / 2;
    weights_edge<T, vectors, tile_rows>(p, first, half);
    first += half;
  }
  weights_edge<T, vectors, tile_rows>(p, first, length - first);
}

template <class T, std::size_t vectors>
void weights_panel(WeightsTile<T> p, const Pieces& pieces, const Block<T>& block,
                   std::size_t piece_step, const T* adjoint, std::size_t adjoint_stride) {
  constexpr std::size_t across = vectors * width<T>;
  alignas(64) T panel[panel_depth * across];
  for (std::size_t d = 0; d < p.pixels; ++d) {
    const T* from = adjoint + d * adjoint_stride;
    for (std::size_t c = 0; c < across; ++c) panel[d * across + c] = c < p.columns ? from[c] : T(0);
  }
  p.panel = panel;
  for (std::size_t n = 0; n < pieces.count; ++n) {
    p.from = block.from + n * piece_step;
    weights_rows<T, vectors>(p, pieces.length[n]);
    p.out += pieces.length[n] * p.out_stride;
  }
}

template <class T>
void convolution_weights(const ConvolutionShape& s, std::size_t images, const T* in,
                         std::size_t in_stride, const T* adjoint, std::size_t adjoint_stride,
                         T* out) {
  constexpr std::size_t across = tile_vectors * width<T>;
  const Grid g = convolution_grid(s, images);
  const std::size_t run = taps_of_run(g, in_stride);
  const std::size_t whole = g.taps_high * g.taps_wide * g.channels;
  const std::size_t chunk = at_most(whole, panel_depth);
  const std::size_t step = at_most(pixels_of_block(g, run, chunk), panel_depth);
  const std::size_t all = images * g.rows * g.columns;
  Block<T> block;
  for (std::size_t d = 0; d < panel_depth; ++d) block.zeros[d] = T(0);
  Pieces pieces;
  for (std::size_t first = 0; first < all; first += step) {
    const std::size_t count = at_most(step, all - first);
    for (std::size_t begin = 0; begin < whole; begin += chunk) {
      find_pieces(g, run, begin, at_most(chunk, whole - begin), &pieces);
      // Nothing is written through `to`.
      find_rows<T>(g, pieces, run, first, count, in, in_stride, out, 0, {tile_rows, step}, &block);
      for (std::size_t j = 0; j < g.result_channels; j += across) {
        WeightsTile<T> p{};
        p.pixels = count;
        p.out = out + begin * g.result_channels + j;
        p.out_stride = g.result_channels;
        p.columns = at_most(across, g.result_channels - j);
        p.add = first > 0;
        const auto panel = p.columns > width<T> ? weights_panel<T, 2> : weights_panel<T, 1>;
        panel(p, pieces, block, step, adjoint + first * adjoint_stride + j, adjoint_stride);
      }
    }
  }
}

}  // namespace

void add_convolution_weights_kernels(Kernels<float>* table) {
  table->convolution_weights = convolution_weights<float>;
}
void add_convolution_weights_kernels(Kernels<double>* table) {
  table->convolution_weights = convolution_weights<double>;
}

}  // namespace PUSHFORWARD_ISA
}  // namespace pushforward
