// The options of flow-train that say what is trained: kind of flow, base, preprocessing.
#pragma once

#include <string>

#include "cli/training.hpp"
#include "flow/flow_spec.hpp"

namespace pushforward {

struct FlowCommand {
  FlowSpec spec;        // the fields that are options (flow/flow_fields.hpp)
  std::string order;    // of the columns; empty: that of the kind
  std::string context;  // where vectors or labels to condition on stand; empty: nowhere
  bool label = false;   // they are labels
  bool standardize = false;
};

void add_flow_model(CommandLine& line, FlowCommand* command);

// After parsing: sets the base and the context that were not given. Error(usage) for options that
// the kind of flow does not use or that do not go together.
void finish_flow_command(const CommandLine& line, FlowCommand* command);

// How the options take the numbers of the rows.
[[nodiscard]] RowUse row_use(const FlowCommand& command);

// The flow as described by the options and the rows: convolutional for rows that are images, if the
// kind has such layers. Error(invalid) for rows that are too narrow and images that do not halve;
// Error(usage) for options of the other sort of rows.
[[nodiscard]] FlowSpec describe_flow(const CommandLine& line, const FlowCommand& command,
                                     const TrainingData& data);

// A warning where rows are so large that the flow would start far from them and --standardize,
// which was not given, would help.
void warn_of_large_rows(const FlowCommand& command, const TrainingData& data);

// The settings that decide a run's bits; `spec` is what describe_flow() gave.
[[nodiscard]] RunSettings settings_of(const FlowCommand& command, const FlowSpec& spec);

}  // namespace pushforward
