// The training loop: minibatches cut into lanes, Adam, EMA, validation with patience, checkpoints.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "base/progress.hpp"
#include "nn/objective.hpp"
#include "nn/training_state.hpp"

namespace pushforward {

// Shows the weights that validation measures: before the first step of the run (of what is left of
// it after resuming), at every multiple of `every` steps, whenever `every_seconds` have passed, and
// at the end.
struct WeightViewer {
  std::int64_t every = 1;  // 0: by the clock alone
  std::function<void(std::int64_t step, const std::vector<double>& parameters)> show;  // or empty
  double every_seconds = 0;  // 0: by steps alone
  double max_share = 0;      // of the run's time that it may take between; 0: any
};

// What a run calls on its way; a function may be empty.
struct TrainingHooks {
  std::function<void(const TrainingState&)> checkpoint;  // saves the state
  std::function<void(const LogRow&, double seconds)> logged;
  std::function<void(std::size_t bytes)> planned;  // memory of a step
  std::function<void(const std::string&)> warn;
  WeightViewer viewer;
  ProgressStyle progress;
  std::string program;
};

// What is trained, and on which rows; all of it must outlive the run.
struct TrainingTask {
  Learners learners;
  const ParameterTable& table;  // names and starting values
  const TrainingRows& rows;
  const TrainingRows& validation;  // may be empty
};

// Trains from `state` (a fresh one has step 0 and empty vectors) and leaves the last state in it.
// T: float or double. The bits of the result are a function of rows, options and seed, not of
// options.threads; a run that was stopped, saved and continued gives the bits of one that was not.
// Throws Error(numerical) naming the step when a loss, gradient or weight is not finite; Stopped
// after a stop signal. Before either it calls hooks.checkpoint: after a signal with the state
// reached, where numbers failed with the last state from which a step was finite (of large models,
// one of the last ten), if there was any.
template <class T>
void train(const TrainingTask& task, const TrainingOptions& options, const TrainingHooks& hooks,
           TrainingState* state);

extern template void train<float>(const TrainingTask&, const TrainingOptions&, const TrainingHooks&,
                                  TrainingState*);
extern template void train<double>(const TrainingTask&, const TrainingOptions&,
                                   const TrainingHooks&, TrainingState*);

}  // namespace pushforward
