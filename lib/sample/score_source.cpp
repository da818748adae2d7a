#include "sample/score_source.hpp"

namespace pushforward {

Expr DensityScore::score(Scope scope, Expr x, Expr) const {
  return gradient(density_->log_density(scope, x), x);
}

Expr NoisedDensityScore::score(Scope scope, Expr x, Expr sigma) const {
  return gradient(density_->noised_log_density(scope, x, scope.graph().constant(1), sigma), x);
}

}  // namespace pushforward
