#include "graph/kernels/spline.hpp"

#include <utility>

#include "graph/kernels/kernels.hpp"

namespace pushforward {
namespace PUSHFORWARD_ISA {
namespace {

// A few vectors of splines: in each, the numbers of an operand that belong to one spline stand
// `stride` apart, those of neighbouring splines side by side.
template <class T>
struct Group {
  std::size_t count, stride;
  const T* x[spline_group];
  const T* parameters[spline_group];
  const T*
      adjoint[spline_group];  // of the backward pass alone: of the value, then of the log slope
  T* out[spline_group];
};

template <class T>
struct LoadParameter {
  const T* parameters;
  std::size_t stride;
  Vector<T> operator()(int p) const {
    return load<T>(parameters + static_cast<std::size_t>(p) * stride);
  }
};

// Each pass is compiled once and called for whole and for gathered vectors, so that both give the
// same bits.
#if defined(__clang__)
#define PUSHFORWARD_ONCE __attribute__((noinline))
#else
#define PUSHFORWARD_ONCE __attribute__((noinline, noclone))
#endif

enum class Pass { encode, decode, backward };

template <Pass pass, class T>
PUSHFORWARD_ONCE void map_group(const Group<T>& group, int bins, T bound) {
  Vector<T> from[spline_group], to[spline_group], log_slope[spline_group];
  LoadParameter<T> load_parameter[spline_group];
  for (std::size_t v = 0; v < group.count; ++v) {
    from[v] = load<T>(group.x[v]);
    load_parameter[v] = {group.parameters[v], group.stride};
  }
  constexpr SplineAxis axis = pass == Pass::encode ? SplineAxis::width : SplineAxis::height;
  map_splines<axis, T>(group.count, from, load_parameter, bins, bound, to, log_slope);
  for (std::size_t v = 0; v < group.count; ++v) {
    store<T>(group.out[v], to[v]);
    store<T>(group.out[v] + group.stride, log_slope[v]);
  }
}

// The adjoints of the parameters of a softmax whose terms are the widths of the bins: `before` is
// the adjoint of a width left of the spline's bin (they move the bin), `within` that of its own.
template <class T>
PUSHFORWARD_INLINE void send_to_softmax(const SplineBin<T>& bin, const Vector<T>* terms,
                                        Vector<T> scale, Vector<T> before, Vector<T> within,
                                        Vector<T> mean, int bins, T* out, std::size_t stride) {
  Vector<T> k{};
  for (int j = 0; j < bins; ++j) {
    const Integers<T> chosen =
        ((bin.number > k) & bits_of<T>(before)) | ((bin.number == k) & bits_of<T>(within));
    store<T>(out + static_cast<std::size_t>(j) * stride,
             scale * terms[j] * (from_bits<T>(chosen) - mean));
    k = k + T(1);
  }
}

// spline_derivative, and its own derivative, from one exponential.
template <class T>
PUSHFORWARD_INLINE Vector<T> derivative_and_slope(Vector<T> parameter, Vector<T>* slope) {
  const Vector<T> t = parameter + T(spline_derivative_shift);
  const Vector<T> e = exponential_normal<T>(-absolute<T>(t));
  *slope = choose<T>(t > T(0), spread<T>(T(1)), e) / (T(1) + e);
  return maximum<T>(T(0), t) + log_one_plus<T>(e) + T(spline_least_derivative);
}

// The backward pass of one vector whose bin is known, with the derivatives of the softpluses.
template <class T>
PUSHFORWARD_INLINE void send_back(const SplineBin<T>& bin, const Vector<T>* terms,
                                  Vector<T> d0_slope, Vector<T> d1_slope, const Group<T>& group,
                                  std::size_t v, int bins, T bound) {
  const Vector<T> x = load<T>(group.x[v]), of_z = load<T>(group.adjoint[v]);
  const Integers<T> inside = absolute<T>(x) < bound;
  const Vector<T> g = choose<T>(inside, of_z, Vector<T>{});
  const Vector<T> g_log = choose<T>(inside, load<T>(group.adjoint[v] + group.stride), Vector<T>{});
  const Vector<T> d0 = bin.left_derivative, d1 = bin.right_derivative;

  // z = bottom + height rise, rise = n / d; log slope = 2 log s + log m - 2 log d.
  const Vector<T> per_width = T(1) / bin.width;
  const Vector<T> xi = (bin.at - bin.left) * per_width, rest = T(1) - xi, q = xi * rest;
  const Vector<T> s = bin.height * per_width;
  const Vector<T> per_d = T(1) / spline_denominator<T>(xi, s, d0, d1);
  const Vector<T> rise = xi * (s * xi + d0 * rest) * per_d;
  const Vector<T> m = xi * (d1 * xi + (s + s) * rest) + d0 * (rest * rest);
  const Vector<T> per_m = T(1) / m;
  const Vector<T> slope = (m * per_d) * (s * s * per_d);
  const Vector<T> xi_square_share = xi * xi * per_m, rest_square_share = rest * rest * per_m;
  const Vector<T> q_share = T(2) * q * per_d, middle = T(1) - (q + q);

  // Adjoints of xi, s and the derivatives, taken as independent.
  const Vector<T> g_rise = g * bin.height;
  const Vector<T> of_xi =
      g * (slope * bin.width) + g_log * (T(2) * ((d1 * xi - d0 * rest) + s * (rest - xi)) * per_m -
                                         T(2) * (rest - xi) * ((d0 - s) + (d1 - s)) * per_d);
  const Vector<T> of_s = g_rise * ((xi * xi - rise * middle) * per_d) +
                         g_log * (T(2) / s + T(2) * q * per_m - T(2) * middle * per_d);
  const Vector<T> of_d0 =
      g_rise * (q * (T(1) - rise) * per_d) + g_log * (rest_square_share - q_share);
  const Vector<T> of_d1 = g_log * (xi_square_share - q_share) - g_rise * (q * rise * per_d);

  // Then xi = (at - left) / width, s = height / width.
  const Vector<T> of_at = of_xi * per_width, of_height_in_s = of_s * per_width;
  const Vector<T> of_width = -(of_at * xi + of_height_in_s * s);
  const Vector<T> of_height = g * rise + of_height_in_s;
  store<T>(group.out[v], choose<T>(inside, of_at, of_z));

  // A softmax's parameter j receives scale term_j (adjoint_j - the mean of the adjoints weighted
  // by the terms); scale times the sum of terms left of the bin is its left end less least widths.
  T* out = group.out[v] + group.stride;
  const T range = T(2) * bound;
  const T min_width = range * T(spline_least_width);
  const T min_height = range * T(spline_least_height);
  const Vector<T> mean_width =
      (of_width * (bin.width - min_width) - of_at * (bin.left + bound - bin.number * min_width)) /
      (range - static_cast<T>(bins) * min_width);
  const Vector<T> mean_height =
      (of_height * (bin.height - min_height) + g * (bin.bottom + bound - bin.number * min_height)) /
      (range - static_cast<T>(bins) * min_height);
  send_to_softmax<T>(bin, terms, bin.width_scale, -of_at, of_width, mean_width, bins, out,
                     group.stride);
  out += static_cast<std::size_t>(bins) * group.stride;
  send_to_softmax<T>(bin, terms + bins, bin.height_scale, g, of_height, mean_height, bins, out,
                     group.stride);
  out += static_cast<std::size_t>(bins) * group.stride;
  // Derivative j stands at the right of bin j and at the left of bin j + 1.
  const Vector<T> at_left = of_d0 * d0_slope, at_right = of_d1 * d1_slope;
  Vector<T> k{};
  for (int j = 0; j + 1 < bins; ++j) {
    const Integers<T> right = bin.number == k;
    k = k + T(1);
    const Integers<T> left = bin.number == k;
    store<T>(out + static_cast<std::size_t>(j) * group.stride,
             from_bits<T>((right & bits_of<T>(at_right)) | (left & bits_of<T>(at_left))));
  }
}

template <class T>
PUSHFORWARD_ONCE void backward_group(const Group<T>& group, int bins, T bound) {
  SplineBin<T> bin[spline_group];
  SplineTerms<T> terms[spline_group];
  Vector<T> d0_slope[spline_group], d1_slope[spline_group];
  for (std::size_t v = 0; v < group.count; ++v) {
    const Vector<T> x = load<T>(group.x[v]);
    const LoadParameter<T> load_parameter{group.parameters[v], group.stride};
    find_spline_bin<SplineAxis::width, T>(choose<T>(absolute<T>(x) < bound, x, Vector<T>{}),
                                          load_parameter, bins, bound, &bin[v], terms[v]);
  }
  for (std::size_t v = 0; v < group.count; ++v) {
    bin[v].left_derivative = derivative_and_slope<T>(bin[v].left_derivative, &d0_slope[v]);
    bin[v].right_derivative = derivative_and_slope<T>(bin[v].right_derivative, &d1_slope[v]);
  }
  for (std::size_t v = 0; v < group.count; ++v)
    send_back<T>(bin[v], terms[v], d0_slope[v], d1_slope[v], group, v, bins, bound);
}

template <Pass pass, class T>
PUSHFORWARD_INLINE void run_group(const Group<T>& group, int bins, T bound) {
  if constexpr (pass == Pass::backward)
    backward_group<T>(group, bins, bound);
  else
    map_group<pass, T>(group, bins, bound);
}

// The matrices of one call. A row of an operand is `columns` numbers for each number of a spline.
template <class T>
struct Operands {
  std::size_t rows, columns;
  const T* x;
  const T* parameters;
  const T* adjoint;
  T* out;
};

// The operands from the spline of a row and column on.
template <Pass pass, class T>
PUSHFORWARD_INLINE Operands<T> spline_of(const Operands<T>& all, std::size_t row,
                                         std::size_t column, int bins) {
  const std::size_t parameters = 3 * static_cast<std::size_t>(bins) - 1;
  const std::size_t results = pass == Pass::backward ? 1 + parameters : 2;
  const std::size_t first = row * all.columns;
  return {all.rows - row,
          all.columns,
          all.x + first + column,
          all.parameters + first * parameters + column,
          pass == Pass::backward ? all.adjoint + 2 * first + column : nullptr,
          all.out + first * results + column};
}

// Vectors of neighbouring columns, as they stand in a row.
template <Pass pass, class T>
void run_whole(const Operands<T>& all, std::size_t columns, int bins, T bound) {
  Group<T> group{};
  group.stride = all.columns;
  for (std::size_t row = 0; row < all.rows; ++row)
    for (std::size_t column = 0; column < columns; column += width<T>) {
      const Operands<T> spline = spline_of<pass, T>(all, row, column, bins);
      group.x[group.count] = spline.x;
      group.parameters[group.count] = spline.parameters;
      group.adjoint[group.count] = spline.adjoint;
      group.out[group.count] = spline.out;
      if (++group.count == spline_group || (row + 1 == all.rows && column + width<T> == columns)) {
        run_group<pass, T>(group, bins, bound);
        group.count = 0;
      }
    }
}

// Exchanges the blocks of two rows of a transposition: lanes with bit `step` of *a, those without
// it of *b.
template <class T, std::size_t step, std::size_t... lane>
PUSHFORWARD_INLINE void exchange(Vector<T>* a, Vector<T>* b, std::index_sequence<lane...>) {
  const Vector<T> x = *a, y = *b;
  *a = __builtin_shufflevector(x, y, ((lane & step) == 0 ? lane : width<T> + lane - step)...);
  *b = __builtin_shufflevector(x, y, ((lane & step) == 0 ? lane + step : width<T> + lane)...);
}

// Transposes a square of as many vectors as one has elements.
template <class T, std::size_t step = 1>
PUSHFORWARD_INLINE void transpose_square(Vector<T>* v) {
  for (std::size_t i = 0; i < width<T>; ++i)
    if ((i & step) == 0)
      exchange<T, step>(v + i, v + i + step, std::make_index_sequence<width<T>>{});
  if constexpr (2 * step < width<T>) transpose_square<T, 2 * step>(v);
}

// `count` numbers of each spline of a vector, `stride` apart where they come from, to numbers a
// vector apart.
template <class T>
void bring_together(const T* const* from, std::size_t stride, std::size_t count, T* to) {
  if (stride == 1 && count >= width<T>) {
    // Squares; the last one overlaps the one before it.
    for (std::size_t p = 0; p < count; p += width<T>) {
      const std::size_t first = p + width<T> <= count ? p : count - width<T>;
      Vector<T> v[width<T>];
      for (std::size_t lane = 0; lane < width<T>; ++lane) v[lane] = load<T>(from[lane] + first);
      transpose_square<T>(v);
      for (std::size_t i = 0; i < width<T>; ++i) store<T>(to + (first + i) * width<T>, v[i]);
    }
    return;
  }
  for (std::size_t p = 0; p < count; ++p) {
    Vector<T> v{};
    for (std::size_t lane = 0; lane < width<T>; ++lane) v[lane] = from[lane][p * stride];
    store<T>(to + p * width<T>, v);
  }
}

// The other way, for the first `lanes` splines of the vector.
template <class T>
void take_apart(const T* from, std::size_t stride, std::size_t count, std::size_t lanes,
                T* const* to) {
  if (stride == 1 && count >= width<T> && lanes == width<T>) {
    for (std::size_t p = 0; p < count; p += width<T>) {
      const std::size_t first = p + width<T> <= count ? p : count - width<T>;
      Vector<T> v[width<T>];
      for (std::size_t i = 0; i < width<T>; ++i) v[i] = load<T>(from + (first + i) * width<T>);
      transpose_square<T>(v);
      for (std::size_t lane = 0; lane < width<T>; ++lane) store<T>(to[lane] + first, v[lane]);
    }
    return;
  }
  for (std::size_t lane = 0; lane < lanes; ++lane)
    for (std::size_t p = 0; p < count; ++p) to[lane][p * stride] = from[p * width<T> + lane];
}

// The splines of the last columns of all rows, which do not fill a vector, gathered across rows.
// The last vector is filled up with the last spline.
template <Pass pass, class T>
void run_rest(const Operands<T>& all, std::size_t first, int bins, T bound) {
  constexpr std::size_t most = 3 * static_cast<std::size_t>(spline_most_bins);
  constexpr bool backward = pass == Pass::backward;
  const std::size_t parameters = 3 * static_cast<std::size_t>(bins) - 1;
  const std::size_t results = backward ? 1 + parameters : 2;
  T x[spline_group][width<T>], adjoint[spline_group][2 * width<T>];
  T gathered[spline_group * most * width<T>], out[spline_group * most * width<T>];
  T* out_of[spline_group][width<T>];
  std::size_t lanes[spline_group];
  Group<T> group{};
  group.stride = width<T>;
  std::size_t row = 0, column = first;
  while (row < all.rows) {
    // The lanes of one vector, each a group of its own.
    const std::size_t v = group.count++;
    const T *x_of[width<T>], *parameters_of[width<T>], *adjoint_of[width<T>];
    Operands<T> spline;
    lanes[v] = 0;
    for (std::size_t lane = 0; lane < width<T>; ++lane) {
      if (row < all.rows) {
        spline = spline_of<pass, T>(all, row, column, bins);
        ++lanes[v];
        if (++column == all.columns) {
          column = first;
          ++row;
        }
      }
      x_of[lane] = spline.x;
      parameters_of[lane] = spline.parameters;
      adjoint_of[lane] = spline.adjoint;
      out_of[v][lane] = spline.out;
    }
    group.x[v] = x[v];
    group.parameters[v] = gathered + v * parameters * width<T>;
    group.adjoint[v] = adjoint[v];
    group.out[v] = out + v * results * width<T>;
    bring_together<T>(x_of, all.columns, 1, x[v]);
    bring_together<T>(parameters_of, all.columns, parameters, gathered + v * parameters * width<T>);
    if (backward) bring_together<T>(adjoint_of, all.columns, 2, adjoint[v]);
    if (group.count < spline_group && row < all.rows) continue;
    run_group<pass, T>(group, bins, bound);
    for (std::size_t w = 0; w < group.count; ++w)
      take_apart<T>(group.out[w], all.columns, results, lanes[w], out_of[w]);
    group.count = 0;
  }
}

template <Pass pass, class T>
void run(const Operands<T>& all, int bins, T bound) {
  const std::size_t whole = all.columns / width<T> * width<T>;
  if (whole > 0) run_whole<pass, T>(all, whole, bins, bound);
  if (whole < all.columns) run_rest<pass, T>(all, whole, bins, bound);
}

template <Pass pass, class T>
void map(std::size_t rows, std::size_t columns, const T* x, const T* parameters, int bins, T bound,
         T* out) {
  run<pass, T>({rows, columns, x, parameters, nullptr, out}, bins, bound);
}

template <class T>
void backward(std::size_t rows, std::size_t columns, const T* x, const T* parameters,
              const T* adjoint, int bins, T bound, T* out) {
  run<Pass::backward, T>({rows, columns, x, parameters, adjoint, out}, bins, bound);
}

template <class T>
void fill_table(Kernels<T>* table) {
  table->spline = map<Pass::encode, T>;
  table->spline_inverse = map<Pass::decode, T>;
  table->spline_backward = backward<T>;
}

}  // namespace

void add_spline_kernels(Kernels<float>* table) { fill_table<float>(table); }
void add_spline_kernels(Kernels<double>* table) { fill_table<double>(table); }

}  // namespace PUSHFORWARD_ISA
}  // namespace pushforward
