#include "score/ddgan_objective.hpp"

#include <algorithm>

#include "base/named.hpp"
#include "base/precision.hpp"
#include "nn/image_layers.hpp"

namespace pushforward {
namespace {

const std::vector<Named<AdversarialLoss>>& losses() {
  static const std::vector<Named<AdversarialLoss>> all = {
      {AdversarialLoss::relativistic, "relativistic"},
      {AdversarialLoss::nonsaturating, "nonsaturating"}};
  return all;
}

}  // namespace

std::vector<std::string> adversarial_loss_names() { return names_of(losses()); }

AdversarialLoss adversarial_loss_named(const std::string& name, const std::string& where) {
  return value_named(losses(), name, "adversarial loss", where);
}

int DdganObjective::normal_columns() const {
  return 3 * model_->dimension() + model_->latent_normals();
}

int DdganObjective::uniform_columns() const {
  return model_->latent_uniforms() + (flip_width_ > 0 ? 1 : 0) +
         dropout_columns(model_->description().shape);
}

std::size_t DdganObjective::lane_rows(std::size_t max_rows) const {
  return network_lane_rows(model_->description().shape, max_rows);
}

void DdganObjective::draw_level(double uniform, double* columns) const {
  const std::vector<DdganStep>& steps = model_->steps();
  const auto drawn = static_cast<std::size_t>(uniform * static_cast<double>(steps.size()));
  const DdganStep& s = steps[std::min(drawn, steps.size() - 1)];
  const double all[] = {s.sigma(), s.signal_before, s.noise_before, s.keep,
                        s.fresh,   s.from_clean,    s.from_noisy,   s.deviation};
  std::copy(std::begin(all), std::end(all), columns);
}

// x_0, standardised.
Expr DdganObjective::standardized(const LossInputs& inputs) const {
  Graph& graph = inputs.x.graph();
  const DdganDescription& d = model_->description();
  Expr rows = slice_columns(inputs.x, 0, d.dimension);
  if (flip_width_ > 0)
    rows = flipped_rows(rows, slice_columns(inputs.uniforms, model_->latent_uniforms(), 1),
                        flip_width_);
  return (rows - graph.constant(1, d.dimension, less(d.mean, d.origin))) /
         graph.constant(1, d.dimension, d.deviation);
}

// x_{k-1}', drawn given x_k and the clean row that the generator makes of it.
Expr DdganObjective::generated(Scope scope, const LossInputs& inputs, Expr now, Expr label) const {
  const DdganDescription& d = model_->description();
  const auto level = [&](int i) { return slice_columns(inputs.level, i, 1); };
  const int normals = model_->latent_normals(), uniforms = model_->latent_uniforms();
  const int dropout = dropout_columns(d.shape);
  const Expr z = model_->latent(
      scope, normals > 0 ? slice_columns(inputs.normals, 3 * d.dimension, normals) : Expr(),
      uniforms > 0 ? slice_columns(inputs.uniforms, 0, uniforms) : Expr());
  const Expr dropped =
      dropout > 0 ? slice_columns(inputs.uniforms, uniform_columns() - dropout, dropout) : Expr();
  return level(5) * model_->generate(scope, now, z, level(0), label, dropped) + level(6) * now +
         level(7) * slice_columns(inputs.normals, 2 * d.dimension, d.dimension);
}

Expr DdganObjective::loss(Scope scope, const LossInputs& inputs) const {
  const DdganDescription& d = model_->description();
  const auto level = [&](int i) { return slice_columns(inputs.level, i, 1); };
  const auto noise = [&](int i) {
    return slice_columns(inputs.normals, i * d.dimension, d.dimension);
  };
  const Expr label = d.classes > 0 ? slice_columns(inputs.x, d.dimension, d.classes) : Expr();
  const Expr sigma = level(0);
  const Expr before = level(1) * standardized(inputs) + level(2) * noise(0);
  // No gradient through x_k: the penalties are slopes of the discriminator in x_{k-1} with x_k
  // fixed.
  const Expr now = stop_gradient(level(3) * before + level(4) * noise(1));
  const Expr made = generated(scope, inputs, now, label);
  const Expr odds_generated = model_->discriminate(scope, made, now, sigma, label);
  const bool paired = settings_.loss == AdversarialLoss::relativistic;
  if (loss_ == DdganLoss::generator && !paired) return softplus(-odds_generated);
  const Expr odds = model_->discriminate(scope, before, now, sigma, label);
  if (loss_ == DdganLoss::generator) return softplus(odds - odds_generated);
  Expr loss = paired ? softplus(odds_generated - odds) : softplus(-odds) + softplus(odds_generated);
  if (loss_ == DdganLoss::discriminator) return loss;
  const auto slope = [](Expr of, Expr in) { return sum_columns(square(gradient(of, in))); };
  if (settings_.r1 > 0) loss = loss + 0.5 * settings_.r1 * slope(odds, before);
  if (settings_.r2 > 0) loss = loss + 0.5 * settings_.r2 * slope(odds_generated, made);
  return loss;
}

}  // namespace pushforward
