// Convolutions and their adjoint by the input, as indirect products (indirect.hpp).
//
// A block of result pixels stays in the second-level cache while panels of the weights, copied one
// after another into the first, run over it.
#include "graph/kernels/patches.hpp"

namespace pushforward {
namespace PUSHFORWARD_ISA {
namespace {

constexpr std::size_t block_bytes = 1 << 19;  // of a block's source, about: a small cache

// Columns [column, column + columns) of the weights of some pieces, as a panel.
template <class T>
struct Packer {
  const T* weights;
  std::size_t channels, result_channels;
  bool transposed;  // weights are [taps * result_channels, channels]

  template <std::size_t across>
  void pack(const Pieces& pieces, std::size_t column, std::size_t columns, T* panel) const {
    for (std::size_t n = 0; n < pieces.count; ++n) {
      const std::size_t length = pieces.length[n];
      if (transposed) {
        const T* from =
            weights + (pieces.tap[n] * result_channels + column) * channels + pieces.first[n];
        for (std::size_t d = 0; d < length; ++d, panel += across)
          for (std::size_t c = 0; c < across; ++c)
            panel[c] = c < columns ? from[c * channels + d] : T(0);
        continue;
      }
      const T* from =
          weights + (pieces.tap[n] * channels + pieces.first[n]) * result_channels + column;
      for (std::size_t d = 0; d < length; ++d, panel += across, from += result_channels) {
        if (columns == across)
          for (std::size_t c = 0; c < across; c += width<T>) store<T>(panel + c, load<T>(from + c));
        else
          for (std::size_t c = 0; c < across; ++c) panel[c] = c < columns ? from[c] : T(0);
      }
    }
  }
};

// One panel over the block's pixels.
template <class T, std::size_t vectors>
void panel_over_block(IndirectProduct<T> p, const Packer<T>& packer, const Pieces& pieces,
                      const T* bias, bool first, std::size_t pixels) {
  constexpr std::size_t across = vectors * width<T>;
  alignas(64) T panel[panel_depth * across];
  alignas(64) T start[across];
  for (std::size_t c = 0; c < across; ++c)
    start[c] = bias != nullptr && c < p.columns ? bias[p.column + c] : T(0);
  packer.template pack<across>(pieces, p.column, p.columns, panel);
  p.panel = panel;
  p.start = first ? start : nullptr;
  indirect_panel<T, vectors>(p, pixels);
}

template <class T>
void grid_product(const Grid& g, const Packer<T>& packer, const T* in, std::size_t in_stride,
                  const T* bias, bool relu, T* out, std::size_t out_stride) {
  constexpr std::size_t across = tile_vectors * width<T>;
  const std::size_t run = taps_of_run(g, in_stride);
  const std::size_t whole = g.taps_high * g.taps_wide * g.channels;
  const std::size_t chunks = whole > 0 ? (whole + panel_depth - 1) / panel_depth : 1;
  const std::size_t chunk = (whole + chunks - 1) / chunks;
  // Whole tiles, their source in cache.
  std::size_t pixels = pixels_of_block(g, run, chunk);
  pixels = at_most(pixels, block_bytes / sizeof(T) / at_most(g.channels, panel_depth));
  pixels = pixels < tile_rows ? tile_rows : pixels / tile_rows * tile_rows;
  const std::size_t all = g.images * g.rows * g.columns;
  Block<T> block;
  for (std::size_t d = 0; d < panel_depth; ++d) block.zeros[d] = T(0);
  Pieces pieces;
  for (std::size_t first = 0; first < all; first += pixels) {
    const std::size_t count = at_most(pixels, all - first);
    std::size_t begin = 0;
    do {  // once even where no tap reaches: the bias is written
      const std::size_t depth = at_most(chunk, whole - begin);
      find_pieces(g, run, begin, depth, &pieces);
      find_rows<T>(g, pieces, run, first, count, in, in_stride, out, out_stride,
                   {pieces.count * tile_rows, tile_rows}, &block);
      const bool last = begin + depth == whole;
      for (std::size_t j = 0; j < g.result_channels; j += across) {
        const std::size_t columns = at_most(across, g.result_channels - j);
        const IndirectProduct<T> p{block.from, block.to, pieces.length, pieces.count, nullptr,
                                   j,          columns,  nullptr,       relu && last};
        const auto product = columns > width<T> ? panel_over_block<T, 2> : panel_over_block<T, 1>;
        product(p, packer, pieces, bias, begin == 0, count);
      }
      begin += depth;
    } while (begin < whole);
  }
}

template <class T>
void convolution(const ConvolutionShape& s, std::size_t images, const T* in, std::size_t in_stride,
                 const T* weights, const T* bias, bool relu, T* out, std::size_t out_stride) {
  const Packer<T> packer{weights, s.channels, s.out_channels, false};
  grid_product<T>(convolution_grid(s, images), packer, in, in_stride, bias, relu, out, out_stride);
}

// The pixels of the image whose row is `row` and whose column is `column` modulo the stride, and
// the taps that reach them.
Grid adjoint_grid(const ConvolutionShape& s, std::size_t images, std::size_t row,
                  std::size_t column) {
  const auto whole = [&s](std::size_t n) { return (n + s.stride - 1) / s.stride; };
  Grid g{};
  g.images = images;
  g.source_height = s.out_height;
  g.source_width = s.out_width;
  g.channels = s.out_channels;
  g.result_height = s.height;
  g.result_width = s.width;
  g.result_channels = s.channels;
  g.rows = whole(s.height - row);
  g.columns = whole(s.width - column);
  g.first_row = row;
  g.first_column = column;
  g.pixel_step = s.stride;
  g.step = 1;
  g.tap_direction = -1;
  g.first_tap_row = (row + s.pad_top) % s.stride;
  g.first_tap_column = (column + s.pad_left) % s.stride;
  g.tap_step = s.stride;
  g.base_row = static_cast<std::ptrdiff_t>((row + s.pad_top) / s.stride);
  g.base_column = static_cast<std::ptrdiff_t>((column + s.pad_left) / s.stride);
  if (g.first_tap_row < s.kernel_height) g.taps_high = whole(s.kernel_height - g.first_tap_row);
  if (g.first_tap_column < s.kernel_width) g.taps_wide = whole(s.kernel_width - g.first_tap_column);
  g.kernel_width = s.kernel_width;
  return g;
}

template <class T>
void convolution_back(const ConvolutionShape& s, std::size_t images, const T* adjoint,
                      std::size_t adjoint_stride, const T* weights, const T* bias, T* out,
                      std::size_t out_stride) {
  const Packer<T> packer{weights, s.out_channels, s.channels, true};
  for (std::size_t row = 0; row < at_most(s.stride, s.height); ++row)
    for (std::size_t column = 0; column < at_most(s.stride, s.width); ++column)
      grid_product<T>(adjoint_grid(s, images, row, column), packer, adjoint, adjoint_stride, bias,
                      false, out, out_stride);
}

template <class T>
void fill_table(Kernels<T>* table) {
  table->convolution = convolution<T>;
  table->convolution_back = convolution_back<T>;
}

}  // namespace

void add_convolution_kernels(Kernels<float>* table) { fill_table<float>(table); }
void add_convolution_kernels(Kernels<double>* table) { fill_table<double>(table); }

}  // namespace PUSHFORWARD_ISA
}  // namespace pushforward
