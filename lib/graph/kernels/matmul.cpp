// Matrix products for lanes: tens to hundreds of rows, everything in the second-level cache.
//
// A panel of b is copied once into the first-level cache, then register tiles run down the rows.
// Every element is one chain of multiply-adds over rising p, whatever the tile, the edge or the
// register width: libraries promise nothing of the kind, and it is what makes a row's result
// independent of its neighbours and of the processor.
#include "graph/kernels/kernels.hpp"
#include "graph/kernels/tile.hpp"

namespace pushforward {
namespace PUSHFORWARD_ISA {
namespace {

// All rows times one panel.
template <class T, std::size_t vectors, Tile kind>
void tiles(Product<T> p, std::size_t m) {
  for (; m >= tile_rows; m -= tile_rows) {
    tile<T, tile_rows, vectors, kind>(p);
    p.a += tile_rows * p.row_stride;
    p.out += tile_rows * p.out_stride;
  }
  edge<T, vectors, kind, tile_rows - 1>(p, m);
}

// The rows of a panel that exist: in each of `groups` blocks of the inner extent, rows
// [begin[c], end[c]) of column c. begin is null where everything exists.
struct Ranges {
  std::size_t groups, block;
  const int *begin, *end;
  std::size_t low, high, full_low, full_high;  // some column has, all columns have

  Ranges(std::size_t k, std::size_t group_count, const int* first, const int* last,
         std::size_t columns)
      : groups(group_count),
        block(k / group_count),
        begin(first),
        end(last),
        low(0),
        high(block),
        full_low(0),
        full_high(block) {
    if (begin == nullptr) return;
    low = block;
    high = 0;
    for (std::size_t c = 0; c < columns; ++c) {
      const std::size_t from = static_cast<std::size_t>(begin[c]);
      const std::size_t to = static_cast<std::size_t>(end[c]);
      if (from < low) low = from;
      if (to > high) high = to;
      if (from > full_low) full_low = from;
      if (to < full_high) full_high = to;
    }
    if (high < low) high = low;
  }
};

// Rows [first, first + depth) of a block, b being its first row, into the panel.
template <class T, std::size_t across>
void pack(const T* b, std::size_t n, std::size_t columns, const Ranges& ranges, std::size_t first,
          std::size_t depth, T* panel) {
  for (std::size_t d = first; d < first + depth; ++d, panel += across) {
    const T* from = b + d * n;
    const bool full = d >= ranges.full_low && d < ranges.full_high;
    if (full && columns == across) {
      for (std::size_t c = 0; c < across; ++c) panel[c] = from[c];
    } else if (full) {
      for (std::size_t c = 0; c < across; ++c) panel[c] = c < columns ? from[c] : T(0);
    } else {
      const int at = static_cast<int>(d);
      for (std::size_t c = 0; c < across; ++c)
        panel[c] = c < columns && at >= ranges.begin[c] && at < ranges.end[c] ? from[c] : T(0);
    }
  }
}

template <class T, std::size_t vectors>
void panel_product(std::size_t m, const T* a, std::size_t row_stride, std::size_t inner_stride,
                   const T* b, std::size_t n, std::size_t columns, const T* bias,
                   const Ranges& ranges, T* out) {
  constexpr std::size_t across = vectors * width<T>;
  alignas(64) T panel[panel_depth * across];
  alignas(64) T start[across];
  for (std::size_t c = 0; c < across; ++c)
    start[c] = bias != nullptr && c < columns ? bias[c] : T(0);
  bool written = false;
  for (std::size_t group = 0; group < ranges.groups; ++group) {
    const std::size_t origin = group * ranges.block;
    std::size_t first = ranges.low;
    do {  // once even where nothing exists: the bias is written
      const std::size_t left = ranges.high - first;
      const std::size_t depth = left < panel_depth ? left : panel_depth;
      pack<T, across>(b + origin * n, n, columns, ranges, first, depth, panel);
      const Product<T> p{a + (origin + first) * inner_stride,
                         row_stride,
                         inner_stride,
                         panel,
                         depth,
                         out,
                         n,
                         columns,
                         written,
                         start};
      if (columns < across)
        tiles<T, vectors, Tile::partial>(p, m);
      else if (!written)
        tiles<T, vectors, Tile::whole_first>(p, m);
      else
        tiles<T, vectors, Tile::whole_next>(p, m);
      written = true;
      first += depth;
    } while (first < ranges.high);
  }
}

// Products with a short side, where tiles would be mostly padding. Each keeps the chain of
// multiply-adds over rising p, but for rows_times_few.

// k <= 2: a sum of one or two outer products.
template <class T>
void outer_product(std::size_t m, std::size_t n, std::size_t k, const T* a, std::size_t row_stride,
                   std::size_t inner_stride, const T* b, const T* bias, T* out) {
  if (n == 2 &&
      k == 2) {  // planar data and a rotation: loops over two columns cost more than they do
    const T b00 = b[0], b01 = b[1], b10 = b[2], b11 = b[3];
    const T c0 = bias != nullptr ? bias[0] : T(0), c1 = bias != nullptr ? bias[1] : T(0);
    for (std::size_t i = 0; i < m; ++i) {
      const T first = a[i * row_stride], second = a[i * row_stride + inner_stride];
      out[2 * i] = second * b10 + (first * b00 + c0);
      out[2 * i + 1] = second * b11 + (first * b01 + c1);
    }
    return;
  }
  for (std::size_t i = 0; i < m; ++i, out += n) {
    const T first = a[i * row_stride];
    const T second = k > 1 ? a[i * row_stride + inner_stride] : T(0);
    for (std::size_t j = 0; j < n; ++j) {
      T sum = first * b[j] + (bias != nullptr ? bias[j] : T(0));
      if (k > 1) sum = second * b[n + j] + sum;
      out[j] = sum;
    }
  }
}

// out(f, j) = bias + sum over p of few(f, p) wide[p, j] for one or two f, written at
// f * few_step + j * wide_step. bias(f, j) stands at the same steps, or is null.
template <class T, std::size_t count>
void few_times_wide(std::size_t columns, std::size_t k, const T* few, std::size_t few_stride,
                    std::size_t few_inner, const T* wide, std::size_t wide_stride, const T* bias,
                    std::size_t bias_few_step, std::size_t bias_wide_step, T* out,
                    std::size_t few_step, std::size_t wide_step) {
  constexpr std::size_t vectors = 4, w = width<T>, across = vectors * w;
  for (std::size_t j = 0; j < columns; j += across) {
    const std::size_t valid = columns - j < across ? columns - j : across;
    Vector<T> sum[count][vectors];
    T start[across];
    for (std::size_t f = 0; f < count; ++f) {
      for (std::size_t c = 0; c < across; ++c)
        start[c] = bias != nullptr && c < valid ? bias[f * bias_few_step + (j + c) * bias_wide_step]
                                                : T(0);
      for (std::size_t v = 0; v < vectors; ++v) sum[f][v] = load<T>(start + v * w);
    }
    for (std::size_t p = 0; p < k; ++p) {
      const T* row = wide + p * wide_stride + j;
      T padded[across];
      if (valid < across) {
        for (std::size_t c = 0; c < across; ++c) padded[c] = c < valid ? row[c] : T(0);
        row = padded;
      }
      Vector<T> right[vectors];
      for (std::size_t v = 0; v < vectors; ++v) right[v] = load<T>(row + v * w);
      for (std::size_t f = 0; f < count; ++f) {
        const Vector<T> left = spread<T>(few[f * few_stride + p * few_inner]);
        for (std::size_t v = 0; v < vectors; ++v) sum[f][v] = left * right[v] + sum[f][v];
      }
    }
    for (std::size_t f = 0; f < count; ++f) {
      for (std::size_t v = 0; v < vectors; ++v) store<T>(start + v * w, sum[f][v]);
      for (std::size_t c = 0; c < valid; ++c) out[f * few_step + (j + c) * wide_step] = start[c];
    }
  }
}

// n <= 2, rows of a contiguous: dot products, from k = 16 on in 16 interleaved partial sums added
// as a tree.
template <class T>
void rows_times_few(std::size_t m, std::size_t n, std::size_t k, const T* a, std::size_t row_stride,
                    const T* b, const T* bias, T* out) {
  constexpr std::size_t parts = 16, w = width<T>;
  T column[2][panel_depth];
  for (std::size_t first = 0; first < k; first += panel_depth) {
    const std::size_t depth = k - first < panel_depth ? k - first : panel_depth;
    for (std::size_t j = 0; j < n; ++j)
      for (std::size_t p = 0; p < depth; ++p) column[j][p] = b[(first + p) * n + j];
    for (std::size_t i = 0; i < m; ++i)
      for (std::size_t j = 0; j < n; ++j) {
        const T* row = a + i * row_stride + first;
        if (k < parts) {
          T sum = bias != nullptr ? bias[j] : T(0);
          for (std::size_t p = 0; p < k; ++p) sum = row[p] * column[j][p] + sum;
          out[i * n + j] = sum;
          continue;
        }
        Vector<T> sum[parts / w] = {};
        std::size_t p = 0;
        for (; p + parts <= depth; p += parts)
          for (std::size_t v = 0; v < parts / w; ++v)
            sum[v] = load<T>(row + p + v * w) * load<T>(column[j] + p + v * w) + sum[v];
        T part[parts];
        for (std::size_t v = 0; v < parts / w; ++v) store<T>(part + v * w, sum[v]);
        for (std::size_t c = 0; p < depth; ++p, ++c) part[c] = row[p] * column[j][p] + part[c];
        for (std::size_t distance = parts / 2; distance > 0; distance /= 2)
          for (std::size_t c = 0; c < distance; ++c) part[c] += part[c + distance];
        const T before = first > 0 ? out[i * n + j] : bias != nullptr ? bias[j] : T(0);
        out[i * n + j] = before + part[0];
      }
  }
}

template <class T>
void matmul(std::size_t m, std::size_t n, std::size_t k, const T* a, std::size_t row_stride,
            std::size_t inner_stride, const T* b, const T* bias, T* out) {
  constexpr std::size_t across = tile_vectors * width<T>;
  // Which way a product goes is decided by n and k alone where m is the number of rows.
  if (k == 1 || k == 2) {
    outer_product<T>(m, n, k, a, row_stride, inner_stride, b, bias, out);
    return;
  }
  if (n <= 2 && inner_stride == 1) {
    rows_times_few<T>(m, n, k, a, row_stride, b, bias, out);
    return;
  }
  if (n <= 2 && row_stride == 1) {
    const auto product = n == 1 ? few_times_wide<T, 1> : few_times_wide<T, 2>;
    product(m, k, b, 1, n, a, inner_stride, bias, 1, 0, out, 1, n);
    return;
  }
  if (m <= 2) {
    const auto product = m == 1 ? few_times_wide<T, 1> : few_times_wide<T, 2>;
    product(n, k, a, row_stride, inner_stride, b, n, bias, 0, 1, out, n, 1);
    return;
  }
  for (std::size_t j = 0; j < n; j += across) {
    const std::size_t columns = n - j < across ? n - j : across;
    const T* panel_bias = bias != nullptr ? bias + j : nullptr;
    const Ranges whole(k, 1, nullptr, nullptr, columns);
    const auto product = columns > width<T> ? panel_product<T, 2> : panel_product<T, 1>;
    product(m, a, row_stride, inner_stride, b + j, n, columns, panel_bias, whole, out + j);
  }
}

template <class T>
void masked_matmul(std::size_t m, std::size_t n, std::size_t k, const T* a, const T* b,
                   const T* bias, std::size_t groups, const int* begin, const int* end, T* out) {
  constexpr std::size_t across = tile_vectors * width<T>;
  for (std::size_t j = 0; j < n; j += across) {
    const std::size_t columns = n - j < across ? n - j : across;
    const T* panel_bias = bias != nullptr ? bias + j : nullptr;
    const Ranges ranges(k, groups, begin + j, end + j, columns);
    const auto product = columns > width<T> ? panel_product<T, 2> : panel_product<T, 1>;
    product(m, a, k, 1, b + j, n, columns, panel_bias, ranges, out + j);
  }
}

template <class T>
void masked_outer(std::size_t m, std::size_t n, std::size_t k, const T* a, const T* b,
                  std::size_t groups, const int* end, T* out) {
  constexpr std::size_t across = tile_vectors * width<T>;
  for (std::size_t j = 0; j < n; j += across) {
    const std::size_t columns = n - j < across ? n - j : across;
    int most = end[j];
    for (std::size_t c = 1; c < columns; ++c) most = end[j + c] > most ? end[j + c] : most;
    const Ranges whole(k, 1, nullptr, nullptr, columns);
    const auto product = columns > width<T> ? panel_product<T, 2> : panel_product<T, 1>;
    product(static_cast<std::size_t>(most), a, 1, m, b + j, n, columns, nullptr, whole, out + j);
  }
  // The zeros: in every row, a group's first columns, the more the lower the row.
  const std::size_t size = n / groups;
  for (std::size_t i = 0, first = 0; i < m; ++i) {
    while (first < size && end[first] <= static_cast<int>(i)) ++first;
    for (std::size_t g = 0; g < groups; ++g)
      for (std::size_t j = 0; j < first; ++j) out[i * n + g * size + j] = T(0);
  }
}

template <class T>
void inverse_lower(std::size_t n, const T* a, T* out) {
  constexpr std::size_t block = 64;
  for (std::size_t i = 0; i < n; ++i) {
    // Row i of the inverse: (e_i - sum over p < i of a(i, p) row p) / a(i, i), a block of columns
    // at a time; row p has nothing beyond column p.
    const double reciprocal = 1 / static_cast<double>(a[i * n + i]);
    for (std::size_t first = 0; first < n; first += block) {
      const std::size_t columns = n - first < block ? n - first : block;
      double sum[block] = {};
      if (i >= first && i < first + columns) sum[i - first] = 1;
      for (std::size_t p = first; p < i; ++p) {
        const double factor = static_cast<double>(a[i * n + p]);
        for (std::size_t c = 0; c < columns; ++c)
          sum[c] -= factor * static_cast<double>(out[p * n + first + c]);
      }
      for (std::size_t c = 0; c < columns; ++c)
        out[i * n + first + c] = static_cast<T>(sum[c] * reciprocal);
    }
  }
}

template <class T>
void transpose(std::size_t rows, std::size_t columns, const T* x, T* out) {
  constexpr std::size_t block = 8;
  std::size_t r = 0;
  for (; r + block <= rows; r += block)
    for (std::size_t c = 0; c < columns; ++c)
      for (std::size_t i = 0; i < block; ++i) out[c * rows + r + i] = x[(r + i) * columns + c];
  for (; r < rows; ++r)
    for (std::size_t c = 0; c < columns; ++c) out[c * rows + r] = x[r * columns + c];
}

}  // namespace

void add_matmul_kernels(Kernels<float>* table) {
  table->matmul = matmul<float>;
  table->masked_matmul = masked_matmul<float>;
  table->masked_outer = masked_outer<float>;
  table->inverse_lower = inverse_lower<float>;
  table->transpose = transpose<float>;
}
void add_matmul_kernels(Kernels<double>* table) {
  table->matmul = matmul<double>;
  table->masked_matmul = masked_matmul<double>;
  table->masked_outer = masked_outer<double>;
  table->inverse_lower = inverse_lower<double>;
  table->transpose = transpose<double>;
}

}  // namespace PUSHFORWARD_ISA
}  // namespace pushforward
