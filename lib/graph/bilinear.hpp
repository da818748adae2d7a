// Operators that are linear in each of two operands; for lib/graph alone. Their derivatives are
// operators of the same families.
#pragma once

#include <utility>

#include "graph/node.hpp"

namespace pushforward {

// The node's operator on other operands of the same shapes.
[[nodiscard]] Expr bilinear_of(const Node* node, Expr a, Expr b);

// What the adjoint g of a bilinear node sends back to its two operands.
[[nodiscard]] std::pair<Expr, Expr> bilinear_adjoints(const Node* node, Expr g);

}  // namespace pushforward
