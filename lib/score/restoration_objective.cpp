#include "score/restoration_objective.hpp"

#include <algorithm>

#include "nn/image_layers.hpp"

namespace pushforward {

int RestorationObjective::normal_columns() const {
  const bool noisy =
      model_->degradation().noisy() || model_->description().kind == RestorationKind::blur;
  return noisy ? model_->dimension() : 0;
}

// In order: for flipping the picture, for the network's dropout.
int RestorationObjective::uniform_columns() const {
  return (flips_ ? 1 : 0) + dropout_columns(model_->description().network);
}

std::size_t RestorationObjective::lane_rows(std::size_t max_rows) const {
  return network_lane_rows(model_->description().network, max_rows);
}

void RestorationObjective::draw_level(double uniform, double* columns) const {
  const int levels = model_->degradation().levels();
  const int s = 1 + std::min(static_cast<int>(uniform * levels), levels - 1);
  const std::vector<double> row = model_->level(s);
  std::copy(row.begin(), row.end(), columns);
}

Expr RestorationObjective::loss(Scope scope, const LossInputs& inputs) const {
  const RestorationDescription& d = model_->description();
  Expr rows = inputs.x;
  if (flips_ && inputs.training)
    rows = flipped_rows(rows, slice_columns(inputs.uniforms, 0, 1),
                        model_->degradation().settings().picture.width);
  const int dropped = dropout_columns(d.network);
  const Expr dropout = dropped > 0 && inputs.training
                           ? slice_columns(inputs.uniforms, uniform_columns() - dropped, dropped)
                           : Expr();
  const Expr v = (rows - d.mean) / d.deviation;
  const double unit = d.deviation / d.range;
  const Expr degraded = model_->degrade(v, inputs.normals, inputs.level);
  if (d.kind == RestorationKind::cold)
    return unit * sum_columns(abs(v - model_->restore(scope, degraded, inputs.level, dropout)));
  // gained() is a small difference, computed from coefficients and not from two blurred pictures.
  const Expr noise = model_->noise() * inputs.normals;
  const Expr target = model_->gained(v, Expr(), inputs.level) - noise;
  const Expr output = model_->correction(scope, degraded + noise, inputs.level, dropout);
  return unit * unit * sum_columns(square(target - output));
}

}  // namespace pushforward
