// The options of score-train that say what a model which restores pictures is trained on.
#pragma once

#include <string>

#include "cli/score_command.hpp"
#include "cli/training.hpp"
#include "score/restoration.hpp"

namespace pushforward {

// The words and numbers of the command line; 0 and empty mean the default.
struct RestorationCommand {
  std::string degradation;
  double blur_min = 0, blur_max = 0;
};

// --degradation, --blur-min, --blur-max.
void add_restoration(CommandLine& line, RestorationCommand* command);

// Whether a process of this name is one of restoration; empty is not.
[[nodiscard]] bool is_restoration(const std::string& process);

// After parsing: Error(usage) where options were given that a process of restoration, or one of
// noise, does not use.
void check_restoration_options(const CommandLine& line, const ScoreCommand& score,
                               RestorationCommand* command);

// The model as described by the options and the pictures read from `input`. Error(usage) for levels
// that there cannot be, Error(invalid) for rows that cannot be trained on.
[[nodiscard]] RestorationDescription describe_restoration(const ScoreCommand& score,
                                                          const RestorationCommand& command,
                                                          const TrainingData& data,
                                                          const std::string& input);

// The settings that decide a run's bits.
[[nodiscard]] RunSettings settings_of(const ScoreCommand& score,
                                      const RestorationDescription& description);

}  // namespace pushforward
