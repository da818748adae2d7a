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

Expr ModelScore::score(Scope scope, Expr x, Expr sigma) const {
  const int classes = model_->description().classes;
  if (classes == 0) return model_->score(scope, x, sigma);
  const auto given = [&](int label) {
    std::vector<double> row(static_cast<std::size_t>(classes));
    if (label >= 0) row[static_cast<std::size_t>(label)] = 1;
    return model_->score(scope, x, sigma, scope.graph().constant(1, classes, row));
  };
  if (guidance_ == 0) return given(label_);
  return (1 + guidance_) * given(label_) - guidance_ * given(-1);
}

}  // namespace pushforward
