#include "sample/dual_averaging.hpp"

#include <cmath>

namespace pushforward {
namespace {

constexpr double shrinkage = 0.05, delay = 10, decay = 0.75;  // gamma, t0, kappa

enum Column { log_step, log_average, mean_error, iterations };

Expr column(Expr state, Column which) { return slice_columns(state, which, 1); }

}  // namespace

Expr begin_dual_averaging(int rows, Expr first_step) {
  const Expr start = broadcast(log(first_step), rows, 1);
  const Expr zero = broadcast(first_step.graph().constant(0), rows, 1);
  return hstack({start, start, zero, zero});
}

Expr continue_dual_averaging(Expr state, Expr first_step, Expr acceptance, double target) {
  const Expr count = column(state, iterations) + 1;
  const Expr share = reciprocal(count + delay);
  const Expr error = (1 - share) * column(state, mean_error) + share * (target - acceptance);
  const Expr next = log(10 * first_step) - sqrt(count) * error / shrinkage;
  const Expr weight = exp(-decay * log(count));
  const Expr average = weight * next + (1 - weight) * column(state, log_average);
  return hstack({next, average, error, count});
}

Expr trial_step(Expr state) { return exp(column(state, log_step)); }

Expr averaged_step(Expr state) { return exp(column(state, log_average)); }

}  // namespace pushforward
