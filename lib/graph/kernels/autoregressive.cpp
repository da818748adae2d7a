// Incremental evaluation of masked networks: the value of one input after another, each unit
// computed once, when the last input it depends on is known. All D steps together cost one pass.
//
// Rows of data stand side by side: a block holds `across` rows, a unit of a block is `across`
// numbers in a row, so that a unit of all rows is made by vector arithmetic. Steps are taken in
// panels: what a panel's units take from units before it is one matrix product over the tile's
// blocks; what they take from one another is added step by step. Sums run in the order of the
// ordinary masked product, so both give the same bits.
#include "base/kernels/simd.hpp"
#include "graph/kernels/kernels.hpp"
#include "graph/kernels/spline.hpp"

namespace pushforward {
namespace PUSHFORWARD_ISA {
namespace {

template <class T>
constexpr std::size_t across = 2 * width<T>;
constexpr std::size_t tile_blocks = 4;
template <class T>
constexpr std::size_t tile_rows = tile_blocks* across<T>;  // 2 x 512 units of them stay in cache
#if defined(__AVX512F__)
constexpr std::size_t tile_units = 12;
#else
constexpr std::size_t tile_units = 6;
#endif

// out[r] += sum over d of a[r, d] b[d] for `units` rows of weights, `stride` apart; b is
// block-wise, out as well, but for rows that are `out_stride` apart.
template <class T, std::size_t units>
void add_products(std::size_t depth, const T* a, std::size_t stride, const T* b, T* out,
                  std::size_t out_stride) {
  constexpr std::size_t w = width<T>;
  Vector<T> sum[units][2];
  for (std::size_t r = 0; r < units; ++r)
    for (std::size_t v = 0; v < 2; ++v) sum[r][v] = load<T>(out + r * out_stride + v * w);
  for (std::size_t d = 0; d < depth; ++d) {
    const Vector<T> left = load<T>(b + d * across<T>), right = load<T>(b + d * across<T> + w);
    for (std::size_t r = 0; r < units; ++r) {
      const Vector<T> weight = spread<T>(a[r * stride + d]);
      sum[r][0] = weight * left + sum[r][0];
      sum[r][1] = weight * right + sum[r][1];
    }
  }
  for (std::size_t r = 0; r < units; ++r)
    for (std::size_t v = 0; v < 2; ++v) store<T>(out + r * out_stride + v * w, sum[r][v]);
}

template <class T, std::size_t units>
PUSHFORWARD_INLINE void last_products(std::size_t count, std::size_t depth, const T* a,
                                      std::size_t stride, const T* b, T* out,
                                      std::size_t out_stride) {
  if constexpr (units > 0) {
    if (count == units)
      add_products<T, units>(depth, a, stride, b, out, out_stride);
    else
      last_products<T, units - 1>(count, depth, a, stride, b, out, out_stride);
  }
}

template <class T>
void multiply_add(std::size_t count, std::size_t depth, const T* a, std::size_t stride, const T* b,
                  T* out, std::size_t out_stride = across<T>) {
  if (depth == 0) return;
  for (; count >= tile_units; count -= tile_units) {
    add_products<T, tile_units>(depth, a, stride, b, out, out_stride);
    a += tile_units * stride;
    out += tile_units * out_stride;
  }
  last_products<T, tile_units - 1>(count, depth, a, stride, b, out, out_stride);
}

// Units [first, end) of a degree: those of degrees [from, to).
struct Units {
  std::size_t first, end;
};

Units units_between(const AutoregressiveShape& s, std::size_t from, std::size_t to) {
  Units u{0, 0};
  while (u.first < s.hidden && static_cast<std::size_t>(s.degree[u.first]) < from) ++u.first;
  u.end = u.first;
  while (u.end < s.hidden && static_cast<std::size_t>(s.degree[u.end]) < to) ++u.end;
  return u;
}

// Degrees of a panel: the fewer, the less is added step by step; the more, the larger the products.
std::size_t panel_degrees(const AutoregressiveShape& s) { return s.inputs < 128 ? 8 : 16; }

std::size_t max_panel_units(const AutoregressiveShape& s) {
  std::size_t most = 0;
  const std::size_t panel = panel_degrees(s);
  for (std::size_t from = 0; from < s.inputs; from += panel) {
    const Units u = units_between(s, from, from + panel);
    most = u.end - u.first > most ? u.end - u.first : most;
  }
  return most;
}

// A tile's buffers. Everything is [block][unit][across].
template <class T>
struct Tile {
  T* sources;  // source_groups x inputs units
  T* values;   // layers x hidden units: what the next layer reads
  T* sums;     // layers x panel units, in the making; afterwards what skips read
  T* targets;  // panel degrees x target_groups units, in the making
  std::size_t source_units, panel_units, target_units;

  Tile(const AutoregressiveShape& s, T* scratch)
      : source_units(s.source_groups * s.inputs),
        panel_units(max_panel_units(s)),
        target_units(s.target_groups * panel_degrees(s)) {
    sources = scratch;
    values = sources + tile_rows<T> * source_units;
    sums = values + tile_rows<T> * s.layers * s.hidden;
    targets = sums + tile_rows<T> * s.layers * panel_units;
  }
  static std::size_t size(const AutoregressiveShape& s) {
    return tile_rows<T> * (s.source_groups * s.inputs + s.layers * (s.hidden + max_panel_units(s)) +
                           s.target_groups * panel_degrees(s));
  }
  [[nodiscard]] T* source(std::size_t block, std::size_t unit) const {
    return sources + (block * source_units + unit) * across<T>;
  }
  [[nodiscard]] T* value(const AutoregressiveShape& s, std::size_t layer, std::size_t block,
                         std::size_t unit) const {
    return values + ((layer * tile_blocks + block) * s.hidden + unit) * across<T>;
  }
  [[nodiscard]] T* sum(std::size_t layer, std::size_t block, std::size_t panel_unit) const {
    return sums + ((layer * tile_blocks + block) * panel_units + panel_unit) * across<T>;
  }
  [[nodiscard]] T* target(std::size_t block, std::size_t unit) const {
    return targets + (block * target_units + unit) * across<T>;
  }
};

// Runs all steps of a tile of `blocks` blocks. The policy says what a sum starts from, how a unit's
// value comes of its sum, and how a step's targets give the step's sources.
template <class T, class Policy>
void sweep(const AutoregressiveShape& s, const T* const* weights, std::size_t blocks,
           const Tile<T>& tile, const Policy& policy) {
  const std::size_t panel = panel_degrees(s), source_width = s.source_groups * s.inputs;
  const T* last = weights[s.layers];
  const std::size_t last_width = s.layers > 0 ? s.hidden : source_width;
  const auto from_sources = [&](std::size_t block, std::size_t first, std::size_t end,
                                std::size_t count, const T* rows, std::size_t stride, T* out,
                                std::size_t out_stride) {
    for (std::size_t g = 0; g < s.source_groups; ++g)
      multiply_add(count, end - first, rows + g * s.inputs + first, stride,
                   tile.source(block, g * s.inputs + first), out, out_stride);
  };
  const std::size_t step_stride = s.target_groups * across<T>;  // between targets of two steps
  for (std::size_t s0 = 0; s0 < s.inputs; s0 += panel) {
    const std::size_t s1 = s0 + panel < s.inputs ? s0 + panel : s.inputs;
    const Units in_panel = units_between(s, s0, s1);
    const std::size_t u0 = in_panel.first, count = in_panel.end - u0;
    for (std::size_t layer = 0; layer < s.layers; ++layer)
      for (std::size_t b = 0; b < blocks; ++b) {
        policy.start(layer, b, u0, count, tile.sum(layer, b, 0), across<T>);
        if (layer == 0)
          from_sources(b, 0, s0, count, weights[0] + u0 * source_width, source_width,
                       tile.sum(0, b, 0), across<T>);
        else
          multiply_add(count, u0, weights[layer] + u0 * s.hidden, s.hidden,
                       tile.value(s, layer - 1, b, 0), tile.sum(layer, b, 0));
      }
    for (std::size_t b = 0; b < blocks; ++b)
      for (std::size_t g = 0; g < s.target_groups; ++g) {
        T* out = tile.target(b, g);
        policy.start(s.layers, b, g * s.inputs + s0, s1 - s0, out, step_stride);
        const T* rows = last + (g * s.inputs + s0) * last_width;
        if (s.layers > 0)
          multiply_add(s1 - s0, u0, rows, s.hidden, tile.value(s, s.layers - 1, b, 0), out,
                       step_stride);
        else
          from_sources(b, 0, s0, s1 - s0, rows, last_width, out, step_stride);
      }
    Units now{u0, u0};
    for (std::size_t step = s0; step < s1; ++step) {
      now.first = now.end;
      while (now.end < in_panel.end && static_cast<std::size_t>(s.degree[now.end]) == step)
        ++now.end;
      const std::size_t units = now.end - now.first;
      for (std::size_t b = 0; b < blocks; ++b) {
        for (std::size_t layer = 0; layer < s.layers && units > 0; ++layer) {
          T* out = tile.sum(layer, b, now.first - u0);
          if (layer == 0)
            from_sources(b, s0, step, units, weights[0] + now.first * source_width, source_width,
                         out, across<T>);
          else
            multiply_add(units, now.end - u0, weights[layer] + now.first * s.hidden + u0, s.hidden,
                         tile.value(s, layer - 1, b, u0), out);
          policy.finish(layer, b, now.first, units, tile.sum(layer, b, now.first - u0),
                        layer > 1 ? tile.sum(layer - 2, b, now.first - u0) : nullptr,
                        tile.value(s, layer, b, now.first));
        }
        T* out = tile.target(b, (step - s0) * s.target_groups);
        const T* rows = last + step * last_width;  // one a group
        if (s.layers > 0)
          multiply_add(s.target_groups, now.end - u0, rows + u0, s.inputs * s.hidden,
                       tile.value(s, s.layers - 1, b, u0), out);
        else
          from_sources(b, s0, step, s.target_groups, rows, s.inputs * last_width, out, across<T>);
        policy.transform(b, step, out, tile.source(b, step));
      }
    }
  }
}

// Columns [first, first + count) of `across` rows of a row-major matrix, transposed into units that
// are `stride` apart.
// Rows beyond the last repeat it.
template <class T>
void read_units(const T* x, std::size_t columns, std::size_t rows, std::size_t first,
                std::size_t count, T* out, std::size_t stride) {
  for (std::size_t r = 0; r < across<T>; ++r) {
    const T* row = x + (r < rows ? r : rows - 1) * columns + first;
    for (std::size_t u = 0; u < count; ++u) out[u * stride + r] = row[u];
  }
}

template <class T>
void start_from(const T* bias, std::size_t count, T* out, std::size_t stride) {
  for (std::size_t u = 0; u < count; ++u)
    for (std::size_t c = 0; c < across<T>; ++c) out[u * stride + c] = bias[u];
}

// The network's own direction: sources are the inputs, found from z and the network's outputs.
template <class T>
struct Solve {
  const AutoregressiveShape& s;
  const AutoregressiveMap<T>& map;
  const T *z, *offset;        // rows of the tile
  std::size_t offset_stride;  // 0: one row for all
  const T* const* biases;     // of layers 1 ... and the outputs
  std::size_t rows;           // of the tile
  T* out;                     // [rows, inputs + 1]

  void start(std::size_t layer, std::size_t b, std::size_t first, std::size_t count, T* sums,
             std::size_t stride) const {
    const std::size_t row = b * across<T>;
    if (layer > 0)
      start_from(biases[layer - 1] + first, count, sums, stride);
    else if (offset_stride == 0)
      start_from(offset + first, count, sums, stride);
    else
      read_units(offset + row * offset_stride, offset_stride, rows - row, first, count, sums,
                 stride);
  }

  void finish(std::size_t layer, std::size_t, std::size_t, std::size_t count, T* sums,
              const T* before, T* values) const {
    const bool skip = s.skip[layer] != 0;
    for (std::size_t i = 0; i < count * across<T>; i += width<T>) {
      Vector<T> v = load<T>(sums + i);
      if (skip) {
        v = load<T>(before + i) + v;
        store<T>(sums + i, v);
      }
      store<T>(values + i, maximum<T>(T(0), v));
    }
  }

  void transform(std::size_t b, std::size_t step, const T* targets, T* source) const {
    const std::size_t columns = s.inputs + 1, first = b * across<T>;
    const std::size_t count = rows - first < across<T> ? rows - first : across<T>;
    const std::size_t z_columns = map.components > 0 ? 2 * s.inputs : s.inputs;
    T noise[across<T>], uniform[across<T>], log_slopes[across<T>];
    for (std::size_t r = 0; r < across<T>; ++r) {
      const T* row = z + (first + (r < count ? r : count - 1)) * z_columns + step;
      noise[r] = row[0];
      uniform[r] = map.components > 0 ? row[s.inputs] : T(0);
    }
    for (std::size_t i = 0; i < across<T>; i += width<T>) {
      const auto output = [&](int p) {
        return load<T>(targets + static_cast<std::size_t>(p) * across<T> + i);
      };
      const Vector<T> in = load<T>(noise + i);
      Vector<T> x, log_slope{};
      if (map.bins > 0) {
        spline_inverse<T>(in, output, map.bins, map.bound, &x, &log_slope);
      } else if (map.components > 0) {
        x = mixture_draw(in, load<T>(uniform + i), output);
      } else {
        log_slope = bounded(output(1));
        x = in * exponential<T>(log_slope) + output(0);
      }
      store<T>(source + i, x);
      store<T>(log_slopes + i, log_slope);
    }
    for (std::size_t r = 0; r < count; ++r) {
      T* row = out + (first + r) * columns;
      row[step] = source[r];
      row[s.inputs] = step == 0 ? log_slopes[r] : row[s.inputs] + log_slopes[r];
    }
  }

  Vector<T> bounded(Vector<T> raw) const {
    return map.bound * hyperbolic_tangent<T>(raw * (T(1) / map.bound));
  }

  // The last component whose predecessors' share is below the uniform number gives the draw.
  template <class Output>
  Vector<T> mixture_draw(Vector<T> normal, Vector<T> uniform, const Output& output) const {
    const int components = map.components;
    Vector<T> most = output(0), total{}, below{};
    for (int c = 1; c < components; ++c) most = maximum_of(most, output(c));
    for (int c = 0; c < components; ++c) total = total + exponential<T>(output(c) - most);
    Vector<T> mean = output(components), raw = output(2 * components);
    for (int c = 1; c < components; ++c) {
      below = below + exponential<T>(output(c - 1) - most);
      const Integers<T> reached = uniform * total > below;
      mean = choose<T>(reached, output(components + c), mean);
      raw = choose<T>(reached, output(2 * components + c), raw);
    }
    return normal * exponential<T>(bounded(raw)) + mean;
  }
};

// Transposed Jacobian systems of a one-pass map (kernels.hpp): the network's adjoint run step by
// step, units of the last layer first.
template <class T>
struct SolveAdjoint {
  const AutoregressiveShape& s;
  const T *adjoint, *reciprocal_slope, *output_slopes;  // rows of the tile
  const T* const* gates;
  std::size_t row0;  // of the tile, for the gates
  std::size_t rows;
  T* out;

  void start(std::size_t, std::size_t, std::size_t, std::size_t count, T* sums,
             std::size_t stride) const {
    for (std::size_t u = 0; u < count; ++u)
      for (std::size_t c = 0; c < across<T>; ++c) sums[u * stride + c] = 0;
  }

  void finish(std::size_t layer, std::size_t b, std::size_t first, std::size_t count, T* sums,
              const T* before, T* values) const {
    const bool skip = s.skip[layer] != 0;
    for (std::size_t r = 0; r < across<T>; ++r) {
      const std::size_t row = b * across<T> + r;
      const T* gate = gates[layer] + (row0 + (row < rows ? row : rows - 1)) * s.hidden + first;
      for (std::size_t u = 0; u < count; ++u) {
        T v = gate[u] * sums[u * across<T> + r];
        if (skip) v += before[u * across<T> + r];
        sums[u * across<T> + r] = values[u * across<T> + r] = v;
      }
    }
  }

  void transform(std::size_t b, std::size_t step, const T* targets, T* source) const {
    for (std::size_t r = 0; r < across<T>; ++r) {
      const std::size_t row = b * across<T> + r;
      const std::size_t from = row < rows ? row : rows - 1;
      const T v =
          (adjoint[from * s.inputs + step] - targets[r]) * reciprocal_slope[from * s.inputs + step];
      const T* slopes = output_slopes + from * s.source_groups * s.inputs + step;
      for (std::size_t g = 0; g < s.source_groups; ++g)
        source[g * s.inputs * across<T> + r] = v * slopes[g * s.inputs];
      if (row < rows) out[row * s.inputs + step] = v;
    }
  }
};

template <class T, class Make>
void for_each_tile(const AutoregressiveShape& s, std::size_t rows, const T* const* weights,
                   T* scratch, const Make& make_policy) {
  const Tile<T> tile(s, scratch);
  for (std::size_t row = 0; row < rows; row += tile_rows<T>) {
    const std::size_t count = rows - row < tile_rows<T> ? rows - row : tile_rows<T>;
    sweep<T>(s, weights, (count + across<T> - 1) / across<T>, tile, make_policy(row, count));
  }
}

template <class T>
std::size_t autoregressive_scratch(const AutoregressiveShape& s) {
  return Tile<T>::size(s);
}

template <class T>
void autoregressive_solve(const AutoregressiveShape& s, const AutoregressiveMap<T>& map,
                          std::size_t rows, const T* z, const T* offset, std::size_t offset_stride,
                          const T* const* weights, const T* const* biases, T* scratch, T* out) {
  for_each_tile<T>(s, rows, weights, scratch, [&](std::size_t row, std::size_t count) {
    return Solve<T>{s,
                    map,
                    z + row * (map.components > 0 ? 2 : 1) * s.inputs,
                    offset + row * offset_stride,
                    offset_stride,
                    biases,
                    count,
                    out + row * (s.inputs + 1)};
  });
}

template <class T>
void autoregressive_adjoint(const AutoregressiveShape& s, std::size_t rows, const T* adjoint,
                            const T* reciprocal_slope, const T* output_slopes,
                            const T* const* gates, const T* const* weights, T* scratch, T* out) {
  for_each_tile<T>(s, rows, weights, scratch, [&](std::size_t row, std::size_t count) {
    return SolveAdjoint<T>{s,
                           adjoint + row * s.inputs,
                           reciprocal_slope + row * s.inputs,
                           output_slopes + row * s.source_groups * s.inputs,
                           gates,
                           row,
                           count,
                           out + row * s.inputs};
  });
}

}  // namespace

void add_autoregressive_kernels(Kernels<float>* table) {
  table->autoregressive_scratch = autoregressive_scratch<float>;
  table->autoregressive_solve = autoregressive_solve<float>;
  table->autoregressive_adjoint = autoregressive_adjoint<float>;
}
void add_autoregressive_kernels(Kernels<double>* table) {
  table->autoregressive_scratch = autoregressive_scratch<double>;
  table->autoregressive_solve = autoregressive_solve<double>;
  table->autoregressive_adjoint = autoregressive_adjoint<double>;
}

}  // namespace PUSHFORWARD_ISA
}  // namespace pushforward
