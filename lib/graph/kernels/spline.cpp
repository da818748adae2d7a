#include "graph/kernels/spline.hpp"

#include "graph/kernels/kernels.hpp"

namespace pushforward {
namespace PUSHFORWARD_ISA {
namespace {

// A vector of splines: the numbers of each operand stand `stride` apart, those of neighbouring
// splines side by side.
template <class T>
struct Block {
  const T* x;
  const T* parameters;
  const T* adjoint;  // of the backward pass alone: of the value, then of the log slope
  T* out;
  std::size_t stride;
};

template <class T>
struct LoadParameter {
  const T* parameters;
  std::size_t stride;
  Vector<T> operator()(int p) const {
    return load<T>(parameters + static_cast<std::size_t>(p) * stride);
  }
};

// Each pass over a block is compiled once and called for whole and for gathered vectors, so that
// both give the same bits.
#define PUSHFORWARD_ONCE __attribute__((noinline))

enum class Pass { encode, inverse, backward };

template <Pass pass, class T>
PUSHFORWARD_ONCE void map_block(const Block<T>& block, int bins, T bound) {
  const LoadParameter<T> load_parameter{block.parameters, block.stride};
  Vector<T> value, log_slope;
  if (pass == Pass::encode)
    spline_encode<T>(load<T>(block.x), load_parameter, bins, bound, &value, &log_slope);
  else
    spline_inverse<T>(load<T>(block.x), load_parameter, bins, bound, &value, &log_slope);
  store<T>(block.out, value);
  store<T>(block.out + block.stride, log_slope);
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

// softplus and its derivative from one exponential.
template <class T>
PUSHFORWARD_INLINE Vector<T> derivative_and_slope(Vector<T> parameter, Vector<T>* slope) {
  const Vector<T> t = parameter + T(spline_derivative_shift);
  const Vector<T> e = exponential_normal<T>(-absolute<T>(t));
  const Vector<T> w = T(1) + e;
  const Vector<T> part = T(1) / w;
  *slope = choose<T>(t > T(0), part, e * part);
  return maximum<T>(T(0), t) + (logarithm<T>(w) - ((w - T(1)) - e) * part) +
         T(spline_least_derivative);
}

template <class T>
PUSHFORWARD_ONCE void backward_block(const Block<T>& block, int bins, T bound) {
  const LoadParameter<T> load_parameter{block.parameters, block.stride};
  const Vector<T> x = load<T>(block.x), of_z = load<T>(block.adjoint);
  const Integers<T> inside = absolute<T>(x) < bound;
  const Vector<T> at = choose<T>(inside, x, Vector<T>{});
  const Vector<T> g = choose<T>(inside, of_z, Vector<T>{});
  const Vector<T> g_log = choose<T>(inside, load<T>(block.adjoint + block.stride), Vector<T>{});
  SplineBin<T> bin;
  find_spline_bin<SplineAxis::width, T>(at, load_parameter, bins, bound, &bin);
  Vector<T> d0_slope, d1_slope;
  const Vector<T> d0 = derivative_and_slope<T>(bin.left_parameter, &d0_slope);
  const Vector<T> d1 = derivative_and_slope<T>(bin.right_parameter, &d1_slope);

  // z = bottom + height rise, rise = n / d; log slope = 2 log s + log m - 2 log d.
  const Vector<T> per_width = T(1) / bin.width;
  const Vector<T> xi = (at - bin.left) * per_width, rest = T(1) - xi, q = xi * rest;
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
  store<T>(block.out, choose<T>(inside, of_at, of_z));

  // A softmax's parameter j receives scale term_j (adjoint_j - the mean of the adjoints weighted
  // by the terms); scale times the sum of terms left of the bin is its left end less least widths.
  T* out = block.out + block.stride;
  const T range = T(2) * bound;
  const T least_width = range * T(spline_least_width);
  const T least_height = range * T(spline_least_height);
  const Vector<T> mean_width = (of_width * (bin.width - least_width) -
                                of_at * (bin.left + bound - bin.number * least_width)) /
                               (range - static_cast<T>(bins) * least_width);
  const Vector<T> mean_height = (of_height * (bin.height - least_height) +
                                 g * (bin.bottom + bound - bin.number * least_height)) /
                                (range - static_cast<T>(bins) * least_height);
  send_to_softmax<T>(bin, bin.width_terms, bin.width_scale, -of_at, of_width, mean_width, bins, out,
                     block.stride);
  out += static_cast<std::size_t>(bins) * block.stride;
  send_to_softmax<T>(bin, bin.height_terms, bin.height_scale, g, of_height, mean_height, bins, out,
                     block.stride);
  out += static_cast<std::size_t>(bins) * block.stride;
  // Derivative j stands at the right of bin j and at the left of bin j + 1.
  const Vector<T> at_left = of_d0 * d0_slope, at_right = of_d1 * d1_slope;
  Vector<T> k{};
  for (int j = 0; j + 1 < bins; ++j) {
    const Integers<T> right = bin.number == k;
    k = k + T(1);
    const Integers<T> left = bin.number == k;
    store<T>(out + static_cast<std::size_t>(j) * block.stride,
             from_bits<T>((right & bits_of<T>(at_right)) | (left & bits_of<T>(at_left))));
  }
}

template <Pass pass, class T>
PUSHFORWARD_INLINE void run_block(const Block<T>& block, int bins, T bound) {
  if constexpr (pass == Pass::backward)
    backward_block<T>(block, bins, bound);
  else
    map_block<pass, T>(block, bins, bound);
}

constexpr std::size_t most_parameters = 3 * static_cast<std::size_t>(spline_most_bins) - 1;

// `count` numbers of each of a vector's splines, `columns` apart in their row, to and from numbers
// a vector apart.
template <class T>
void bring_together(const T* const* from, std::size_t columns, std::size_t count, T* to) {
  for (std::size_t p = 0; p < count; ++p) {
    Vector<T> v{};
    for (std::size_t lane = 0; lane < width<T>; ++lane) v[lane] = from[lane][p * columns];
    store<T>(to + p * width<T>, v);
  }
}

// The splines of the last columns of all rows, where they do not fill a vector, gathered across
// rows. The last vector is filled up with the last spline.
template <Pass pass, class T>
void run_rest(std::size_t rows, std::size_t columns, std::size_t first, const Block<T>& all,
              int bins, T bound) {
  constexpr bool backward = pass == Pass::backward;
  const std::size_t parameters = 3 * static_cast<std::size_t>(bins) - 1;
  const std::size_t results = backward ? 1 + parameters : 2;
  T x[width<T>], adjoint[2 * width<T>];
  T gathered[most_parameters * width<T>], out[(1 + most_parameters) * width<T>];
  std::size_t row = 0, column = first;
  while (row < rows) {
    const T *x_of[width<T>], *parameters_of[width<T>], *adjoint_of[width<T>];
    T* out_of[width<T>];
    std::size_t count = 0;
    for (std::size_t lane = 0; lane < width<T>; ++lane) {
      if (row == rows) {
        x_of[lane] = x_of[count - 1];
        parameters_of[lane] = parameters_of[count - 1];
        adjoint_of[lane] = adjoint_of[count - 1];
        continue;
      }
      x_of[lane] = all.x + row * columns + column;
      parameters_of[lane] = all.parameters + row * parameters * columns + column;
      adjoint_of[lane] = backward ? all.adjoint + 2 * row * columns + column : nullptr;
      out_of[lane] = all.out + row * results * columns + column;
      ++count;
      if (++column == columns) {
        column = first;
        ++row;
      }
    }
    bring_together<T>(x_of, columns, 1, x);
    bring_together<T>(parameters_of, columns, parameters, gathered);
    if (backward) bring_together<T>(adjoint_of, columns, 2, adjoint);
    run_block<pass, T>({x, gathered, adjoint, out, width<T>}, bins, bound);
    for (std::size_t lane = 0; lane < count; ++lane)
      for (std::size_t p = 0; p < results; ++p)
        out_of[lane][p * columns] = out[p * width<T> + lane];
  }
}

template <Pass pass, class T>
void run(std::size_t rows, std::size_t columns, const Block<T>& all, int bins, T bound) {
  constexpr bool backward = pass == Pass::backward;
  const std::size_t parameters = 3 * static_cast<std::size_t>(bins) - 1;
  const std::size_t results = backward ? 1 + parameters : 2;
  const std::size_t whole = columns / width<T> * width<T>;
  for (std::size_t row = 0; row < rows; ++row)
    for (std::size_t column = 0; column < whole; column += width<T>)
      run_block<pass, T>(
          {all.x + row * columns + column, all.parameters + row * parameters * columns + column,
           backward ? all.adjoint + 2 * row * columns + column : nullptr,
           all.out + row * results * columns + column, columns},
          bins, bound);
  if (whole < columns) run_rest<pass, T>(rows, columns, whole, all, bins, bound);
}

template <Pass pass, class T>
void map_splines(std::size_t rows, std::size_t columns, const T* x, const T* parameters, int bins,
                 T bound, T* out) {
  run<pass, T>(rows, columns, {x, parameters, nullptr, out, columns}, bins, bound);
}

template <class T>
void spline_backward(std::size_t rows, std::size_t columns, const T* x, const T* parameters,
                     const T* adjoint, int bins, T bound, T* out) {
  run<Pass::backward, T>(rows, columns, {x, parameters, adjoint, out, columns}, bins, bound);
}

template <class T>
void fill_table(Kernels<T>* table) {
  table->spline = map_splines<Pass::encode, T>;
  table->spline_inverse = map_splines<Pass::inverse, T>;
  table->spline_backward = spline_backward<T>;
}

}  // namespace

void add_spline_kernels(Kernels<float>* table) { fill_table<float>(table); }
void add_spline_kernels(Kernels<double>* table) { fill_table<double>(table); }

}  // namespace PUSHFORWARD_ISA
}  // namespace pushforward
