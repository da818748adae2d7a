// The divergence of each row as an expression, for implicit score matching and for the likelihood
// by a probability-flow ODE.
#pragma once

#include "graph/expr.hpp"

namespace pushforward {

// sum_j d y_j / d x_j of each row, [n, 1]. Row i of y [n, D] must depend on row i of x [n, D] only.
// Costs D tangents.
[[nodiscard]] Expr exact_divergence(Expr y, Expr x);

// v' (d y / d x) v of each row, [n, 1], for v [n, D]. Its expectation is the divergence if the
// elements of v are independent with mean 0 and variance 1 (Hutchinson 1989).
[[nodiscard]] Expr projected_divergence(Expr y, Expr x, Expr v);

}  // namespace pushforward
