#include "score/objective.hpp"

#include "base/error.hpp"

namespace pushforward {

int NoisedObjective::normal_columns() const {
  return model_->dimension() + model_->description().process.normal_columns();
}

int NoisedObjective::uniform_columns() const {
  return model_->description().process.uniform_columns();
}

Expr NoisedObjective::loss(Scope scope, const LossInputs& inputs) const {
  const Process& process = model_->description().process;
  const int dimension = model_->dimension();
  const Expr z = slice_columns(inputs.normals, 0, dimension);
  const Expr of_level =
      process.normal_columns() > 0 ? slice_columns(inputs.normals, dimension, 1) : Expr();
  const Expr sigma = process.draw_level(scope.graph(), of_level, inputs.uniforms);
  return noised_loss(scope, inputs.x, z, inputs.x + sigma * z, sigma);
}

Expr DenoisingScoreMatching::noised_loss(Scope scope, Expr, Expr z, Expr noisy, Expr sigma) const {
  return 0.5 * sum_columns(square(model().scaled_score(scope, noisy, sigma) + z));
}

Expr DenoiserMatching::noised_loss(Scope scope, Expr, Expr z, Expr noisy, Expr sigma) const {
  // D - x = sigma (sigma s + z), so the weight times its square is this, without a difference of
  // two nearly equal rows.
  const std::vector<double>& sigma_data = model().description().sigma_data;
  const Expr ratio = sigma / scope.graph().constant(1, model().dimension(), sigma_data);
  return sum_columns((1 + square(ratio)) * square(model().scaled_score(scope, noisy, sigma) + z));
}

std::unique_ptr<Objective> make_objective(const std::string& name, const ScoreModel* model,
                                          const std::string& where) {
  if (name == "dsm") return std::make_unique<DenoisingScoreMatching>(model);
  if (name == "denoise") return std::make_unique<DenoiserMatching>(model);
  fail_invalid(where + ": unknown objective '" + name + "'; this version knows dsm, denoise");
}

}  // namespace pushforward
