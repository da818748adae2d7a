// The larger of two numbers, as the error measures of adaptive steps need it.
#pragma once

#include "graph/expr.hpp"

namespace pushforward {

// Elementwise; extents of 1 are repeated.
[[nodiscard]] inline Expr larger(Expr a, Expr b) { return select(a - b, a, b); }

}  // namespace pushforward
