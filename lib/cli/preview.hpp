// Pictures of a model's samples during training.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "cli/training.hpp"
#include "sample/sampled_model.hpp"

namespace pushforward {

// --preview and --preview-every. An empty file means no preview.
struct PreviewCommand {
  std::string file;
  std::string every = "1m";
};
void add_preview(CommandLine& line, PreviewCommand* command);
// After parsing. Error(usage) for --preview-every without --preview, and for standard output.
void finish_preview(const CommandLine& line, const PreviewCommand& command);

// Makes a model to sample from out of weights; its name and row shape are not needed.
using ModelOfWeights = std::function<SampledModel(const std::vector<double>& parameters)>;

// A viewer for TrainingHooks that draws 64 samples with the weights it is shown and writes them as
// a PNG grid. The noise is the same each time. With classes, the samples are ordered by label.
// Score models are sampled by 18 steps of Heun's method, others by their own method. The file is
// replaced as a whole. A failure is an error the first time, later a warning.
//
// Error(invalid) if the rows are no pictures of 1 or 3 channels.
[[nodiscard]] WeightViewer preview_viewer(const PreviewCommand& command, ModelOfWeights model,
                                          const TrainingData& data, int threads);

}  // namespace pushforward
