#include "score/objective.hpp"

#include <algorithm>
#include <cmath>

#include "base/constants.hpp"
#include "base/named.hpp"
#include "base/precision.hpp"
#include "nn/divergence.hpp"
#include "nn/image_layers.hpp"
#include "score/step_variance.hpp"

namespace pushforward {
namespace {

const std::vector<Named<ScoreLoss>>& losses() {
  static const std::vector<Named<ScoreLoss>> all = {
      {ScoreLoss::ism, "ism"}, {ScoreLoss::ssm, "ssm"}, {ScoreLoss::ssm_vr, "ssm-vr"},
      {ScoreLoss::dsm, "dsm"}, {ScoreLoss::ml, "ml"},   {ScoreLoss::denoise, "denoise"}};
  return all;
}

std::array<double, 6> step_columns(const Process& process, int k) {
  const double sigma = process.sigma(double(k) / process.settings().levels);
  const StepVariance v = ddpm_step_variance(process, k);
  const double posterior = k == 1 ? 0 : v.small;
  // The constant of the last step, k = 1, is that of the density of x_0, the others that of a
  // Kullback-Leibler divergence. The model's mean less that given x_0 is
  // (lost / sigma) (sigma s + z).
  const double constant = k == 1 ? log_two_pi : -std::log(posterior) - 1;
  return {sigma, std::log(v.small), std::log(v.large), posterior, v.lost / sigma, constant};
}

}  // namespace

std::vector<std::string> score_loss_names() { return names_of(losses()); }

ScoreLoss score_loss_named(const std::string& name, const std::string& where) {
  return value_named(losses(), name, "objective", where);
}

ScoreObjective::ScoreObjective(const ScoreModel* model, ScoreLoss loss, Projection projection)
    : model_(model), loss_(loss), projection_(projection) {
  if (model_->description().learned_variance)
    for (int k = 1; k <= model_->process().settings().levels; ++k)
      steps_.push_back(step_columns(model_->process(), k));
  if (loss_ != ScoreLoss::ml) return;
  const Process& process = model_->process();
  log_low_ = std::log(process.sigma(process.min_time()));
  log_high_ = std::log(process.sigma(process.last_time()));
}

bool ScoreObjective::noisy() const { return has_level() || model_->process().settings().sigma > 0; }

bool ScoreObjective::has_level() const { return model_->process().has_levels(); }

int ScoreObjective::level_columns() const {
  if (!has_level()) return 0;
  return steps_.empty() ? 1 : static_cast<int>(steps_[0].size());
}

int ScoreObjective::normal_columns() const {
  return ((noisy() ? 1 : 0) + (sliced() ? 1 : 0)) * model_->dimension();
}

// In order: for dropping the label, for flipping the picture, for the network's dropout.
int ScoreObjective::uniform_columns() const {
  const ScoreDescription& d = model_->description();
  return (d.label_dropout > 0 ? 1 : 0) + (flip_width_ > 0 ? 1 : 0) + dropout_columns(d.network());
}

std::size_t ScoreObjective::lane_rows(std::size_t max_rows) const {
  return network_lane_rows(model_->description().network(), max_rows);
}

double ScoreObjective::draw_sigma(double uniform) const {
  if (loss_ != ScoreLoss::ml) return model_->process().draw_sigma(uniform);
  return std::exp(log_low_ + uniform * (log_high_ - log_low_));
}

void ScoreObjective::draw_level(double uniform, double* columns) const {
  if (steps_.empty()) {
    columns[0] = draw_sigma(uniform);
    return;
  }
  const auto& step = steps_[model_->process().draw_rung(uniform)];
  std::copy(step.begin(), step.end(), columns);
}

Expr ScoreObjective::variance_loss(Scope scope, Expr y, Expr sigma, Expr context, Expr uniforms,
                                   Expr level, Expr error) const {
  const auto column = [&](int i) { return slice_columns(level, i, 1); };
  const Expr share = model_->variance_share(scope, y, sigma, context, uniforms);
  const Expr log_variance = column(1) + share * (column(2) - column(1));
  const Expr spread = column(3) + square(column(4)) * stop_gradient(error);
  const Expr term = sum_columns(log_variance + spread * exp(-log_variance)) +
                    double(model_->dimension()) * column(5);
  return 0.001 * model_->process().settings().levels * (0.5 * term);
}

Expr ScoreObjective::context(const LossInputs& inputs) const {
  if (model_->description().classes == 0) return Expr();
  const Expr label = slice_columns(inputs.x, model_->dimension(), model_->description().classes);
  const double dropout = model_->description().label_dropout;
  if (dropout == 0 || !inputs.training) return label;
  return heaviside(slice_columns(inputs.uniforms, 0, 1) - dropout) * label;
}

Expr ScoreObjective::data(const LossInputs& inputs) const {
  Graph& graph = inputs.x.graph();
  const int dimension = model_->dimension();
  Expr rows = slice_columns(inputs.x, 0, dimension);
  if (flip_width_ > 0 && inputs.training) {
    const Expr coin =
        slice_columns(inputs.uniforms, model_->description().label_dropout > 0 ? 1 : 0, 1);
    rows = flipped_rows(rows, coin, flip_width_);
  }
  if (!model_->description().standardizes()) return rows;
  const auto row = [&](const std::vector<double>& v) { return graph.constant(1, dimension, v); };
  return (rows - row(less(model_->offset(), model_->description().origin))) / row(model_->unit());
}

Expr ScoreObjective::implicit_loss(Scope scope, Expr x, Expr sigma, Expr context, Expr v) const {
  const bool one_level = !has_level();
  const Expr s = one_level ? model_->score(scope, x, sigma, context)
                           : model_->scaled_score(scope, x, sigma, context);
  const Expr divergence = v.valid() ? projected_divergence(s, x, v) : exact_divergence(s, x);
  const Expr size = loss_ == ScoreLoss::ssm ? square(sum_columns(v * s)) : sum_columns(square(s));
  return 0.5 * size + (one_level ? divergence : sigma * divergence);
}

Expr ScoreObjective::loss(Scope scope, const LossInputs& inputs) const {
  Graph& graph = scope.graph();
  const int dimension = model_->dimension();
  const Expr x = data(inputs);
  const Expr sigma = has_level() ? slice_columns(inputs.level, 0, 1)
                                 : graph.constant(model_->process().settings().sigma);
  const Expr z = noisy() ? slice_columns(inputs.normals, 0, dimension) : Expr();
  const Expr y = noisy() ? x + sigma * z : x;
  const Expr label = context(inputs);
  switch (loss_) {
    case ScoreLoss::ism:
      return implicit_loss(scope, y, sigma, label, Expr());
    case ScoreLoss::ssm:
    case ScoreLoss::ssm_vr: {
      const Expr drawn = slice_columns(inputs.normals, noisy() ? dimension : 0, dimension);
      return implicit_loss(scope, y, sigma, label,
                           projection_ == Projection::rademacher ? sign(drawn) : drawn);
    }
    case ScoreLoss::dsm:
    case ScoreLoss::ml:
    case ScoreLoss::denoise:
      break;
  }
  const int dropped = dropout_columns(model_->description().network());
  const Expr dropout = dropped > 0 && inputs.training
                           ? slice_columns(inputs.uniforms, uniform_columns() - dropped, dropped)
                           : Expr();
  // D - x = sigma (sigma s + z), without a difference of two nearly equal rows.
  const Expr error = square(model_->scaled_score(scope, y, sigma, label, dropout) + z);
  if (loss_ == ScoreLoss::dsm && model_->description().learned_variance)
    return 0.5 * sum_columns(error) +
           variance_loss(scope, y, sigma, label, dropout, inputs.level, error);
  if (loss_ == ScoreLoss::dsm) return 0.5 * sum_columns(error);
  if (loss_ == ScoreLoss::ml) return (log_high_ - log_low_) * sum_columns(error);
  return sum_columns((1 + square(sigma / model_->deviation(graph))) * error);
}

}  // namespace pushforward
