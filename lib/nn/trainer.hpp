// The learners of a run and the weights they share: one step, and what is kept of the weights.
#pragma once

#include <cmath>
#include <functional>
#include <limits>
#include <optional>
#include <vector>

#include "base/lanes.hpp"
#include "nn/batches.hpp"
#include "nn/learner_step.hpp"

namespace pushforward {

// The noise of the adversary's rows is that of rows beyond any batch.
constexpr std::uint64_t adversary_noise_row = std::uint64_t{1} << 32;

template <class T>
class Trainer {
 public:
  Trainer(const TrainingTask& task, const TrainingOptions& options, const TrainingState& state)
      : rows_(task.rows),
        workers_(options.threads),
        model_(task.learners.model, task, options, 0, &workers_),
        batches_(rows_.count(), static_cast<std::size_t>(options.batch), options.seed),
        weights_(state, options.ema > 0) {
    if (task.learners.adversary)
      adversary_.emplace(*task.learners.adversary, task, options, adversary_noise_row, &workers_);
  }

  struct Outcome {
    typename LearnerStep<T>::Outcome model;
    double adversary_loss;  // 0 where there is no adversary
    [[nodiscard]] bool finite() const { return model.finite() && std::isfinite(adversary_loss); }
  };
  // A step of the adversary, if there is one, then one of the model on the same rows. `keep`, if
  // any, is called before any weight moves, once the first of the losses is known to be finite.
  Outcome step(std::int64_t step, double rate, const std::function<void()>& keep) {
    const std::uint64_t* index = batches_.of_step(step);
    Outcome outcome{{0, 0}, 0};
    if (adversary_) {
      const auto adversary = adversary_->run(step, rate, index, &weights_, keep);
      outcome.adversary_loss =
          adversary.finite() ? adversary.loss : std::numeric_limits<double>::quiet_NaN();
    }
    if (outcome.finite())
      outcome.model =
          model_.run(step, rate, index, &weights_, adversary_ ? std::function<void()>() : keep);
    return outcome;
  }

  // The weights as they are, and going back to them.
  void keep_weights() { kept_ = weights_; }
  void take_kept_weights() { weights_ = *kept_; }
  [[nodiscard]] bool has_kept_weights() const { return kept_.has_value(); }
  [[nodiscard]] bool finite() const { return weights_.finite(); }

  // The weights that validation measures.
  [[nodiscard]] const std::vector<T>& measured() const {
    return weights_.average.empty() ? weights_.parameters : weights_.average;
  }
  // Sets the statistics among the measured weights, which no gradient touches.
  void update_statistics(const Objective& objective) {
    if (!objective.has_statistics()) return;
    std::vector<T>& measured = weights_.average.empty() ? weights_.parameters : weights_.average;
    std::vector<double> values(measured.begin(), measured.end());
    objective.update_statistics(rows_, &workers_, &values);
    measured.assign(values.begin(), values.end());
  }
  void save(TrainingState* state) const { weights_.save(state); }
  // Of a step: the workers' workspaces, the lanes' gradients, parameters, moments and average.
  [[nodiscard]] std::size_t planned_bytes() const {
    const std::size_t kept = weights_.average.empty() ? 3 : 4;
    return sizeof(T) *
           (model_.planned_numbers() + (adversary_ ? adversary_->planned_numbers() : 0) +
            kept * weights_.parameters.size());
  }
  [[nodiscard]] Workers* workers() { return &workers_; }

 private:
  const TrainingRows& rows_;
  Workers workers_;
  LearnerStep<T> model_;
  std::optional<LearnerStep<T>> adversary_;
  Batches batches_;
  Weights<T> weights_;
  std::optional<Weights<T>> kept_;
};

}  // namespace pushforward
