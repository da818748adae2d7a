// The trace of a Jacobian, row by row, as an expression: what implicit score matching and the
// likelihood of a probability-flow equation need.
#pragma once

#include "graph/expr.hpp"

namespace pushforward {

// sum_j d y_j / d x_j of each row, [n, 1], where row i of y [n, D] depends on row i of x [n, D]
// alone: D tangents, carried beside the value.
[[nodiscard]] Expr exact_divergence(Expr y, Expr x);

// v' (d y / d x) v of each row, [n, 1], v [n, D]: its mean is the divergence where the elements of
// v are independent, of mean 0 and variance 1 (Hutchinson 1989).
[[nodiscard]] Expr projected_divergence(Expr y, Expr x, Expr v);

}  // namespace pushforward
