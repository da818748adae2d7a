// Step sizes that reach a wanted rate of acceptance, found by each chain for itself.
#pragma once

#include "graph/expr.hpp"

namespace pushforward {

// Dual averaging (Hoffman, Gelman 2014, section 3.2, algorithm 5) with their gamma = 0.05, t0 = 10,
// kappa = 0.75 and mu = ln(10 h_0). Its state is one matrix with one row per chain.
constexpr int dual_averaging_columns = 4;

[[nodiscard]] Expr begin_dual_averaging(int rows, Expr first_step);  // [1, 1]
// After a step that was accepted with this probability, [n, 1].
[[nodiscard]] Expr continue_dual_averaging(Expr state, Expr first_step, Expr acceptance,
                                           double target);
[[nodiscard]] Expr trial_step(Expr state);     // [n, 1]: the one to make next
[[nodiscard]] Expr averaged_step(Expr state);  // [n, 1]: the one to keep in the end

}  // namespace pushforward
