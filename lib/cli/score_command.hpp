// The options of score-train that say what is trained: objective, process, network.
#pragma once

#include <memory>
#include <string>

#include "cli/network_options.hpp"
#include "cli/process_options.hpp"
#include "cli/training.hpp"
#include "score/objective.hpp"

namespace pushforward {

// The words and numbers of the command line; 0 and empty mean the default of the process.
struct ScoreCommand {
  ProcessOptions process;
  std::string objective, parametrization, embedding, levels;
  std::string projection = "rademacher", variance = "fixed";
  NetworkOptions network;
  bool flip = false;
  double sigma = 0, p_mean = -1.2, p_std = 1.2, sigma_data = 0, label_dropout = 0;
  bool label = false;
  bool standardize = false, no_standardize = false;
};

void add_score_model(CommandLine& line, ScoreCommand* command);

// After parsing, with --init: the model of that file is what is trained, as its file says.
// Error(usage) for options that say what is trained.
[[nodiscard]] std::unique_ptr<ScoreModel> read_initial_score(const CommandLine& line,
                                                             const TrainingCommand& training,
                                                             ScoreCommand* command);

// How the options, or the model of --init if there is one, take the numbers of the rows.
[[nodiscard]] RowUse row_use(const ScoreCommand& command, const ScoreModel* initial);

// Error(invalid) where the rows are not as wide as those of the model of --init.
void require_fitting_rows(const ScoreModel& initial, const TrainingData& data);

// After parsing: sets the words that were left out. Error(usage) where they do not go together.
void complete_score_command(const CommandLine& line, ScoreCommand* command);

// The model as described by the options and the rows, read from `input`. Error(usage) for constants
// that the process does not have, Error(invalid) for rows that cannot be trained on.
[[nodiscard]] ScoreDescription describe_score(const CommandLine& line, const ScoreCommand& command,
                                              const TrainingData& data, const std::string& input);

// The settings that decide a run's bits.
[[nodiscard]] RunSettings settings_of(const ScoreCommand& command,
                                      const ScoreDescription& description);

}  // namespace pushforward
