// Monotone rational-quadratic splines, one in each element of a vector: the map of Durkan et al.
// 2019, Neural Spline Flows, eqs. 4 to 8, and its inverse (appendix A.1).
//
// Included only by kernel files (base/kernels/simd.hpp says why). `load(p)` gives parameter p of
// every spline: first `bins` widths, then `bins` heights, then bins - 1 derivatives at the inner
// knots, all before the softmax or softplus that makes them positive.
#pragma once

#include "base/kernels/simd.hpp"
#include "graph/spline_shape.hpp"

namespace pushforward {
namespace PUSHFORWARD_ISA {
namespace {

// exp(parameter - the largest one) of `bins` parameters from `first` on, and the sum of them.
template <class T, class Load>
PUSHFORWARD_INLINE Vector<T> softmax_terms(const Load& load_parameter, int first, int bins,
                                           Vector<T>* terms) {
  Vector<T> most = load_parameter(first);
  for (int k = 1; k < bins; ++k) most = maximum_of(most, load_parameter(first + k));
  Vector<T> sum{};
  for (int k = 0; k < bins; ++k) {
    terms[k] = exponential_normal<T>(load_parameter(first + k) - most);
    sum = sum + terms[k];
  }
  return sum;
}

// The bin that a point of (-bound, bound) falls into.
template <class T>
struct SplineBin {
  Vector<T> number;                           // from 0, a whole number
  Vector<T> left, width, bottom, height;      // the bin is a rectangle
  Vector<T> left_parameter, right_parameter;  // of the derivatives at its two knots
  Vector<T> width_scale, height_scale;        // width = scale term + least width
  Vector<T> width_terms[static_cast<std::size_t>(spline_most_bins)];
  Vector<T> height_terms[static_cast<std::size_t>(spline_most_bins)];
};

enum class SplineAxis { width, height };

// Knots are sums of widths from -bound, and the last is bound whatever the rounding. At the two
// ends the parameter is 0: slope 1, as the tails have.
template <SplineAxis axis, class T, class Load>
PUSHFORWARD_INLINE void find_spline_bin(Vector<T> at, const Load& load_parameter, int bins, T bound,
                                        SplineBin<T>* bin) {
  const T least_width = T(2) * bound * T(spline_least_width);
  const T least_height = T(2) * bound * T(spline_least_height);
  bin->width_scale = (T(2) * bound - static_cast<T>(bins) * least_width) /
                     softmax_terms<T>(load_parameter, 0, bins, bin->width_terms);
  bin->height_scale = (T(2) * bound - static_cast<T>(bins) * least_height) /
                      softmax_terms<T>(load_parameter, bins, bins, bin->height_terms);
  const Vector<T> last = spread<T>(bound);
  Vector<T> x = -last, y = -last, parameter{};
  Vector<T> left = x, bottom = y, right = last, top = last, number = spread<T>(T(-1));
  Vector<T> left_parameter{}, right_parameter{};
  for (int k = 0; k < bins; ++k) {
    const bool inner = k + 1 < bins;
    const Vector<T> next_x =
        inner ? x + (bin->width_scale * bin->width_terms[k] + least_width) : last;
    const Vector<T> next_y =
        inner ? y + (bin->height_scale * bin->height_terms[k] + least_height) : last;
    const Vector<T> next_parameter = inner ? load_parameter(2 * bins + k) : Vector<T>{};
    const Integers<T> reached = axis == SplineAxis::width ? at >= x : at >= y;
    left = choose<T>(reached, x, left);
    right = choose<T>(reached, next_x, right);
    bottom = choose<T>(reached, y, bottom);
    top = choose<T>(reached, next_y, top);
    left_parameter = choose<T>(reached, parameter, left_parameter);
    right_parameter = choose<T>(reached, next_parameter, right_parameter);
    number = number + choose<T>(reached, spread<T>(T(1)), Vector<T>{});
    x = next_x;
    y = next_y;
    parameter = next_parameter;
  }
  bin->number = number;
  bin->left = left;
  bin->width = right - left;
  bin->bottom = bottom;
  bin->height = top - bottom;
  bin->left_parameter = left_parameter;
  bin->right_parameter = right_parameter;
}

template <class T>
PUSHFORWARD_INLINE Vector<T> spline_derivative(Vector<T> parameter) {
  return softplus<T>(parameter + T(spline_derivative_shift)) + T(spline_least_derivative);
}

// slope of the map (eq. 5) at xi = (x - left) / width, with the mean slope s of the bin, the
// slopes d0 and d1 at its knots and the denominator of eq. 4.
template <class T>
PUSHFORWARD_INLINE Vector<T> spline_slope(Vector<T> xi, Vector<T> s, Vector<T> d0, Vector<T> d1,
                                          Vector<T> denominator) {
  const Vector<T> rest = T(1) - xi;
  const Vector<T> part = T(1) / denominator;
  const Vector<T> numerator = xi * (d1 * xi + (s + s) * rest) + d0 * (rest * rest);
  // Two quotients: the square of the denominator alone may leave the range of float.
  return (numerator * part) * (s * s * part);
}

// s (1 - 2 q) + (d0 + d1) q with q = xi (1 - xi): the denominator of eq. 4 as a sum of positive
// terms.
template <class T>
PUSHFORWARD_INLINE Vector<T> spline_denominator(Vector<T> xi, Vector<T> s, Vector<T> d0,
                                                Vector<T> d1) {
  const Vector<T> q = xi * (T(1) - xi);
  return s * (T(1) - (q + q)) + (d0 + d1) * q;
}

// The map and the logarithm of its slope. Outside (-bound, bound), and at NaN, the identity and 0.
template <class T, class Load>
PUSHFORWARD_INLINE void spline_encode(Vector<T> x, const Load& load_parameter, int bins, T bound,
                                      Vector<T>* z, Vector<T>* log_slope) {
  const Integers<T> inside = absolute<T>(x) < bound;
  const Vector<T> at = choose<T>(inside, x, Vector<T>{});
  SplineBin<T> bin;
  find_spline_bin<SplineAxis::width, T>(at, load_parameter, bins, bound, &bin);
  const Vector<T> d0 = spline_derivative<T>(bin.left_parameter);
  const Vector<T> d1 = spline_derivative<T>(bin.right_parameter);
  const Vector<T> per_width = T(1) / bin.width;
  const Vector<T> xi = (at - bin.left) * per_width;
  const Vector<T> s = bin.height * per_width;
  const Vector<T> denominator = spline_denominator<T>(xi, s, d0, d1);
  const Vector<T> rise = xi * (s * xi + d0 * (T(1) - xi)) / denominator;
  *z = choose<T>(inside, bin.bottom + bin.height * rise, x);
  *log_slope =
      choose<T>(inside, logarithm<T>(spline_slope<T>(xi, s, d0, d1, denominator)), Vector<T>{});
}

// The inverse and the logarithm of the inverse's slope. Outside (-bound, bound), and at NaN, the
// identity and 0.
template <class T, class Load>
PUSHFORWARD_INLINE void spline_inverse(Vector<T> z, const Load& load_parameter, int bins, T bound,
                                       Vector<T>* x, Vector<T>* log_slope) {
  const Integers<T> inside = absolute<T>(z) < bound;
  const Vector<T> at = choose<T>(inside, z, Vector<T>{});
  SplineBin<T> bin;
  find_spline_bin<SplineAxis::height, T>(at, load_parameter, bins, bound, &bin);
  const Vector<T> d0 = spline_derivative<T>(bin.left_parameter);
  const Vector<T> d1 = spline_derivative<T>(bin.right_parameter);
  const Vector<T> s = bin.height / bin.width;
  // a xi^2 + b xi + c = 0. The paper's root 2c / (-b - root) loses its digits to cancellation
  // where b < 0; the same root is (root - b) / 2a there.
  const Vector<T> rise = at - bin.bottom;
  const Vector<T> bend = rise * (d0 + d1 - (s + s));
  const Vector<T> a = bin.height * (s - d0) + bend;
  const Vector<T> b = bin.height * d0 - bend;
  const Vector<T> minus_c = s * rise;
  const Vector<T> root = square_root<T>(maximum<T>(T(0), b * b + T(4) * (a * minus_c)));
  const Vector<T> sum = absolute<T>(b) + root;
  const Integers<T> falling = b < T(0);
  Vector<T> xi = choose<T>(falling, sum, minus_c + minus_c) / choose<T>(falling, a + a, sum);
  xi = minimum<T>(T(1), maximum<T>(T(0), xi));
  const Vector<T> denominator = spline_denominator<T>(xi, s, d0, d1);
  *x = choose<T>(inside, bin.left + bin.width * xi, z);
  *log_slope =
      choose<T>(inside, -logarithm<T>(spline_slope<T>(xi, s, d0, d1, denominator)), Vector<T>{});
}

}  // namespace
}  // namespace PUSHFORWARD_ISA
}  // namespace pushforward
