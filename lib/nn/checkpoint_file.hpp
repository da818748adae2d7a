// What the containers of models say of their training: its log, and a checkpoint to resume from.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "io/container.hpp"
#include "nn/parameters.hpp"
#include "nn/training_state.hpp"

namespace pushforward {

// /training/log, one dataset per column: step, loss, validation, learning_rate, gradient_norm, and
// discriminator_loss if there is an adversary. No clock time, so that equal runs give equal files.
void write_training_log(ContainerWriter* writer, const std::vector<LogRow>& log);

// The settings that determine the bits of a run ("batch": "256"). Resuming with other settings is
// refused. Only a run that ended with a loss that was not finite may change its learning rate and
// clipping norm.
using RunSettings = std::map<std::string, std::string>;

// /checkpoint: what --resume reads.
void write_checkpoint(ContainerWriter* writer, const TrainingState& state,
                      const RunSettings& settings);
[[nodiscard]] TrainingState read_checkpoint(const ContainerReader& reader,
                                            const ParameterTable& table,
                                            const RunSettings& settings);

}  // namespace pushforward
