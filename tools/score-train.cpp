// Fits a score model by denoising.
#include "base/error.hpp"
#include "base/stop.hpp"
#include "cli/training.hpp"
#include "score/objective.hpp"

using namespace pushforward;

namespace {

// The words and numbers of the command line; 0 and empty mean the default of the process.
struct Options {
  CommonOptions common;
  ComputeOptions compute;
  TrainingCommand training;
  std::string objective, process, parametrization, net = "mlp", output;
  std::int64_t hidden = 128, depth = 3, levels = 0;
  double sigma = 0, sigma_min = 0, sigma_max = 0, p_mean = -1.2, p_std = 1.2, sigma_data = 0;
};

void declare(CommandLine& line, Options* o) {
  line.group("Model");
  line.choice("objective", &o->objective, {"dsm", "denoise"},
              "dsm for the processes none and ve, denoise for edm, unless given");
  line.choice("process", &o->process, {"none", "ve", "edm"},
              "noise levels: one, a ladder, log-normal; ve for dsm, edm otherwise, unless given");
  line.choice("parametrization", &o->parametrization, {"score", "noise", "data", "edm"},
              "what the network predicts; edm for the process edm, noise otherwise, unless given");
  line.choice("net", &o->net, {"mlp"}, "network");
  line.integer("hidden", &o->hidden, {1, most_score_hidden}, "units of a hidden layer");
  line.integer("depth", &o->depth, {1, most_score_depth}, "hidden layers");
  line.group("Process, in data units");
  line.number("sigma", &o->sigma, {0, unbounded}, "none: the noise level; 0 is 0.1");
  line.number("sigma-min", &o->sigma_min, {0, unbounded},
              "lowest level; 0 is 0.01 (ve), 0.002 (edm)");
  line.number("sigma-max", &o->sigma_max, {0, unbounded}, "highest level; 0 is 1 (ve), 80 (edm)");
  line.integer("levels", &o->levels, {0, 1000}, "ve: levels of the geometric ladder; 0 is 10");
  line.number("p-mean", &o->p_mean, {-100, 100}, "edm: mean of ln sigma in training");
  line.number("p-std", &o->p_std, {0, 100, true},
              "edm: standard deviation of ln sigma in training");
  line.number("sigma-data", &o->sigma_data, {0, unbounded},
              "standard deviation of the data; 0 measures each column");
  o->training.options.steps = 5000;
  o->training.options.learning_rate = 2e-3;
  o->training.options.ema = 0.999;
  add_training(line, &o->training);
  line.group("Computation and output");
  add_output(line, &o->output);
  add_seed(line, &o->compute);
  add_threads(line, &o->compute);
  add_training_precision(line, &o->compute);
  add_common(line, &o->common);
}

void require_process(const CommandLine& line, const Process& process, ProcessKind kind,
                     const std::vector<const char*>& options) {
  for (const char* option : options)
    if (line.given(option) && process.kind != kind)
      fail_usage(std::string("option --") + option + ": belongs to --process " +
                 process_name(kind));
}

// The process asked for; sets the words that were left out.
Process choose(const CommandLine& line, Options* o) {
  if (o->process.empty()) o->process = o->objective == "dsm" ? "ve" : "edm";
  if (o->objective.empty()) o->objective = o->process == "edm" ? "denoise" : "dsm";
  if (o->parametrization.empty()) o->parametrization = o->process == "edm" ? "edm" : "noise";
  Process process = Process::with_defaults(process_named(o->process, "--process"));
  require_process(line, process, ProcessKind::none, {"sigma"});
  require_process(line, process, ProcessKind::ve, {"levels"});
  require_process(line, process, ProcessKind::edm, {"p-mean", "p-std"});
  if (process.kind == ProcessKind::none) {
    if (line.given("sigma-min") || line.given("sigma-max"))
      fail_usage(
          "--process none has one level: give --sigma in place of --sigma-min and --sigma-max");
    process.sigma = o->sigma != 0 ? o->sigma : 0.1;
    return process;
  }
  if (o->sigma_min != 0) process.sigma_min = o->sigma_min;
  if (o->sigma_max != 0) process.sigma_max = o->sigma_max;
  if (o->levels != 0) process.levels = static_cast<int>(o->levels);
  if (process.sigma_min >= process.sigma_max)
    fail_usage("--sigma-min " + number_text(process.sigma_min) + " is not below --sigma-max " +
               number_text(process.sigma_max));
  process.p_mean = o->p_mean;
  process.p_std = o->p_std;
  return process;
}

RunSettings settings_of(const Options& o, const Process& process) {
  return {{"objective", o.objective},
          {"process", o.process},
          {"parametrization", o.parametrization},
          {"hidden", std::to_string(o.hidden)},
          {"depth", std::to_string(o.depth)},
          {"sigma", number_text(process.sigma)},
          {"sigma-min", number_text(process.sigma_min)},
          {"sigma-max", number_text(process.sigma_max)},
          {"levels", std::to_string(process.levels)},
          {"p-mean", number_text(process.p_mean)},
          {"p-std", number_text(process.p_std)},
          {"sigma-data", number_text(o.sigma_data)}};
}

int body(int argc, char** argv) {
  CommandLine line("score-train", "[OPTIONS] [INPUT]",
                   "Fits a score model to the rows of INPUT by denoising.",
                   "tensor-gen moons -n 20000 | score-train --steps 2000 -o score.h5");
  Options o;
  std::vector<std::string> inputs;
  line.operands(&inputs, 0, 1, "INPUT");
  declare(line, &o);
  if (!line.parse(argc, argv)) return 0;
  finish_training(line, o.compute, o.output, &o.training);
  ScoreDescription description;
  description.process = choose(line, &o);
  watch_stop_signals();

  const std::string input = inputs.empty() ? "-" : inputs[0];
  const TrainingData data = read_training_data(input, o.training);
  if (data.rows.columns > static_cast<std::size_t>(most_score_dimension))
    fail_invalid("rows of " + std::to_string(data.rows.columns) +
                 " numbers; a score model takes up to " + std::to_string(most_score_dimension));
  description.dimension = static_cast<int>(data.rows.columns);
  description.parametrization = parametrization_named(o.parametrization, "--parametrization");
  description.hidden = static_cast<int>(o.hidden);
  description.depth = static_cast<int>(o.depth);
  measure_data(data.rows, input == "-" ? "standard input" : input, o.sigma_data, &description);
  const ScoreModel model(description, o.training.options.seed);
  const auto objective = make_objective(o.objective, &model, "--objective");
  const ElementType type =
      o.compute.precision == "float64" ? ElementType::float64 : ElementType::float32;
  const auto write_model = [&](ContainerWriter* writer, const std::vector<double>& values) {
    ScoreModel trained = model;
    trained.parameters().values = values;
    write_score_model(writer, trained, data.row_shape, o.objective, type);
  };
  return run_training({line, o.common, o.compute, o.training, data, o.output,
                       settings_of(o, description.process), write_model},
                      *objective, model.parameters());
}

}  // namespace

int main(int argc, char** argv) {
  return run_program("score-train", [&] { return body(argc, argv); });
}
