// What a training program says of a run that has ended.
#pragma once

#include <cstdint>

#include "nn/training_state.hpp"

namespace pushforward {

struct EndedRun {
  std::int64_t total_steps = 0;  // that were asked for
  bool has_adversary = false;    // whose losses go up and down, and say nothing
};

// One line of what ended the run and which weights were kept, unless it took all its steps and kept
// the last weights. A warning where the loss ended far above where it began; a word where the
// validation loss rose while the training loss fell.
void report_training(const TrainingState& state, const EndedRun& run);

}  // namespace pushforward
