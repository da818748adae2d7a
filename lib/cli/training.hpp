// What the programs that train share: the training options, reading the rows, checkpoints.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "cli/program.hpp"
#include "cli/training_data.hpp"
#include "nn/checkpoint_file.hpp"
#include "nn/train.hpp"

namespace pushforward {

// What the options of a training program say, but for those of its model.
struct TrainingCommand {
  CommonOptions common;
  ComputeOptions compute;
  std::vector<std::string> inputs = {"-"};  // the one operand
  std::string output;
  TrainingOptions options;  // seed, threads and products are set by finish_training
  std::string schedule = "constant";
  bool validates = true;            // whether the program has a loss of held-out rows
  std::string validation;           // FILE or FRACTION; empty: none
  bool default_validation = false;  // --validation was not given; set by finish_training
  // Numbers, or "auto".
  std::string patience = "auto", batch = "auto", weight_decay = "auto", clip_norm = "auto";
  std::string checkpoint;        // FILE
  std::string checkpoint_every;  // N steps or Nm minutes
  std::string resume;            // FILE
  std::string init;              // FILE, where the program has the option
  std::string log;               // FILE
  std::string trajectory;        // FILE, where the program has the option
  std::int64_t trajectory_every = 100, trajectory_rows = 1000;

  [[nodiscard]] const std::string& input() const { return inputs[0]; }
  // Of the parameters in model files.
  [[nodiscard]] ElementType stored_type() const {
    return compute.precision == "float64" ? ElementType::float64 : ElementType::float32;
  }
};

// What a program's help says of "auto".
struct AutomaticHelp {
  std::string batch = "256, 64 of a U-Net", weight_decay = "0", clip_norm = "0";
};

// Declares the group "Training"; the defaults are those of command->options.
void add_training(CommandLine& line, TrainingCommand* command, const AutomaticHelp& help = {});
// Declares the group "Computation and output".
void add_training_output(CommandLine& line, TrainingCommand* command);

// "500", steps, or "5m", minutes: one of the two is above 0.
struct Pace {
  std::int64_t steps = 0;
  double seconds = 0;
};
// Error(usage) naming the option for anything else.
[[nodiscard]] Pace parse_pace(const std::string& option, const std::string& text);

// Declares --init.
void add_init(CommandLine& line, TrainingCommand* command);

// Declares --trajectory, --trajectory-every and --trajectory-rows.
void add_trajectory(CommandLine& line, TrainingCommand* command);

// After parsing: puts the words into options. Error(usage) where they do not go together.
void finish_training(const CommandLine& line, TrainingCommand* command);

// What "auto" means in a run, where that depends on the model and the rows.
struct TrainingDefaults {
  std::int64_t batch = 256;
  double weight_decay = 0, clip_norm = 0;
};
// After finish_training: sets the options that are "auto".
void take_defaults(const TrainingDefaults& defaults, TrainingCommand* command);

// The origin of files that a run on `data` writes.
[[nodiscard]] Provenance training_provenance(const CommandLine& line,
                                             const TrainingCommand& command,
                                             const TrainingData& data);

// A model to be trained; what it refers to must outlive the run.
struct TrainedModel {
  Learners learners;
  const ParameterTable& table;  // names and starting values
  RunSettings settings;         // those of the model, to be equal when resuming
  // Writes /model with the given parameter values.
  std::function<void(ContainerWriter*, const std::vector<double>& values)> write;
  WeightViewer viewer = {};
  // Called when training is over, however it ended; may be empty.
  std::function<void()> finish_viewer = {};
};

// Trains the model and writes the output. Returns 0, the program's exit status.
int run_training(const CommandLine& line, const TrainingCommand& command, const TrainingData& data,
                 const TrainedModel& model);

}  // namespace pushforward
