#include "sample/score_source.hpp"

#include <stdexcept>

#include "base/one_hot.hpp"

namespace pushforward {

Expr ScoreSource::log_density(Scope, Expr, Expr) const {
  throw std::logic_error("a score without a log density");
}

Expr ScoreSource::variance_share(Scope, Expr, Expr) const {
  throw std::logic_error("a score without a variance");
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

Expr ModelScore::context(Graph& graph, int label) const {
  const int classes = model_->description().classes;
  if (classes == 0) return Expr();
  return graph.constant(1, classes, one_hot<double>({label}, classes));
}

Expr ModelScore::score(Scope scope, Expr x, Expr sigma) const {
  const auto given = [&](int label) {
    return model_->score(scope, x, sigma, context(scope.graph(), label));
  };
  if (guidance_ == 0) return given(label_);
  return (1 + guidance_) * given(label_) - guidance_ * given(-1);
}

Expr ModelScore::variance_share(Scope scope, Expr x, Expr sigma) const {
  return model_->variance_share(scope, x, sigma, context(scope.graph(), label_));
}

}  // namespace pushforward
