// What the programs that train share: the training options, reading the rows, checkpoints.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "cli/program.hpp"
#include "cli/training_data.hpp"
#include "nn/model_file.hpp"
#include "nn/train.hpp"

namespace pushforward {

struct TrainingCommand {
  TrainingOptions options;
  std::string schedule = "constant";
  bool validates = true;         // whether the program's loss can judge held-out rows
  std::string validation;        // FILE or FRACTION
  std::string checkpoint;        // FILE
  std::string checkpoint_every;  // N steps or Nm minutes
  std::string resume;            // FILE
  std::string log;               // FILE
  std::string trajectory;        // FILE, where the program has the option
  std::int64_t trajectory_every = 100, trajectory_rows = 1000;
};

// Declares the options; the defaults are those of command->options.
void add_training(CommandLine& line, TrainingCommand* command);

// "500", steps, or "5m", minutes: one of the two is above 0.
struct Pace {
  std::int64_t steps = 0;
  double seconds = 0;
};
// Error(usage) naming the option for anything else.
[[nodiscard]] Pace parse_pace(const std::string& option, const std::string& text);

// Declares --trajectory and its two companions.
void add_trajectory(CommandLine& line, TrainingCommand* command);

// After parsing: puts the words into options. Error(usage) where they do not go together.
void finish_training(const CommandLine& line, const ComputeOptions& compute,
                     TrainingCommand* command);

// A training run from start to written model.
struct TrainingRun {
  const CommandLine& line;
  const CommonOptions& common;
  const ComputeOptions& compute;
  const TrainingCommand& command;
  const TrainingData& data;
  std::string output;
  RunSettings model_settings;  // the model's own settings, to be equal when resuming
  // Writes /model with the given parameter values.
  std::function<void(ContainerWriter*, const std::vector<double>& values)> write_model;
  WeightViewer viewer = {};
  // Called when training is over, however it ended; may be empty.
  std::function<void()> finish_viewer = {};
};

// Trains `table` and writes the output. Returns 0, the program's exit status.
int run_training(const TrainingRun& run, const Learners& learners, const ParameterTable& table);

}  // namespace pushforward
