// What of a training state is kept for the case that its numbers fail.
#pragma once

#include <cstdint>
#include <utility>

#include "nn/training_state.hpp"

namespace pushforward {

// The last state from which a step was finite, to go back to where numbers fail.
class LastFinite {
 public:
  // The weights are kept by the trainer. The best ones stay in the state until others replace them.
  void keep(const TrainingState& state) {
    step_ = state.step;
    tally_.stale = state.stale;
    tally_.loss_sum = state.loss_sum;
    tally_.norm_sum = state.norm_sum;
    tally_.adversary_loss_sum = state.adversary_loss_sum;
    tally_.summed_steps = state.summed_steps;
    has_best_ = false;
  }
  // Before the state's best weights are replaced.
  void take_best(TrainingState* state) {
    if (has_best_) return;
    tally_.best = std::move(state->best);
    tally_.best_validation = state->best_validation;
    has_best_ = true;
  }
  // All of a state but its weights and moments.
  void restore(TrainingState* state) {
    take_best(state);
    static_cast<TrainingTally&>(*state) = std::move(tally_);
    state->step = step_;
    state->failed = true;
    state->before_end.reset();
    while (!state->log.empty() && state->log.back().step > step_) state->log.pop_back();
  }

 private:
  std::int64_t step_ = 0;
  TrainingTally tally_;
  bool has_best_ = false;  // else the best weights of step_ are the state's
};

}  // namespace pushforward
