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
  Vector<T> at;                                 // the point
  Vector<T> number;                             // from 0, a whole number
  Vector<T> left, width, bottom, height;        // the bin is a rectangle
  Vector<T> left_derivative, right_derivative;  // at its two knots
  Vector<T> width_scale, height_scale;          // width = scale term + least width
};

// Terms of two softmaxes: those of the widths, then, from `bins` on, those of the heights.
template <class T>
using SplineTerms = Vector<T>[2 * static_cast<std::size_t>(spline_most_bins)];

enum class SplineAxis { width, height };

// Knots are sums of widths from -bound, and the last is bound whatever the rounding. At the two
// ends the parameter of the derivative is 0: slope 1, as the tails have. Derivatives are left as
// their parameters.
template <SplineAxis axis, class T, class Load>
PUSHFORWARD_INLINE void find_spline_bin(Vector<T> at, const Load& load_parameter, int bins, T bound,
                                        SplineBin<T>* bin, Vector<T>* terms) {
  const T min_width = T(2) * bound * T(spline_least_width);
  const T min_height = T(2) * bound * T(spline_least_height);
  bin->width_scale = (T(2) * bound - static_cast<T>(bins) * min_width) /
                     softmax_terms<T>(load_parameter, 0, bins, terms);
  bin->height_scale = (T(2) * bound - static_cast<T>(bins) * min_height) /
                      softmax_terms<T>(load_parameter, bins, bins, terms + bins);
  const Vector<T> last = spread<T>(bound);
  Vector<T> x = -last, y = -last, parameter{};
  Vector<T> left = x, bottom = y, right = last, top = last, number = spread<T>(T(-1));
  Vector<T> left_parameter{}, right_parameter{};
  for (int k = 0; k < bins; ++k) {
    const bool inner = k + 1 < bins;
    const Vector<T> next_x = inner ? x + (bin->width_scale * terms[k] + min_width) : last;
    const Vector<T> next_y = inner ? y + (bin->height_scale * terms[bins + k] + min_height) : last;
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
  bin->at = at;
  bin->number = number;
  bin->left = left;
  bin->width = right - left;
  bin->bottom = bottom;
  bin->height = top - bottom;
  bin->left_derivative = left_parameter;
  bin->right_derivative = right_parameter;
}

template <class T>
PUSHFORWARD_INLINE Vector<T> spline_derivative(Vector<T> parameter) {
  const Vector<T> t = parameter + T(spline_derivative_shift);
  return maximum<T>(T(0), t) + log_one_plus<T>(exponential_normal<T>(-absolute<T>(t))) +
         T(spline_least_derivative);
}

// s (1 - 2 q) + (d0 + d1) q with q = xi (1 - xi): the denominator of eq. 4 as a sum of positive
// terms. xi = (x - left) / width, s is the mean slope of the bin, d0 and d1 the derivatives.
template <class T>
PUSHFORWARD_INLINE Vector<T> spline_denominator(Vector<T> xi, Vector<T> s, Vector<T> d0,
                                                Vector<T> d1) {
  const Vector<T> q = xi * (T(1) - xi);
  return s * (T(1) - (q + q)) + (d0 + d1) * q;
}

// The slope of the map (eq. 5), with part = 1 / denominator. Two quotients: the square of the
// denominator alone may leave the range of float.
template <class T>
PUSHFORWARD_INLINE Vector<T> spline_slope(Vector<T> xi, Vector<T> s, Vector<T> d0, Vector<T> d1,
                                          Vector<T> part) {
  const Vector<T> rest = T(1) - xi;
  const Vector<T> numerator = xi * (d1 * xi + (s + s) * rest) + d0 * (rest * rest);
  return (numerator * part) * (s * s * part);
}

// The point's image, and the slope of the map there.
template <class T>
PUSHFORWARD_INLINE Vector<T> encode_in_bin(const SplineBin<T>& bin, Vector<T>* slope) {
  const Vector<T> d0 = bin.left_derivative, d1 = bin.right_derivative;
  const Vector<T> per_width = T(1) / bin.width;
  const Vector<T> xi = (bin.at - bin.left) * per_width;
  const Vector<T> s = bin.height * per_width;
  const Vector<T> part = T(1) / spline_denominator<T>(xi, s, d0, d1);
  const Vector<T> rise = xi * (s * xi + d0 * (T(1) - xi)) * part;
  *slope = spline_slope<T>(xi, s, d0, d1, part);
  return bin.bottom + bin.height * rise;
}

// The point whose image the bin's is, and the slope of the map (not of its inverse) there.
template <class T>
PUSHFORWARD_INLINE Vector<T> decode_in_bin(const SplineBin<T>& bin, Vector<T>* slope) {
  const Vector<T> d0 = bin.left_derivative, d1 = bin.right_derivative;
  const Vector<T> s = bin.height / bin.width;
  // a xi^2 + b xi + c = 0. The paper's root 2c / (-b - root) loses its digits to cancellation
  // where b < 0; the same root is (root - b) / 2a there.
  const Vector<T> rise = bin.at - bin.bottom;
  const Vector<T> bend = rise * (d0 + d1 - (s + s));
  const Vector<T> a = bin.height * (s - d0) + bend;
  const Vector<T> b = bin.height * d0 - bend;
  const Vector<T> minus_c = s * rise;
  const Vector<T> root = square_root<T>(maximum<T>(T(0), b * b + T(4) * (a * minus_c)));
  const Vector<T> sum = absolute<T>(b) + root;
  const Integers<T> negative = b < T(0);
  Vector<T> xi = choose<T>(negative, sum, minus_c + minus_c) / choose<T>(negative, a + a, sum);
  xi = minimum<T>(T(1), maximum<T>(T(0), xi));
  *slope = spline_slope<T>(xi, s, d0, d1, T(1) / spline_denominator<T>(xi, s, d0, d1));
  return bin.left + bin.width * xi;
}

// At most so many vectors at a time: each step below is a long chain of dependent operations, and
// a processor fills the waits of one vector's chain with the next one's.
constexpr std::size_t spline_group = 4;

// `count` vectors: axis width encodes, axis height decodes. Outside (-bound, bound), and at NaN,
// the identity and log slope 0.
template <SplineAxis axis, class T, class Load>
PUSHFORWARD_INLINE void map_splines(std::size_t count, const Vector<T>* from, const Load* load,
                                    int bins, T bound, Vector<T>* to, Vector<T>* log_slope) {
  SplineBin<T> bin[spline_group];
  SplineTerms<T> terms;
  for (std::size_t v = 0; v < count; ++v) {
    const Vector<T> at = choose<T>(absolute<T>(from[v]) < bound, from[v], Vector<T>{});
    find_spline_bin<axis, T>(at, load[v], bins, bound, &bin[v], terms);
  }
  for (std::size_t v = 0; v < count; ++v) {
    bin[v].left_derivative = spline_derivative<T>(bin[v].left_derivative);
    bin[v].right_derivative = spline_derivative<T>(bin[v].right_derivative);
  }
  Vector<T> slope[spline_group];
  for (std::size_t v = 0; v < count; ++v) {
    const Vector<T> image = axis == SplineAxis::width ? encode_in_bin<T>(bin[v], &slope[v])
                                                      : decode_in_bin<T>(bin[v], &slope[v]);
    to[v] = choose<T>(absolute<T>(from[v]) < bound, image, from[v]);
  }
  for (std::size_t v = 0; v < count; ++v) {
    const Vector<T> log = logarithm<T>(slope[v]);
    log_slope[v] = choose<T>(absolute<T>(from[v]) < bound, axis == SplineAxis::width ? log : -log,
                             Vector<T>{});
  }
}

template <class T, class Load>
PUSHFORWARD_INLINE void spline_encode(Vector<T> x, const Load& load_parameter, int bins, T bound,
                                      Vector<T>* z, Vector<T>* log_slope) {
  map_splines<SplineAxis::width, T>(1, &x, &load_parameter, bins, bound, z, log_slope);
}

// log_slope is the inverse's.
template <class T, class Load>
PUSHFORWARD_INLINE void spline_inverse(Vector<T> z, const Load& load_parameter, int bins, T bound,
                                       Vector<T>* x, Vector<T>* log_slope) {
  map_splines<SplineAxis::height, T>(1, &z, &load_parameter, bins, bound, x, log_slope);
}

}  // namespace
}  // namespace PUSHFORWARD_ISA
}  // namespace pushforward
