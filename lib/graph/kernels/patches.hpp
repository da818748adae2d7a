// Where the pieces of the patches of a convolution lie, for kernel files.
#pragma once

#include "graph/kernels/indirect.hpp"
#include "graph/kernels/kernels.hpp"

namespace pushforward {
namespace PUSHFORWARD_ISA {
namespace {

constexpr std::size_t table_size = 8192;    // pointers of a block
constexpr std::size_t block_pixels = 1020;  // at most; whole tiles of every instruction set

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
  pieces->low_row = pieces->high_row = pieces->low_column = pieces->high_column = 0;
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
  const T* from[table_size];
  T* to[block_pixels];
  T edges[table_size];   // runs that lie partly outside of the image, spelled out
  T zeros[panel_depth];  // for what lies outside
};

// How Block::from is laid out: by tiles, as IndirectProduct has it, or by pieces.
struct Layout {
  std::size_t tile_step, piece_step;
};

// Where the pieces of pixels [first, first + count) of the kind lie, and where their results go.
template <class T>
void find_rows(const Grid& g, const Pieces& pieces, std::size_t run, std::size_t first,
               std::size_t count, const T* in, std::size_t in_stride, T* out,
               std::size_t out_stride, Layout layout, Block<T>* block) {
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
    const T** from = block->from + p / tile_rows * layout.tile_step + p % tile_rows;
    const std::ptrdiff_t row = static_cast<std::ptrdiff_t>(y) * g.step;
    const std::ptrdiff_t column = static_cast<std::ptrdiff_t>(x) * g.step;
    // Of a pixel that may lie outside of the image, and is then never read.
    const T* source =
        in + ((static_cast<std::ptrdiff_t>(image) * height + row) * width_of + column) * stride;
    const bool inside = row + pieces.low_row >= 0 && row + pieces.high_row < height &&
                        column + pieces.low_column >= 0 && column + pieces.high_column < width_of;
    if (inside) {
      for (std::size_t n = 0; n < pieces.count; ++n)
        from[n * layout.piece_step] = source + offset[n];
    } else {
      for (std::size_t n = 0; n < pieces.count; ++n) {
        const std::ptrdiff_t sy = row + pieces.row[n], sx = column + pieces.column[n];
        const std::ptrdiff_t end = sx + static_cast<std::ptrdiff_t>(run);
        if (sy < 0 || sy >= height || end <= 0 || sx >= width_of) {
          from[n * layout.piece_step] = block->zeros;
        } else if (sx >= 0 && end <= width_of) {
          from[n * layout.piece_step] = source + offset[n];
        } else {
          from[n * layout.piece_step] = edge;
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

std::size_t at_most(std::size_t value, std::size_t bound) { return value < bound ? value : bound; }

// How many neighbouring taps make a piece. With few channels the taps of a kernel row do, where
// they are neighbours in memory.
std::size_t taps_of_run(const Grid& g, std::size_t in_stride) {
  return g.channels < 16 && g.tap_direction == 1 && in_stride == g.channels ? g.taps_wide : 1;
}

// Pixels whose pieces of a depth of `depth` fit into a Block.
std::size_t pixels_of_block(const Grid& g, std::size_t run, std::size_t depth) {
  const std::size_t pieces = at_most(depth / (run * g.channels) + 2, depth + 1);
  return at_most(block_pixels, table_size / (run > 1 ? depth + 1 : pieces));
}

// The pixels and taps of a convolution.
Grid convolution_grid(const ConvolutionShape& s, std::size_t images) {
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
  return g;
}

}  // namespace
}  // namespace PUSHFORWARD_ISA
}  // namespace pushforward
