// The adjoint of a convolution by its weights: patches, turned, times the adjoint of the result.
//
// The depth is the pixels of the result. A few rows of weights at a time, patches are gathered into
// the second-level cache, since columns of an image's own memory fall onto few lines of the first;
// a panel of adjoints stays in the first while tiles run over it.
#include "graph/kernels/patches.hpp"

namespace pushforward {
namespace PUSHFORWARD_ISA {
namespace {

// Of the stack, at most half a megabyte together.
constexpr std::size_t group_pixels = 192;
constexpr std::size_t group_rows = 192;
constexpr std::size_t patch_stride = 208;  // an odd number of cache lines: no two rows share all

template <class T, std::size_t vectors>
void weights_panel(Product<T> p, std::size_t rows, const T* adjoint, std::size_t adjoint_stride) {
  constexpr std::size_t across = vectors * width<T>;
  alignas(64) T panel[group_pixels * across];
  alignas(64) T start[across] = {};
  for (std::size_t d = 0; d < p.depth; ++d) {
    const T* from = adjoint + d * adjoint_stride;
    if (p.columns == across)
      for (std::size_t v = 0; v < vectors; ++v)
        store<T>(panel + d * across + v * width<T>, load<T>(from + v * width<T>));
    else
      for (std::size_t c = 0; c < across; ++c)
        panel[d * across + c] = c < p.columns ? from[c] : T(0);
  }
  p.panel = panel;
  p.start = start;
  even_product<T, vectors>(p, rows);
}

// The pieces of `count` pixels, side by side.
template <class T>
void gather_patches(const Pieces& pieces, const Block<T>& block, std::size_t piece_step,
                    std::size_t count, T* patches) {
  for (std::size_t n = 0; n < pieces.count; patches += pieces.length[n], ++n)
    for (std::size_t p = 0; p < count; ++p) {
      const T* from = block.from[n * piece_step + p];
      T* to = patches + p * patch_stride;
      std::size_t e = 0;
      for (; e + width<T> <= pieces.length[n]; e += width<T>) store<T>(to + e, load<T>(from + e));
      for (; e < pieces.length[n]; ++e) to[e] = from[e];
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
  const std::size_t step =
      at_most(pixels_of_block(g, run, at_most(whole, group_rows)), group_pixels);
  const std::size_t all = images * g.rows * g.columns;
  Block<T> block;
  for (std::size_t d = 0; d < panel_depth; ++d) block.zeros[d] = T(0);
  alignas(64) T patches[group_pixels * patch_stride];
  Pieces pieces;
  for (std::size_t first = 0; first < all; first += step) {
    const std::size_t count = at_most(step, all - first);
    for (std::size_t begin = 0; begin < whole; begin += group_rows) {
      const std::size_t rows = at_most(group_rows, whole - begin);
      find_pieces(g, run, begin, rows, &pieces);
      // Nothing is written through Block::to.
      find_rows<T>(g, pieces, run, first, count, in, in_stride, out, 0, {tile_rows, step}, &block);
      gather_patches<T>(pieces, block, step, count, patches);
      for (std::size_t j = 0; j < g.result_channels; j += across) {
        Product<T> p{};
        p.a = patches;
        p.row_stride = 1;
        p.inner_stride = patch_stride;
        p.depth = count;
        p.out = out + begin * g.result_channels + j;
        p.out_stride = g.result_channels;
        p.columns = at_most(across, g.result_channels - j);
        p.add = first > 0;
        const auto panel = p.columns > width<T> ? weights_panel<T, 2> : weights_panel<T, 1>;
        panel(p, rows, adjoint + first * adjoint_stride + j, adjoint_stride);
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
