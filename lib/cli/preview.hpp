// Pictures of what a score model draws while it is being trained.
#pragma once

#include <string>
#include <utility>

#include "cli/training.hpp"
#include "score/score_model.hpp"

namespace pushforward {

// --preview and its companion; empty: none.
struct PreviewCommand {
  std::string file;
  std::string every = "1m";
};
void add_preview(CommandLine& line, PreviewCommand* command);
// After parsing. Error(usage) for --preview-every without --preview, and for standard output.
void finish_preview(const CommandLine& line, const PreviewCommand& command);

// A viewer for TrainingHooks that writes 64 samples of the weights it is shown as a PNG grid, by
// 18 steps of Heun's method from the same noise each time, of a model with classes label after
// label. The file appears whole or not at all, and is replaced. What goes wrong the first time is
// an error, later a warning.
//
// The model must outlive the viewer. Error(usage) for a process none, which has nothing to start
// from; Error(invalid) for rows that are no pictures of 1 or 3 channels.
[[nodiscard]] WeightViewer preview_viewer(const PreviewCommand& command, const ScoreModel& model,
                                          const TrainingData& data, int threads);

}  // namespace pushforward
