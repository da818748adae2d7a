// Matrix products whose left rows are put together from pieces that lie anywhere, for kernel files.
//
// A convolution is the product of patches and weights; a patch is never copied, each of its pieces
// (the channels of a tap) is found through a pointer. Every element is one chain of multiply-adds
// over the pieces in order, so no tile, edge or register width shows in it.
#pragma once

#include "graph/kernels/tile.hpp"

namespace pushforward {
namespace PUSHFORWARD_ISA {
namespace {

// Rows [tiles x tile_rows] of pieces times a panel of weights.
template <class T>
struct IndirectProduct {
  const T* const* from;        // [tile, piece, tile_rows]: where each row's pieces begin
  T* const* to;                // [tile, tile_rows]: where each row's results go
  const std::size_t* lengths;  // [pieces]
  std::size_t pieces;
  const T* panel;               // [sum of lengths, vectors * width]
  std::size_t column, columns;  // the first of the results' columns, and how many are valid
  const T* start;  // [vectors * width]: what sums start from, or null: from the results
  bool relu;       // max(., 0) at the end
};

template <class T, std::size_t rows, std::size_t vectors, Tile kind>
void indirect_tile(const IndirectProduct<T>& p, const T* const* from, T* const* to) {
  constexpr std::size_t w = width<T>;
  Vector<T> sum[rows][vectors];
  for (std::size_t i = 0; i < rows; ++i)
    for (std::size_t v = 0; v < vectors; ++v) {
      const T* results = to[i] + p.column + v * w;
      if (kind == Tile::whole_next) {
        sum[i][v] = load<T>(results);
      } else if (kind == Tile::whole_first || p.start != nullptr) {
        sum[i][v] = load<T>(p.start + v * w);
      } else {
        sum[i][v] = Vector<T>{};
        for (std::size_t c = 0; c < valid_columns<T>(p.columns, v); ++c) sum[i][v][c] = results[c];
      }
    }
  const T* b = p.panel;
  for (std::size_t s = 0; s < p.pieces; ++s, from += tile_rows) {
    const T* a[rows];
    for (std::size_t i = 0; i < rows; ++i) a[i] = from[i];
    const std::size_t length = p.lengths[s];
    for (std::size_t d = 0; d < length; ++d, b += vectors * w) {
      Vector<T> right[vectors];
      for (std::size_t v = 0; v < vectors; ++v) right[v] = load<T>(b + v * w);
      for (std::size_t i = 0; i < rows; ++i) {
        const Vector<T> left = spread<T>(a[i][d]);
        for (std::size_t v = 0; v < vectors; ++v) sum[i][v] = left * right[v] + sum[i][v];
      }
    }
  }
  for (std::size_t i = 0; i < rows; ++i)
    for (std::size_t v = 0; v < vectors; ++v) {
      T* results = to[i] + p.column + v * w;
      const Vector<T> value = p.relu ? maximum<T>(T(0), sum[i][v]) : sum[i][v];
      if (kind != Tile::partial)
        store<T>(results, value);
      else
        for (std::size_t c = 0; c < valid_columns<T>(p.columns, v); ++c) results[c] = value[c];
    }
}

// The last rows, fewer than tile_rows.
template <class T, std::size_t vectors, Tile kind, std::size_t rows>
PUSHFORWARD_INLINE void indirect_edge(const IndirectProduct<T>& p, const T* const* from,
                                      T* const* to, std::size_t count) {
  if constexpr (rows > 0) {
    if (count == rows)
      indirect_tile<T, rows, vectors, kind>(p, from, to);
    else
      indirect_edge<T, vectors, kind, rows - 1>(p, from, to, count);
  }
}

template <class T, std::size_t vectors, Tile kind>
void indirect_tiles(const IndirectProduct<T>& p, std::size_t rows) {
  const T* const* from = p.from;
  T* const* to = p.to;
  for (; rows >= tile_rows; rows -= tile_rows) {
    indirect_tile<T, tile_rows, vectors, kind>(p, from, to);
    from += p.pieces * tile_rows;
    to += tile_rows;
  }
  indirect_edge<T, vectors, kind, tile_rows - 1>(p, from, to, rows);
}

template <class T, std::size_t vectors>
void indirect_panel(const IndirectProduct<T>& p, std::size_t rows) {
  if (p.columns < vectors * width<T>)
    indirect_tiles<T, vectors, Tile::partial>(p, rows);
  else if (p.start != nullptr)
    indirect_tiles<T, vectors, Tile::whole_first>(p, rows);
  else
    indirect_tiles<T, vectors, Tile::whole_next>(p, rows);
}

}  // namespace
}  // namespace PUSHFORWARD_ISA
}  // namespace pushforward
