// One step of one learner: a minibatch cut into lanes, the gradient of its mean loss, Adam.
#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "base/lanes.hpp"
#include "nn/kernels/optimizer.hpp"
#include "nn/loss_program.hpp"
#include "nn/train.hpp"

namespace pushforward {

// Parameters and optimizer state of all learners in working precision, one flat buffer each.
template <class T>
struct Weights {
  std::vector<T> parameters, first, second, average;  // average: empty for none

  Weights(const TrainingState& state, bool averaged);
  void save(TrainingState* state) const;
  [[nodiscard]] bool finite() const;
};

template <class T>
class LearnerStep {
 public:
  // Row k of the batch draws its noise as row noise_row + k. All references but `options` and
  // `learner` must outlive the step.
  LearnerStep(const Learner& learner, const TrainingTask& task, const TrainingOptions& options,
              std::uint64_t noise_row, Workers* workers);

  struct Outcome {
    double loss;           // mean over the batch
    double gradient_norm;  // before clipping
    [[nodiscard]] bool finite() const;
  };
  // Step `step`, from 0, on the rows index[0], ..., at the run's learning rate `rate`. The weights
  // do not move where the outcome is not finite; otherwise `before_update`, if any, is called
  // before they do.
  Outcome run(std::int64_t step, double rate, const std::uint64_t* index, Weights<T>* weights,
              const std::function<void()>& before_update = {});

  // How many numbers a step keeps besides the weights: the workers' workspaces and the lanes'
  // gradients.
  [[nodiscard]] std::size_t planned_numbers() const;

 private:
  void reduce(std::size_t segment);
  [[nodiscard]] AdamStep<T> adam_step(std::int64_t step, double rate, double norm) const;

  Learner learner_;
  const TrainingRows& rows_;
  TrainingOptions options_;
  std::uint64_t noise_row_;
  Workers* workers_;
  ParameterRange range_;
  std::size_t batch_, lanes_, lane_size_;  // lanes of lane_size_ rows; the last may be shorter
  LossProgram<T> program_;
  std::unique_ptr<LossProgram<T>> rare_program_;
  std::vector<T> gradients_, losses_;  // lane after lane
  std::size_t segments_;
  std::vector<double> squares_;
};

extern template struct Weights<float>;
extern template struct Weights<double>;
extern template class LearnerStep<float>;
extern template class LearnerStep<double>;

}  // namespace pushforward
