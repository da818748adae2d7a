// The options of flow-train that say what is trained: kind of flow, base, preprocessing.
#pragma once

#include <string>

#include "cli/training.hpp"
#include "flow/flow.hpp"

namespace pushforward {

struct FlowCommand {
  FlowSpec spec;        // the fields that are options (flow/flow_fields.hpp)
  std::string order;    // of the columns; empty: that of the kind
  std::string context;  // where vectors or labels to condition on stand; empty: nowhere
  bool label = false;   // they are labels
  bool standardize = false, no_standardize = false;  // neither: rows that are vectors
};

void add_flow_model(CommandLine& line, FlowCommand* command);

// After parsing, with --init: the flow of that file is what is trained, as its file says.
// Error(usage) for options that say what is trained.
[[nodiscard]] std::unique_ptr<Flow> read_initial_flow(const CommandLine& line,
                                                      const TrainingCommand& training,
                                                      FlowCommand* command);

// After parsing: sets the base and the context that were not given. Error(usage) for options that
// the kind of flow does not use or that do not go together.
void finish_flow_command(const CommandLine& line, FlowCommand* command);

// How the options, or the flow of --init if there is one, take the numbers of the rows.
[[nodiscard]] RowUse row_use(const FlowCommand& command, const Flow* initial);

// Whether columns are standardised.
[[nodiscard]] bool standardizes(const FlowCommand& command, const TrainingData& data);

// The flow as described by --init, or by the options and the rows: convolutional for rows that are
// images, if the kind has such layers. Error(invalid) for rows that are too narrow and images that
// do not halve; Error(usage) for options of the other sort of rows.
[[nodiscard]] FlowSpec describe_flow(const CommandLine& line, const FlowCommand& command,
                                     const Flow* initial, const TrainingData& data);

// What is automatic in training: the batch by the number of rows, decay and clipping by the flow.
// Measured on tables of 150 to 20,000 rows (man/flow-train.1 has the numbers).
[[nodiscard]] TrainingDefaults training_defaults(const FlowSpec& spec, const TrainingData& data);
[[nodiscard]] AutomaticHelp flow_training_help();

// A warning where rows are so large that the flow would start far from them and --standardize would
// help; a word where such rows are standardised without having been asked for.
void warn_of_large_rows(const FlowCommand& command, const TrainingData& data);

// The settings that decide a run's bits; `spec` is what describe_flow() gave.
[[nodiscard]] RunSettings settings_of(const FlowCommand& command, const FlowSpec& spec,
                                      const TrainingData& data);

}  // namespace pushforward
