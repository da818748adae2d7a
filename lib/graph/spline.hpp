// Monotone rational-quadratic splines, elementwise: Durkan et al. 2019, Neural Spline Flows,
// eqs. 4 to 8 and appendix A.1.
//
// Every element of x has a spline of its own with `bins` bins on (-bound, bound), slope 1 at both
// ends, and the identity outside. Its 3 bins - 1 parameters are `bins` widths and `bins` heights
// before their softmax and bins - 1 inner derivatives before their softplus; all 0 they give the
// identity (to rounding).
#pragma once

#include "graph/expr.hpp"
#include "graph/spline_shape.hpp"

namespace pushforward {

struct SplineValue {
  Expr value;      // [n, D]
  Expr log_slope;  // [n, D], log of d value / d argument, elementwise
};

// x, z [n, D]; parameters [n, (3 bins - 1) D], parameter-major: parameter p of column d stands in
// column p D + d. Other shapes, bins outside 1 to spline_most_bins and a bound that is not
// positive throw std::invalid_argument. Derivatives of every order are right; the first derivative
// of spline_encode is as fast as the map, all others are those of the composed expressions below.
[[nodiscard]] SplineValue spline_encode(Expr x, Expr parameters, const SplineShape& shape);
// The inverse: spline_decode(spline_encode(x).value).value = x, and the log slopes add to 0.
[[nodiscard]] SplineValue spline_decode(Expr z, Expr parameters, const SplineShape& shape);

// The same maps made of elementary operators, some 20 a bin.
[[nodiscard]] SplineValue composed_spline_encode(Expr x, Expr parameters, const SplineShape& shape);
[[nodiscard]] SplineValue composed_spline_decode(Expr z, Expr parameters, const SplineShape& shape);

}  // namespace pushforward
