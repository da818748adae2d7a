// Fits a score model.
#include "base/stop.hpp"
#include "cli/preview.hpp"
#include "cli/score_command.hpp"

using namespace pushforward;

namespace {

int body(int argc, char** argv) {
  CommandLine line("score-train", "[OPTIONS] [INPUT]", "Fits a score model to the rows of INPUT.",
                   "tensor-gen moons -n 20000 | score-train --steps 2000 -o score.h5");
  CommonOptions common;
  ComputeOptions compute;
  ScoreCommand command;
  PreviewCommand preview;
  TrainingCommand training;
  training.options.steps = 5000;
  training.options.learning_rate = 2e-3;
  training.options.ema = 0.999;
  std::string output;
  std::vector<std::string> inputs;
  line.operands(&inputs, 0, 1, "INPUT");
  add_score_model(line, &command);
  add_training(line, &training);
  add_preview(line, &preview);
  line.group("Computation and output");
  add_output(line, &output);
  add_seed(line, &compute);
  add_threads(line, &compute);
  add_network_precision(line, &compute);
  add_common(line, &common);
  if (!line.parse(argc, argv)) return 0;
  finish_training(line, compute, output, &training);
  finish_preview(line, preview);
  refuse_shared_outputs({{"--output", output},
                         {"--preview", preview.file},
                         {"--checkpoint", training.checkpoint},
                         {"--log", training.log}});
  complete_score_command(line, &command);
  watch_stop_signals();

  const std::string input = inputs.empty() ? "-" : inputs[0];
  const ContextSource context{command.label ? "/label" : "", command.label};
  const TrainingData data = read_training_data(input, training, context);
  const ScoreModel model(describe_score(line, command, data, input), training.options.seed);
  ScoreObjective objective(
      &model, score_loss_named(command.objective, "--objective"),
      command.projection == "normal" ? Projection::normal : Projection::rademacher);
  if (command.flip) objective.flip_pictures(picture_width(data));
  const ElementType type =
      compute.precision == "float64" ? ElementType::float64 : ElementType::float32;
  const auto write_model = [&](ContainerWriter* writer, const std::vector<double>& values) {
    ScoreModel trained = model;
    trained.parameters().values = values;
    write_score_model(writer, trained, data.row_shape, command.objective, type);
  };
  WeightViewer viewer;
  if (!preview.file.empty())
    viewer = preview_viewer(preview, model, data, training.options.threads);
  return run_training({line, common, compute, training, data, output,
                       settings_of(command, model.process().settings()), write_model, viewer},
                      objective, model.parameters());
}

}  // namespace

int main(int argc, char** argv) {
  return run_program("score-train", [&] { return body(argc, argv); });
}
