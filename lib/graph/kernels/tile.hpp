// Register tiles of matrix products, for kernel files.
//
// Every element is one chain of multiply-adds over the depth, whatever the tile, the edge or the
// register width.
#pragma once

#include "base/kernels/simd.hpp"

namespace pushforward {
namespace PUSHFORWARD_ISA {
namespace {

constexpr std::size_t panel_depth = 256;
#if defined(__AVX512F__)
constexpr std::size_t tile_rows = 12;
#elif defined(__AVX2__)
constexpr std::size_t tile_rows = 6;
#else
constexpr std::size_t tile_rows = 4;
#endif
constexpr std::size_t tile_vectors = 2;

// What is known of a tile when it is compiled; the sums of whole ones never leave the registers.
enum class Tile { whole_first, whole_next, partial };

// Of a tile's columns, those of vector v that are valid.
template <class T>
PUSHFORWARD_INLINE std::size_t valid_columns(std::size_t columns, std::size_t v) {
  constexpr std::size_t w = width<T>;
  return columns <= v * w ? 0 : columns - v * w < w ? columns - v * w : w;
}

// Some rows times a panel: out(i, j) = start or out + sum over d of a(i, d) panel(d, j).
template <class T>
struct Product {
  const T* a;
  std::size_t row_stride, inner_stride;
  const T* panel;  // [depth, vectors * width]
  std::size_t depth;
  T* out;
  std::size_t out_stride;
  std::size_t columns;  // valid ones of the tile
  bool add;             // continue from out
  const T* start;       // [vectors * width] bias to start from when not add
};

template <class T, std::size_t rows, std::size_t vectors, Tile kind>
void tile(const Product<T>& p) {
  constexpr std::size_t w = width<T>;
  Vector<T> sum[rows][vectors];
  for (std::size_t i = 0; i < rows; ++i)
    for (std::size_t v = 0; v < vectors; ++v) {
      sum[i][v] =
          load<T>(kind == Tile::whole_next ? p.out + i * p.out_stride + v * w : p.start + v * w);
      if (kind == Tile::partial && p.add)
        for (std::size_t c = 0; c < valid_columns<T>(p.columns, v); ++c)
          sum[i][v][c] = p.out[i * p.out_stride + v * w + c];
    }
  const T* a = p.a;
  const T* b = p.panel;
  for (std::size_t d = 0; d < p.depth; ++d, a += p.inner_stride, b += vectors * w) {
    Vector<T> right[vectors];
    for (std::size_t v = 0; v < vectors; ++v) right[v] = load<T>(b + v * w);
    for (std::size_t i = 0; i < rows; ++i) {
      const Vector<T> left = spread<T>(a[i * p.row_stride]);
      for (std::size_t v = 0; v < vectors; ++v) sum[i][v] = left * right[v] + sum[i][v];
    }
  }
  for (std::size_t i = 0; i < rows; ++i)
    for (std::size_t v = 0; v < vectors; ++v) {
      T* to = p.out + i * p.out_stride + v * w;
      if (kind != Tile::partial)
        store<T>(to, sum[i][v]);
      else
        for (std::size_t c = 0; c < valid_columns<T>(p.columns, v); ++c) to[c] = sum[i][v][c];
    }
}

// The last rows, fewer than tile_rows.
template <class T, std::size_t vectors, Tile kind, std::size_t rows>
PUSHFORWARD_INLINE void edge(const Product<T>& p, std::size_t count) {
  if constexpr (rows > 0) {
    if (count == rows)
      tile<T, rows, vectors, kind>(p);
    else
      edge<T, vectors, kind, rows - 1>(p, count);
  }
}

// All rows times one panel, those of the last two tiles shared out evenly, as thin tiles are slow.
template <class T, std::size_t vectors, Tile kind>
void even_tiles(Product<T> p, std::size_t count) {
  const auto rows = [&p](std::size_t taken) {
    edge<T, vectors, kind, tile_rows>(p, taken);
    p.a += taken * p.row_stride;
    p.out += taken * p.out_stride;
  };
  for (; count >= 2 * tile_rows; count -= tile_rows) rows(tile_rows);
  if (count > tile_rows) {
    rows((count + 1) / 2);
    count /= 2;
  }
  rows(count);
}

// The same for any panel of `vectors` registers, whole or partial, at its first depth or a later.
template <class T, std::size_t vectors>
void even_product(const Product<T>& p, std::size_t count) {
  if (p.columns < vectors * width<T>)
    even_tiles<T, vectors, Tile::partial>(p, count);
  else if (p.add)
    even_tiles<T, vectors, Tile::whole_next>(p, count);
  else
    even_tiles<T, vectors, Tile::whole_first>(p, count);
}

}  // namespace
}  // namespace PUSHFORWARD_ISA
}  // namespace pushforward
