// Fits a score model, or one that restores spoilt pictures.
#include "base/error.hpp"
#include "base/stop.hpp"
#include "cli/preview.hpp"
#include "cli/restoration_command.hpp"
#include "cli/score_command.hpp"
#include "io/picture_layout.hpp"
#include "score/restoration_objective.hpp"

using namespace pushforward;

namespace {

struct Options {
  ScoreCommand command;
  RestorationCommand restoration;
  PreviewCommand preview;
  TrainingCommand training;
};

void declare(CommandLine& line, Options* o) {
  o->training.options.steps = 5000;
  o->training.options.learning_rate = 2e-3;
  o->training.options.ema = 0.999;
  line.input_operands(&o->training.inputs, 0, 1, {"INPUT"});
  add_score_model(line, &o->command);
  add_restoration(line, &o->restoration);
  add_training(line, &o->training);
  add_init(line, &o->training);
  add_preview(line, &o->preview);
  add_training_output(line, &o->training);
}

int train_score(const CommandLine& line, const Options& o, const ScoreModel* initial) {
  const ContextSource context{o.command.label ? "/label" : "", o.command.label};
  const TrainingData data = read_training_data(o.training, context, row_use(o.command, initial));
  if (initial != nullptr) require_fitting_rows(*initial, data);
  const ScoreModel model =
      initial != nullptr ? *initial
                         : ScoreModel(describe_score(line, o.command, data, o.training.input()),
                                      o.training.options.seed);
  note_pictures(o.command.network, data);
  ScoreObjective objective(
      &model, score_loss_named(o.command.objective, "--objective"),
      o.command.projection == "normal" ? Projection::normal : Projection::rademacher);
  if (o.command.flip) objective.flip_pictures(image_shape(data.row_shape, "--flip").width);
  const auto write_model = [&](ContainerWriter* writer, const std::vector<double>& values) {
    ScoreModel trained = model;
    trained.parameters().values = values;
    write_score_model(writer, trained, data.row_shape, o.command.objective,
                      o.training.stored_type());
  };
  WeightViewer viewer;
  if (!o.preview.file.empty()) {
    if (!model.process().has_levels())
      fail_usage("--preview draws from noise, which --process none has no way down from");
    const auto with_weights = [&](const std::vector<double>& values) {
      SampledModel sampled;
      sampled.family = "score";
      auto score = std::make_unique<ScoreModel>(model);
      score->parameters().values = values;
      sampled.model = std::move(score);
      return sampled;
    };
    viewer = preview_viewer(o.preview, with_weights, data, o.training.options.threads);
  }
  return run_training(line, o.training, data,
                      {objective, model.parameters(), settings_of(o.command, model.description()),
                       write_model, viewer});
}

int train_restoration(const CommandLine& line, const Options& o) {
  const TrainingData data = read_training_data(o.training);
  const RestorationModel model(
      describe_restoration(o.command, o.restoration, data, o.training.input()),
      o.training.options.seed);
  const RestorationDescription& d = model.description();
  RestorationObjective objective(&model);
  if (o.command.flip) objective.flip_pictures();
  const std::optional<RestorationStart> start =
      measure_start(*d.degradation, data.rows, d.mean, d.deviation);
  const auto write_model = [&](ContainerWriter* writer, const std::vector<double>& values) {
    RestorationModel trained = model;
    trained.parameters().values = values;
    write_restoration(writer, trained, start, data.row_shape, o.training.stored_type());
  };
  WeightViewer viewer;
  if (!o.preview.file.empty()) {
    if (!start)
      fail_usage(
          "--preview: the last level leaves too much of a picture to start from; raise "
          "--blur-max (or --levels of pixelate)");
    const auto with_weights = [&](const std::vector<double>& values) {
      SampledModel sampled;
      sampled.family = restoration_family;
      auto restoration = std::make_unique<RestorationModel>(model);
      restoration->parameters().values = values;
      sampled.model = StoredRestoration{std::move(restoration), start};
      return sampled;
    };
    viewer = preview_viewer(o.preview, with_weights, data, o.training.options.threads);
  }
  return run_training(
      line, o.training, data,
      {objective, model.parameters(), settings_of(o.command, d), write_model, viewer});
}

int body(int argc, char** argv) {
  CommandLine line("score-train", "[OPTIONS] [INPUT]", "Fits a score model to the rows of INPUT.",
                   "tensor-gen moons -n 20000 | score-train --steps 2000 -o score.h5");
  Options o;
  declare(line, &o);
  if (!line.parse(argc, argv)) return 0;
  finish_training(line, &o.training);
  take_network_defaults(line, o.command.network, &o.training);
  check_restoration_options(line, o.command, &o.restoration);
  finish_preview(line, o.preview);
  const bool restores = is_restoration(o.command.process.process);
  if (restores && line.given("init"))
    fail_usage("--init goes on with a score model, so no --process " + o.command.process.process);
  const auto initial = read_initial_score(line, o.training, &o.command);
  if (!restores) complete_score_command(line, &o.command);
  watch_stop_signals();
  return restores ? train_restoration(line, o) : train_score(line, o, initial.get());
}

}  // namespace

int main(int argc, char** argv) {
  return run_program("score-train", [&] { return body(argc, argv); });
}
