#include "score/restoration_objective.hpp"

#include <algorithm>

namespace pushforward {

int RestorationObjective::normal_columns() const {
  const bool noisy =
      model_->degradation().noisy() || model_->description().kind == RestorationKind::blur;
  return noisy ? model_->dimension() : 0;
}

void RestorationObjective::draw_level(double uniform, double* columns) const {
  const int levels = model_->degradation().levels();
  const int s = 1 + std::min(static_cast<int>(uniform * levels), levels - 1);
  const std::vector<double> row = model_->level(s);
  std::copy(row.begin(), row.end(), columns);
}

Expr RestorationObjective::loss(Scope scope, const LossInputs& inputs) const {
  const RestorationDescription& d = model_->description();
  const Expr v = (inputs.x - d.mean) / d.deviation;
  const double unit = d.deviation / d.range;
  const Expr spoilt = model_->degrade(v, inputs.normals, inputs.level);
  if (d.kind == RestorationKind::cold)
    return unit * sum_columns(abs(v - model_->restore(scope, spoilt, inputs.level)));
  // What is gained is a small difference: taken among coefficients, not between blurred pictures.
  const Expr noise = model_->noise() * inputs.normals;
  const Expr asked = model_->gained(v, Expr(), inputs.level) - noise;
  return unit * unit *
         sum_columns(square(asked - model_->correction(scope, spoilt + noise, inputs.level)));
}

}  // namespace pushforward
