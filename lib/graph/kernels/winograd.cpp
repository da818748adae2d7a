// Convolutions of 3 x 3 taps and stride 1 by the minimal algorithm F(2 x 2, 3 x 3) (Winograd 1980;
// Lavin and Gray 2016, equations 8 and 11): 16 products where taps one by one take 36.
//
// A result of 2 x 2 pixels, a tile, is A' [(G g G') . (B' d B)] A, d being the 4 x 4 pixels it
// looks at, g the taps, . element by element; over channels the 16 elements are 16 matrix products.
//   B' = 1  0 -1  0    G = 1    0    0    A' = 1 1  1  0
//        0  1  1  0        1/2  1/2  1/2       0 1 -1 -1
//        0 -1  1  0        1/2 -1/2  1/2
//        0  1  0 -1        0    0    1
// Transforms add, subtract and halve, products are chains of multiply-adds over rising channels (of
// the adjoint by weights: over rising tiles): no bit depends on blocks, registers or the other
// images. A block of tiles stays in the second-level cache between transforms and products.
#include "graph/kernels/kernels.hpp"
#include "graph/kernels/tile.hpp"

namespace pushforward {
namespace PUSHFORWARD_ISA {
namespace {

constexpr std::size_t elements = 16;
constexpr std::size_t max_tiles = 96;         // of a block; whole register tiles of every set
constexpr std::size_t block_numbers = 98304;  // of a block before and after products, about

template <class T>
constexpr std::size_t across = tile_vectors* width<T>;

// Elements lie a cache line more than whole pages apart, or all would fall onto few lines of the
// first-level cache.
constexpr std::size_t element_pad = 16;

constexpr std::size_t round_up(std::size_t n, std::size_t step) {
  return (n + step - 1) / step * step;
}

// From `channels` of source pixels to `out_channels` of result pixels.
struct WinogradShape {
  std::size_t height, width, channels;
  std::size_t out_height, out_width, out_channels;
  std::size_t pad_top, pad_left;

  [[nodiscard]] std::size_t tiles_wide() const { return (out_width + 1) / 2; }
  [[nodiscard]] std::size_t tiles() const { return (out_height + 1) / 2 * tiles_wide(); }
};

WinogradShape forward_shape(const ConvolutionShape& s) {
  return {s.height,    s.width,        s.channels, s.out_height,
          s.out_width, s.out_channels, s.pad_top,  s.pad_left};
}

// The adjoint by the input is a convolution of the adjoint by turned taps.
WinogradShape backward_shape(const ConvolutionShape& s) {
  return {s.out_height, s.out_width, s.out_channels, s.height,
          s.width,      s.channels,  2 - s.pad_top,  2 - s.pad_left};
}

// Memory: transformed taps (or their adjoints) [elements, taps_step], then a block's transformed
// source pixels [elements, source_step], then its products (or transformed adjoint) [elements,
// result_step].
template <class T>
struct Layout {
  std::size_t columns;  // out_channels, filled up to whole register tiles
  std::size_t tiles;    // of a block
  std::size_t taps_step, source_step, result_step;

  explicit Layout(const WinogradShape& s) : columns(round_up(s.out_channels, across<T>)) {
    tiles = block_numbers / elements / (s.channels + columns) / tile_rows * tile_rows;
    if (tiles > max_tiles) tiles = max_tiles;
    if (tiles < 2 * tile_rows) tiles = 2 * tile_rows;
    taps_step = s.channels * columns + element_pad;
    source_step = tiles * s.channels + element_pad;
    result_step = tiles * columns + element_pad;
  }
  [[nodiscard]] std::size_t source() const { return elements * taps_step; }
  [[nodiscard]] std::size_t result() const { return source() + elements * source_step; }
  [[nodiscard]] std::size_t size() const { return result() + elements * result_step; }
};

// The pixels that tile `tile` of `tiles()` of each image looks at, or writes.
struct TilePlace {
  std::size_t image, row, column;  // of its first result pixel
};

TilePlace place_of(const WinogradShape& s, std::size_t tile) {
  const std::size_t in_image = tile % s.tiles();
  return {tile / s.tiles(), in_image / s.tiles_wide() * 2, in_image % s.tiles_wide() * 2};
}

// y = B' x, one line or column of four.
template <class V>
PUSHFORWARD_INLINE void transform_source(V& a, V& b, V& c, V& d) {
  const V first = a - c, second = b + c, third = c - b, fourth = b - d;
  a = first;
  b = second;
  c = third;
  d = fourth;
}

// B' x B of the 4 x 4 that `pixel` gives, element by element to `put`.
template <class V, class Load, class Store>
PUSHFORWARD_INLINE void source_tile(const Load& pixel, const Store& put) {
  V x[4][4];
  for (std::size_t i = 0; i < 4; ++i) {
    for (std::size_t j = 0; j < 4; ++j) x[i][j] = pixel(i, j);
    transform_source(x[i][0], x[i][1], x[i][2], x[i][3]);
  }
  for (std::size_t j = 0; j < 4; ++j) {
    transform_source(x[0][j], x[1][j], x[2][j], x[3][j]);
    for (std::size_t i = 0; i < 4; ++i) put(i * 4 + j, x[i][j]);
  }
}

// Source pixels of tiles [first, first + count), transformed: out [count, channels] of an element,
// elements `step` apart.
template <class T>
void transform_sources(const WinogradShape& s, const T* in, std::size_t first, std::size_t count,
                       std::size_t step, T* out) {
  const std::size_t channels = s.channels;
  static const T zeros[width<T>] = {};
  for (std::size_t t = 0; t < count; ++t, out += channels) {
    const TilePlace at = place_of(s, first + t);
    const T* from[4][4];
    std::size_t stride[4][4];  // of what lies outside of the image, 0
    for (std::size_t i = 0; i < 4; ++i)
      for (std::size_t j = 0; j < 4; ++j) {
        const std::size_t row = at.row + i, column = at.column + j;
        const bool inside = row >= s.pad_top && row < s.height + s.pad_top &&
                            column >= s.pad_left && column < s.width + s.pad_left;
        stride[i][j] = inside ? 1 : 0;
        from[i][j] =
            inside
                ? in + ((at.image * s.height + row - s.pad_top) * s.width + column - s.pad_left) *
                           channels
                : zeros;
      }
    std::size_t c = 0;
    for (; c + width<T> <= channels; c += width<T>)
      source_tile<Vector<T>>(
          [&](std::size_t i, std::size_t j) { return load<T>(from[i][j] + c * stride[i][j]); },
          [&](std::size_t e, Vector<T> v) { store<T>(out + e * step + c, v); });
    for (; c < channels; ++c)
      source_tile<T>([&](std::size_t i, std::size_t j) { return from[i][j][c * stride[i][j]]; },
                     [&](std::size_t e, T v) { out[e * step + c] = v; });
  }
}

// Products of tiles [first, first + count), laid out as `layout` says, to result pixels.
template <class T>
void transform_results(const WinogradShape& s, const Layout<T>& layout, const T* products,
                       std::size_t first, std::size_t count, const T* bias, T* out) {
  const std::size_t channels = s.out_channels, columns = layout.columns, step = layout.result_step;
  for (std::size_t t = 0; t < count; ++t, products += columns) {
    const TilePlace at = place_of(s, first + t);
    const bool low = at.row + 1 < s.out_height, right = at.column + 1 < s.out_width;
    T* const to = out + ((at.image * s.out_height + at.row) * s.out_width + at.column) * channels;
    T* const pixels[2][2] = {{to, to + channels},
                             {to + s.out_width * channels, to + (s.out_width + 1) * channels}};
    for (std::size_t c = 0; c < channels; c += width<T>) {
      Vector<T> half[2][4];  // A' x
      for (std::size_t j = 0; j < 4; ++j) {
        const T* x = products + j * step + c;
        const Vector<T> a = load<T>(x), b = load<T>(x + 4 * step), d = load<T>(x + 8 * step);
        half[0][j] = a + b + d;
        half[1][j] = b - d - load<T>(x + 12 * step);
      }
      const std::size_t valid = channels - c < width<T> ? channels - c : width<T>;
      Vector<T> start{};
      if (bias != nullptr) {
        if (valid == width<T>)
          start = load<T>(bias + c);
        else
          for (std::size_t k = 0; k < valid; ++k) start[k] = bias[c + k];
      }
      for (std::size_t i = 0; i < (low ? 2 : 1); ++i) {
        const Vector<T>* x = half[i];
        const Vector<T> pair[2] = {start + (x[0] + x[1] + x[2]), start + (x[1] - x[2] - x[3])};
        for (std::size_t j = 0; j < (right ? 2 : 1); ++j) {
          if (valid == width<T>)
            store<T>(pixels[i][j] + c, pair[j]);
          else
            for (std::size_t k = 0; k < valid; ++k) pixels[i][j][c + k] = pair[j][k];
        }
      }
    }
  }
}

// y = G x and its transpose, x = G' y.
template <class T>
PUSHFORWARD_INLINE void transform_taps(T a, T b, T c, T* y, std::size_t step) {
  const T outer = a + c;
  y[0] = a;
  y[step] = T(0.5) * (outer + b);
  y[2 * step] = T(0.5) * (outer - b);
  y[3 * step] = c;
}
template <class T>
PUSHFORWARD_INLINE void gather_taps(const T* y, std::size_t step, T* x, std::size_t x_step) {
  const T sum = T(0.5) * (y[step] + y[2 * step]);
  x[0] = y[0] + sum;
  x[x_step] = T(0.5) * (y[step] - y[2 * step]);
  x[2 * x_step] = sum + y[3 * step];
}

// Weights to panels [columns / across, channels, across] of an element. Turned ones are
// [taps, out_channels, channels], the last tap first.
template <class T>
void transform_weights(const WinogradShape& s, const Layout<T>& layout, const T* weights,
                       bool turned, T* panels) {
  const std::size_t step = layout.taps_step;
  for (std::size_t j = 0; j < layout.columns; j += across<T>)
    for (std::size_t c = 0; c < s.channels; ++c, panels += across<T>) {
      T taps[9][across<T>];
      for (std::size_t tap = 0; tap < 9; ++tap)
        for (std::size_t k = 0; k < across<T>; ++k) {
          const std::size_t column = j + k;
          if (column >= s.out_channels)
            taps[tap][k] = T(0);
          else if (turned)
            taps[8 - tap][k] = weights[(tap * s.out_channels + column) * s.channels + c];
          else
            taps[tap][k] = weights[(tap * s.channels + c) * s.out_channels + column];
        }
      T half[12][across<T>];  // lines of 3 to lines of 4
      for (std::size_t i = 0; i < 3; ++i)
        for (std::size_t k = 0; k < across<T>; ++k)
          transform_taps<T>(taps[3 * i][k], taps[3 * i + 1][k], taps[3 * i + 2][k], half[4 * i] + k,
                            across<T>);
      for (std::size_t i = 0; i < 4; ++i)
        for (std::size_t k = 0; k < across<T>; ++k)
          transform_taps<T>(half[i][k], half[4 + i][k], half[8 + i][k], panels + i * step + k,
                            4 * step);
    }
}

template <class T>
void winograd_product(const WinogradShape& s, std::size_t images, const T* in, const T* weights,
                      bool turned, const T* bias, T* out, T* scratch) {
  const Layout<T> layout(s);
  T* const panels = scratch;
  T* const source = scratch + layout.source();
  T* const products = scratch + layout.result();
  transform_weights<T>(s, layout, weights, turned, panels);
  alignas(64) const T start[across<T>] = {};
  const std::size_t all = images * s.tiles();
  for (std::size_t first = 0; first < all; first += layout.tiles) {
    const std::size_t count = all - first < layout.tiles ? all - first : layout.tiles;
    transform_sources<T>(s, in, first, count, layout.source_step, source);
    for (std::size_t e = 0; e < elements; ++e)
      for (std::size_t j = 0; j < layout.columns; j += across<T>)
        for (std::size_t c = 0; c < s.channels; c += panel_depth) {
          Product<T> p{};
          p.a = source + e * layout.source_step + c;
          p.row_stride = s.channels;
          p.inner_stride = 1;
          p.panel = panels + e * layout.taps_step + j * s.channels + c * across<T>;
          p.depth = s.channels - c < panel_depth ? s.channels - c : panel_depth;
          p.out = products + e * layout.result_step + j;
          p.out_stride = layout.columns;
          p.columns = across<T>;
          p.add = c > 0;
          p.start = start;
          even_product<T, tile_vectors>(p, count);
        }
    transform_results<T>(s, layout, products, first, count, bias, out);
  }
}

template <class T>
void winograd(const ConvolutionShape& s, std::size_t images, const T* in, const T* weights,
              const T* bias, T* out, T* scratch) {
  winograd_product<T>(forward_shape(s), images, in, weights, false, bias, out, scratch);
}

template <class T>
void winograd_back(const ConvolutionShape& s, std::size_t images, const T* adjoint,
                   const T* weights, const T* bias, T* out, T* scratch) {
  winograd_product<T>(backward_shape(s), images, adjoint, weights, true, bias, out, scratch);
}

// Adjoints of the results of tiles [first, first + count), A y A', as panels
// [columns / across, count, across] of an element.
template <class T>
void transform_adjoints(const WinogradShape& s, const Layout<T>& layout, const T* adjoint,
                        std::size_t first, std::size_t count, T* panels) {
  const std::size_t channels = s.out_channels, step = layout.result_step;
  for (std::size_t t = 0; t < count; ++t) {
    const TilePlace at = place_of(s, first + t);
    const T* const from =
        adjoint + ((at.image * s.out_height + at.row) * s.out_width + at.column) * channels;
    for (std::size_t c = 0; c < layout.columns; c += width<T>) {
      const std::size_t valid = channels <= c             ? 0
                                : channels - c < width<T> ? channels - c
                                                          : width<T>;
      Vector<T> y[2][2];
      for (std::size_t i = 0; i < 2; ++i)
        for (std::size_t j = 0; j < 2; ++j) {
          y[i][j] = Vector<T>{};
          if (at.row + i >= s.out_height || at.column + j >= s.out_width) continue;
          const T* pixel = from + (i * s.out_width + j) * channels + c;
          if (valid == width<T>)
            y[i][j] = load<T>(pixel);
          else
            for (std::size_t k = 0; k < valid; ++k) y[i][j][k] = pixel[k];
        }
      const Vector<T> half[4][2] = {{y[0][0], y[0][1]},
                                    {y[0][0] + y[1][0], y[0][1] + y[1][1]},
                                    {y[0][0] - y[1][0], y[0][1] - y[1][1]},
                                    {-y[1][0], -y[1][1]}};
      T* to = panels + (c / across<T> * count + t) * across<T> + c % across<T>;
      for (std::size_t i = 0; i < 4; ++i, to += 4 * step) {
        store<T>(to, half[i][0]);
        store<T>(to + step, half[i][0] + half[i][1]);
        store<T>(to + 2 * step, half[i][0] - half[i][1]);
        store<T>(to + 3 * step, -half[i][1]);
      }
    }
  }
}

// Adjoints of transformed weights, [channels, columns] of an element, to those of the weights,
// G' p G.
template <class T>
void transform_sums(const WinogradShape& s, const Layout<T>& layout, const T* sums, T* out) {
  const std::size_t columns = layout.columns, step = layout.taps_step;
  const std::size_t tap = s.channels * s.out_channels;
  for (std::size_t c = 0; c < s.channels; ++c)
    for (std::size_t k = 0; k < s.out_channels; ++k) {
      T half[12];  // [3, 4]
      for (std::size_t j = 0; j < 4; ++j)
        gather_taps<T>(sums + j * step + c * columns + k, 4 * step, half + j, 4);
      T* to = out + c * s.out_channels + k;
      for (std::size_t i = 0; i < 3; ++i) gather_taps<T>(half + 4 * i, 1, to + 3 * i * tap, tap);
    }
}

template <class T>
void winograd_weights(const ConvolutionShape& shape, std::size_t images, const T* in,
                      const T* adjoint, T* out, T* scratch) {
  const WinogradShape s = forward_shape(shape);
  const Layout<T> layout(s);
  T* const sums = scratch;
  T* const source = scratch + layout.source();
  T* const panels = scratch + layout.result();
  alignas(64) const T start[across<T>] = {};
  const std::size_t all = images * s.tiles();
  for (std::size_t first = 0; first < all; first += layout.tiles) {
    const std::size_t count = all - first < layout.tiles ? all - first : layout.tiles;
    transform_sources<T>(s, in, first, count, layout.source_step, source);
    transform_adjoints<T>(s, layout, adjoint, first, count, panels);
    for (std::size_t e = 0; e < elements; ++e)
      for (std::size_t j = 0; j < layout.columns; j += across<T>) {
        Product<T> p{};
        p.a = source + e * layout.source_step;
        p.row_stride = 1;
        p.inner_stride = s.channels;
        p.panel = panels + e * layout.result_step + j * count;
        p.depth = count;
        p.out = sums + e * layout.taps_step + j;
        p.out_stride = layout.columns;
        p.columns = across<T>;
        p.add = first > 0;
        p.start = start;
        even_product<T, tile_vectors>(p, s.channels);
      }
  }
  transform_sums<T>(s, layout, sums, out);
}

template <class T>
std::size_t winograd_scratch(const ConvolutionShape& s, bool back) {
  return Layout<T>(back ? backward_shape(s) : forward_shape(s)).size();
}

}  // namespace

void add_winograd_kernels(Kernels<float>* table) {
  table->winograd_scratch = winograd_scratch<float>;
  table->winograd = winograd<float>;
  table->winograd_back = winograd_back<float>;
  table->winograd_weights = winograd_weights<float>;
}
void add_winograd_kernels(Kernels<double>*) {}  // taps one by one, which rounds less

}  // namespace PUSHFORWARD_ISA
}  // namespace pushforward
