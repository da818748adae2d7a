#include "score/ddgan_objective.hpp"

#include <algorithm>

namespace pushforward {

int DdganObjective::normal_columns() const {
  return 3 * model_->dimension() + model_->latent_normals();
}

void DdganObjective::draw_level(double uniform, double* columns) const {
  const std::vector<DdganStep>& steps = model_->steps();
  const auto drawn = static_cast<std::size_t>(uniform * static_cast<double>(steps.size()));
  const DdganStep& s = steps[std::min(drawn, steps.size() - 1)];
  const double all[] = {s.sigma(), s.signal_before, s.noise_before, s.keep,
                        s.fresh,   s.from_clean,    s.from_noisy,   s.deviation};
  std::copy(std::begin(all), std::end(all), columns);
}

Expr DdganObjective::loss(Scope scope, const LossInputs& inputs) const {
  Graph& graph = scope.graph();
  const DdganDescription& d = model_->description();
  const int columns = d.dimension;
  const auto level = [&](int i) { return slice_columns(inputs.level, i, 1); };
  const auto noise = [&](int i) { return slice_columns(inputs.normals, i * columns, columns); };
  const Expr label = d.classes > 0 ? slice_columns(inputs.x, columns, d.classes) : Expr();
  const Expr clean = (slice_columns(inputs.x, 0, columns) - graph.constant(1, columns, d.mean)) /
                     graph.constant(1, columns, d.deviation);
  const Expr sigma = level(0);
  const Expr before = level(1) * clean + level(2) * noise(0);
  // Stopped, so that a slope in x_{k-1} is the discriminator's own, x_k held.
  const Expr now = stop_gradient(level(3) * before + level(4) * noise(1));
  const int latent = model_->latent_normals();
  const Expr z = model_->latent(
      scope, latent > 0 ? slice_columns(inputs.normals, 3 * columns, latent) : Expr(),
      inputs.uniforms);
  const Expr generated = level(5) * model_->generate(scope, now, z, sigma, label) + level(6) * now +
                         level(7) * noise(2);
  const Expr odds_generated = model_->discriminate(scope, generated, now, sigma, label);
  if (loss_ == DdganLoss::generator) return softplus(-odds_generated);
  const Expr odds = model_->discriminate(scope, before, now, sigma, label);
  const Expr loss = softplus(-odds) + softplus(odds_generated);
  if (loss_ == DdganLoss::discriminator) return loss;
  const Expr slope = gradient(odds, before);
  return loss + 0.5 * gamma_ * sum_columns(square(slope));
}

}  // namespace pushforward
