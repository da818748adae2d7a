// Derivatives of the spline operators; for lib/graph alone.
#pragma once

#include <vector>

#include "graph/node.hpp"

namespace pushforward {

// The adjoints of the inputs of a node (Op::spline, spline_inverse or spline_backward), one an
// input, from the adjoint g of the node.
[[nodiscard]] std::vector<Expr> spline_adjoints(const Node* node, Expr g);

// The tangent of such a node; an invalid tangent of an input stands for zero.
[[nodiscard]] Expr spline_tangent(const Node* node, const std::vector<Expr>& tangents);

}  // namespace pushforward
