// Convolutions and their adjoint by the input, as indirect products (indirect.hpp).
//
// A block of result pixels stays in the second-level cache while panels of the weights, copied one
// after another into the first, run over it.
#include "graph/kernels/indirect.hpp"
#include "graph/kernels/kernels.hpp"

namespace pushforward {
namespace PUSHFORWARD_ISA {
namespace {

constexpr std::size_t table_size = 8192;      // pointers of a block
constexpr std::size_t block_pixels = 1020;    // at most; whole tiles of every instruction set
constexpr std::size_t block_bytes = 1 << 18;  // of a block's source, about: half of a small cache

// What makes one kind of result pixels. A convolution has one kind. Its adjoint has a kind for
// each residue of row and column modulo the stride, because different taps reach them: a kind's
// pixels and taps then lie on grids without holes.
struct Grid {
  std::size_t images;
  std::size_t source_height, source_width, channels;
  std::size_t result_height, result_width, result_channels;
  std::size_t rows, columns;                              // of the kind's pixels in an image
  std::size_t first_row, first_column, pixel_step;        // where they are in the result
  std::ptrdiff_t step;                                    // of source pixels, per pixel of the kind
  std::ptrdiff_t base_row, base_column;                   // the source pixel of pixel 0, tap 0
  std::ptrdiff_t tap_direction;                           // 1 or -1: of source pixels, per tap
  std::size_t taps_high, taps_wide;                       // that reach the kind
  std::size_t first_tap_row, first_tap_column, tap_step;  // where they are in the kernel
  std::size_t kernel_width;
};

// A piece of the depth: numbers [first, first + length) of a run of neighbouring taps.
struct Pieces {
  std::size_t count;
  std::size_t length[panel_depth];
  std::size_t first[panel_depth];
  std::ptrdiff_t row[panel_depth], column[panel_depth];  // of source pixels from the base
  std::size_t tap[panel_depth];                          // the first tap, as an index of weights
  std::ptrdiff_t low_row, high_row, low_column, high_column;
};

// Depth [begin, begin + depth) of the kind, a run being `run` taps of a kernel row.
void find_pieces(const Grid& g, std::size_t run, std::size_t begin, std::size_t depth,
                 Pieces* pieces) {
  const std::size_t run_length = run * g.channels;
  const std::size_t runs_wide = g.taps_wide / run;
  pieces->count = 0;
  for (std::size_t at = begin; at < begin + depth;) {
    const std::size_t index = at / run_length, first = at % run_length;
    const std::size_t left = begin + depth - at;
    const std::size_t i = index / runs_wide, j = index % runs_wide * run;
    const std::size_t n = pieces->count++;
    pieces->length[n] = run_length - first < left ? run_length - first : left;
    pieces->first[n] = first;
    pieces->row[n] = g.base_row + g.tap_direction * static_cast<std::ptrdiff_t>(i);
    pieces->column[n] = g.base_column + g.tap_direction * static_cast<std::ptrdiff_t>(j);
    pieces->tap[n] =
        (g.first_tap_row + i * g.tap_step) * g.kernel_width + g.first_tap_column + j * g.tap_step;
    at += pieces->length[n];
    const std::ptrdiff_t last = pieces->column[n] + static_cast<std::ptrdiff_t>(run) - 1;
    if (n == 0 || pieces->row[n] < pieces->low_row) pieces->low_row = pieces->row[n];
    if (n == 0 || pieces->row[n] > pieces->high_row) pieces->high_row = pieces->row[n];
    if (n == 0 || pieces->column[n] < pieces->low_column) pieces->low_column = pieces->column[n];
    if (n == 0 || last > pieces->high_column) pieces->high_column = last;
  }
}

// The pointers of a block of pixels.
template <class T>
struct Block {
  const T* from[table_size];  // as IndirectProduct has them
  T* to[block_pixels];
  T edges[table_size];   // runs that lie partly outside of the image, spelled out
  T zeros[panel_depth];  // for what lies outside
};

// Pixels [first, first + count) of the kind.
template <class T>
void find_rows(const Grid& g, const Pieces& pieces, std::size_t run, std::size_t first,
               std::size_t count, const T* in, std::size_t in_stride, T* out,
               std::size_t out_stride, Block<T>* block) {
  const std::size_t plane = g.rows * g.columns;
  std::size_t image = first / plane, y = first % plane / g.columns, x = first % g.columns;
  const std::ptrdiff_t height = static_cast<std::ptrdiff_t>(g.source_height);
  const std::ptrdiff_t width_of = static_cast<std::ptrdiff_t>(g.source_width);
  const std::ptrdiff_t stride = static_cast<std::ptrdiff_t>(in_stride);
  std::ptrdiff_t offset[panel_depth];
  for (std::size_t n = 0; n < pieces.count; ++n)
    offset[n] = (pieces.row[n] * width_of + pieces.column[n]) * stride +
                static_cast<std::ptrdiff_t>(pieces.first[n]);
  T* edge = block->edges;
  for (std::size_t p = 0; p < count; ++p) {
    const std::size_t at =
        (image * g.result_height + g.first_row + y * g.pixel_step) * g.result_width +
        g.first_column + x * g.pixel_step;
    block->to[p] = out + at * out_stride;
    const T** from = block->from + p / tile_rows * pieces.count * tile_rows + p % tile_rows;
    const std::ptrdiff_t row = static_cast<std::ptrdiff_t>(y) * g.step;
    const std::ptrdiff_t column = static_cast<std::ptrdiff_t>(x) * g.step;
    // Of a pixel that may lie outside of the image, and is then never read.
    const T* source =
        in + ((static_cast<std::ptrdiff_t>(image) * height + row) * width_of + column) * stride;
    const bool inside = row + pieces.low_row >= 0 && row + pieces.high_row < height &&
                        column + pieces.low_column >= 0 && column + pieces.high_column < width_of;
    if (inside) {
      for (std::size_t n = 0; n < pieces.count; ++n) from[n * tile_rows] = source + offset[n];
    } else {
      for (std::size_t n = 0; n < pieces.count; ++n) {
        const std::ptrdiff_t sy = row + pieces.row[n], sx = column + pieces.column[n];
        const std::ptrdiff_t end = sx + static_cast<std::ptrdiff_t>(run);
        if (sy < 0 || sy >= height || end <= 0 || sx >= width_of) {
          from[n * tile_rows] = block->zeros;
        } else if (sx >= 0 && end <= width_of) {
          from[n * tile_rows] = source + offset[n];
        } else {
          from[n * tile_rows] = edge;
          const T* line = source + offset[n];
          for (std::size_t e = 0; e < pieces.length[n]; ++e) {
            const std::ptrdiff_t tap =
                static_cast<std::ptrdiff_t>((pieces.first[n] + e) / g.channels);
            *edge++ = sx + tap >= 0 && sx + tap < width_of ? line[e] : T(0);
          }
        }
      }
    }
    if (++x == g.columns) {
      x = 0;
      if (++y == g.rows) {
        y = 0;
        ++image;
      }
    }
  }
}

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
          for (std::size_t c = 0; c < across; ++c) panel[c] = from[c];
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

std::size_t at_most(std::size_t value, std::size_t bound) { return value < bound ? value : bound; }

template <class T>
void grid_product(const Grid& g, const Packer<T>& packer, const T* in, std::size_t in_stride,
                  const T* bias, bool relu, T* out, std::size_t out_stride) {
  constexpr std::size_t across = tile_vectors * width<T>;
  // With few channels the taps of a kernel row are one run where they are neighbours in memory.
  const bool few = g.channels < 16 && g.tap_direction == 1 && in_stride == g.channels;
  const std::size_t run = few ? g.taps_wide : 1;
  const std::size_t whole = g.taps_high * g.taps_wide * g.channels;
  const std::size_t chunks = whole > 0 ? (whole + panel_depth - 1) / panel_depth : 1;
  const std::size_t chunk = (whole + chunks - 1) / chunks;
  // Of whole tiles, with a table and runs that fit, and the source in cache.
  const std::size_t most_pieces = at_most(chunk / (run * g.channels) + 2, chunk + 1);
  std::size_t pixels = at_most(block_pixels, table_size / (few ? chunk + 1 : most_pieces));
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
      find_rows<T>(g, pieces, run, first, count, in, in_stride, out, out_stride, &block);
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
  Grid g{};
  g.images = images;
  g.source_height = s.height;
  g.source_width = s.width;
  g.channels = s.channels;
  g.result_height = g.rows = s.out_height;
  g.result_width = g.columns = s.out_width;
  g.result_channels = s.out_channels;
  g.pixel_step = 1;
  g.step = static_cast<std::ptrdiff_t>(s.stride);
  g.base_row = -static_cast<std::ptrdiff_t>(s.pad_top);
  g.base_column = -static_cast<std::ptrdiff_t>(s.pad_left);
  g.tap_direction = 1;
  g.taps_high = s.kernel_height;
  g.taps_wide = g.kernel_width = s.kernel_width;
  g.tap_step = 1;
  const Packer<T> packer{weights, s.channels, s.out_channels, false};
  grid_product<T>(g, packer, in, in_stride, bias, relu, out, out_stride);
}

}  // namespace

void add_convolution_kernels(Kernels<float>* table) { table->convolution = convolution<float>; }
void add_convolution_kernels(Kernels<double>* table) { table->convolution = convolution<double>; }

}  // namespace PUSHFORWARD_ISA
}  // namespace pushforward
