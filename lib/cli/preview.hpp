// Pictures of what a model draws while it is being trained.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "cli/training.hpp"
#include "sample/sampled_model.hpp"

namespace pushforward {

// --preview and its companion; empty: none.
struct PreviewCommand {
  std::string file;
  std::string every = "1m";
};
void add_preview(CommandLine& line, PreviewCommand* command);
// After parsing. Error(usage) for --preview-every without --preview, and for standard output.
void finish_preview(const CommandLine& line, const PreviewCommand& command);

// The model with these weights, as one to draw from; name and row shape are not needed.
using ModelOfWeights = std::function<SampledModel(const std::vector<double>& parameters)>;

// A viewer for TrainingHooks that writes 64 samples of the weights it is shown as a PNG grid, from
// the same noise each time, where there are classes label after label: a score model's by 18 steps
// of Heun's method, another's by its own. The file appears whole or not at all, and is replaced.
// What goes wrong the first time is an error, later a warning.
//
// Error(invalid) for rows that are no pictures of 1 or 3 channels.
[[nodiscard]] WeightViewer preview_viewer(const PreviewCommand& command, ModelOfWeights model,
                                          const TrainingData& data, int threads);

}  // namespace pushforward
