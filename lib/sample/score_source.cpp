#include "sample/score_source.hpp"

#include <stdexcept>

namespace pushforward {

Expr ScoreSource::log_density(Scope, Expr, Expr) const {
  throw std::logic_error("a score without a log density");
}

Expr DensityScore::score(Scope scope, Expr x, Expr sigma) const {
  return gradient(log_density(scope, x, sigma), x);
}

Expr DensityScore::log_density(Scope scope, Expr x, Expr) const {
  return density_->log_density(scope, x);
}

Expr NoisedDensityScore::score(Scope scope, Expr x, Expr sigma) const {
  return gradient(log_density(scope, x, sigma), x);
}

Expr NoisedDensityScore::log_density(Scope scope, Expr x, Expr sigma) const {
  return density_->noised_log_density(scope, x, scope.graph().constant(1), sigma);
}

}  // namespace pushforward
