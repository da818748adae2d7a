// Maximum likelihood: the mean of -log p(x), in nats; of 8-bit data, minus the bound of
// Flow::noise().
#pragma once

#include "flow/flow.hpp"
#include "nn/objective.hpp"

namespace pushforward {

// Rows are [x | context] for a conditional flow. The flow must outlive the objective.
class NegativeLogLikelihood : public Objective {
 public:
  explicit NegativeLogLikelihood(const Flow* flow) : flow_(flow) {}

  // Those behind the noise of dequantization, new for every row and step.
  [[nodiscard]] int uniform_columns() const override {
    return flow_->spec().eight_bit() ? flow_->dimension() : 0;
  }
  [[nodiscard]] Expr loss(Scope scope, const LossInputs& inputs) const override {
    const auto loss = [&](Scope at, Expr x, Conditions c) {
      if (inputs.training) c.weights = inputs.weights;
      if (!inputs.uniforms.valid()) return std::vector<Expr>{-flow_->log_density(at, x, c)};
      const Mapped noise = flow_->noise(at, x, inputs.uniforms, c);
      return std::vector<Expr>{-(flow_->log_density(at, x + noise.value, c) + noise.log_det)};
    };
    return flow_function(*flow_, flow_->dimension(), loss)(scope, inputs.x)[0];
  }
  [[nodiscard]] std::size_t lane_rows(std::size_t most) const override {
    return flow_->lane_rows(most);
  }
  [[nodiscard]] bool has_statistics() const override {
    return flow_->has_statistics(RowStatistics::always);
  }
  void update_statistics(const TrainingRows& rows, Workers* workers,
                         std::vector<double>* values) const override {
    flow_->update_statistics(rows, RowStatistics::always, workers, values);
  }

 private:
  const Flow* flow_;
};

}  // namespace pushforward
