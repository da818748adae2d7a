// What fixes a rational-quadratic spline beside its parameters; plain enough for kernel files.
#pragma once

namespace pushforward {

struct SplineShape {
  int bins = 8;      // 1 to spline_most_bins
  double bound = 3;  // the spline acts on (-bound, bound), outside it is the identity
};

constexpr int spline_most_bins = 64;

// The least width and height of a bin, as parts of the interval, and the least slope at a knot.
constexpr double spline_least_width = 1e-3;
constexpr double spline_least_height = 1e-3;
constexpr double spline_least_derivative = 1e-3;
// log(exp(1 - spline_least_derivative) - 1): a derivative's parameter 0 stands for slope 1.
constexpr double spline_derivative_shift = 0.53974241723695208;

}  // namespace pushforward
