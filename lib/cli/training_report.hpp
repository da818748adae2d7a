// What a training program says of a run that has ended.
#pragma once

#include <cstddef>
#include <cstdint>

#include "nn/training_state.hpp"

namespace pushforward {

struct EndedRun {
  std::int64_t total_steps = 0;  // that were asked for
  std::size_t validation_rows = 0;
  bool averages = false;       // --ema
  bool has_adversary = false;  // whose losses go up and down, and say nothing
};

// One line: what ended the run, and which weights were kept. A warning where the loss ended far
// above where it began, and where the validation loss rose while the training loss fell.
void report_training(const TrainingState& state, const EndedRun& run);

}  // namespace pushforward
