#include "cli/training.hpp"

#include <unistd.h>

#include <cmath>
#include <cstring>
#include <optional>

#include "base/error.hpp"
#include "base/instruction_set.hpp"
#include "base/random.hpp"
#include "base/short_number.hpp"
#include "cli/parse_number.hpp"
#include "cli/training_log.hpp"
#include "cli/training_report.hpp"
#include "flow/dequantization.hpp"
#include "io/context.hpp"
#include "io/rows.hpp"
#include "nn/model_file.hpp"

namespace pushforward {
namespace {

constexpr double max_steps = 4e9;  // a step number has 32 bits
constexpr const char* automatic = "auto";
constexpr const char* default_validation = "0.1";

RunSettings run_settings(const TrainingCommand& command, const TrainingData& data,
                         const TrainedModel& model) {
  const TrainingOptions& o = command.options;
  RunSettings settings = model.settings;
  settings["rows"] = data.checksum;
  settings["batch"] = std::to_string(o.batch);
  settings["lr"] = number_text(o.learning_rate);
  settings["schedule"] = command.schedule;
  if (o.schedule != Schedule::constant)
    settings["total-steps"] = std::to_string(o.total_steps(data.rows.count()));
  settings["warmup"] = std::to_string(o.warmup);
  settings["weight-decay"] = number_text(o.weight_decay);
  settings["l2"] = number_text(o.l2);
  settings["clip-norm"] = number_text(o.clip_norm);
  settings["ema"] = number_text(o.ema);
  settings["patience"] = command.patience;
  settings["validate-every"] = std::to_string(o.validate_every);
  settings["log-every"] = std::to_string(o.log_every);
  settings["seed"] = std::to_string(o.seed);
  settings["precision"] = command.compute.precision;
  return settings;
}

void add_validation(CommandLine& line, TrainingCommand* command) {
  TrainingOptions& o = command->options;
  command->validation = default_validation;
  line.input_file(
      "validation", &command->validation, "FILE|FRACTION",
      "held-out rows; the weights best on them are kept; 0: none. By default a tenth of "
      "the rows, at most 10000, where there are at least 20",
      [](const std::string& value) { return !number_in(value); });
  line.text("patience", &command->patience, "N|auto",
            "stop after this many validations without a better one; 0: never; auto: never where "
            "--steps or --epochs is given, else after a quarter of the steps and at least 20 "
            "validations");
  line.integer("validate-every", &o.validate_every, {0, max_steps},
               "steps between validations; 0: so many that they take about a tenth of the time, at "
               "least 10");
}

// "64", or "auto", which leaves the value as it is.
template <class T>
void set_unless_auto(const std::string& option, const std::string& text, Range range, T* value) {
  if (text == automatic) return;
  try {
    if constexpr (std::is_integral_v<T>)
      *value = parse_integer(text, range);
    else
      *value = parse_number(text, range);
  } catch (const Error& error) {
    fail_usage("option --" + option + ": " + error.what() + ", or auto");
  }
}

void finish_validation(const CommandLine& line, TrainingCommand* command) {
  command->default_validation = command->validates && !line.given("validation");
  if (const auto fraction = number_in(command->validation)) {
    if (!(*fraction >= 0 && *fraction < 1))
      fail_usage("option --validation: a fraction is from 0 to below 1, not " +
                 command->validation);
    if (*fraction == 0) command->validation.clear();
  }
  // How long a run is, the user has said.
  const bool chosen_length = line.given("steps") || line.given("epochs");
  command->options.patience = chosen_length ? 0 : automatic_patience;
  set_unless_auto("patience", command->patience, {0, max_steps}, &command->options.patience);
  if (command->options.patience > 0 && command->validation.empty())
    fail_usage("--patience needs --validation");
}

}  // namespace

void add_training(CommandLine& line, TrainingCommand* command, const AutomaticHelp& help) {
  TrainingOptions& o = command->options;
  line.group("Training");
  line.integer("steps", &o.steps, {1, max_steps}, "optimizer steps");
  line.integer("epochs", &o.epochs, {0, max_steps}, "passes over the rows, instead of --steps");
  line.exclude("steps", {"epochs"});
  line.text("batch", &command->batch, "N|auto", "rows of a step; auto: " + help.batch);
  line.number("lr", &o.learning_rate, Range::above(0), "learning rate of Adam");
  line.choice("schedule", &command->schedule, {"constant", "cosine", "step"},
              "learning rate over the run: cosine falls to 0, step to a tenth at 1/2 and 3/4");
  line.integer("warmup", &o.warmup, {0, max_steps}, "steps of linear rise of the learning rate");
  line.text("weight-decay", &command->weight_decay, "W|auto",
            "decoupled weight decay; auto: " + help.weight_decay);
  line.number("l2", &o.l2, Range::at_least(0),
              "L2 penalty: this times a weight is added to its gradient");
  line.text("clip-norm", &command->clip_norm, "C|auto",
            "largest gradient norm; 0: none; auto: " + help.clip_norm);
  line.number("ema", &o.ema, Range::at_least(0).below(1), "decay of averaged weights; 0 is none");
  if (command->validates) add_validation(line, command);
  line.side_file("checkpoint", &command->checkpoint, "save what --resume needs, here",
                 {FileFormat::hdf5}, "resume");
  line.text("checkpoint-every", &command->checkpoint_every, "N|Nm",
            "steps, or minutes, between checkpoints");
  line.input_file(
      "resume", &command->resume, "FILE|auto",
      "go on from a checkpoint, to the same bits; auto: from that of --checkpoint, if it "
      "is there",
      [](const std::string& value) { return value != automatic; });
  line.side_file("log", &command->log, "training log as tab-separated values", {FileFormat::table});
  line.integer("log-every", &o.log_every, {1, max_steps}, "steps a log row averages over");
}

void add_init(CommandLine& line, TrainingCommand* command) {
  line.input_file("init", &command->init, "MODEL",
                  "start from this model's weights: go on, or adapt it to other rows");
}

void add_trajectory(CommandLine& line, TrainingCommand* command) {
  line.side_file("trajectory", &command->trajectory,
                 "write what the flow makes of the same noise all along, to be drawn as a film",
                 {FileFormat::hdf5});
  line.integer("trajectory-every", &command->trajectory_every, {1, max_steps},
               "steps between frames of the trajectory");
  line.integer("trajectory-rows", &command->trajectory_rows, {1, 1e6}, "rows of a frame");
}

void add_training_output(CommandLine& line, TrainingCommand* command) {
  line.group("Computation and output");
  add_output(line, &command->output);
  add_seed(line, &command->compute);
  add_threads(line, &command->compute);
  add_network_precision(line, &command->compute);
  add_common(line, &command->common);
}

Pace parse_pace(const std::string& option, const std::string& text) {
  const auto minutes = minutes_in(text), steps = number_in(text);
  if (minutes && *minutes <= max_steps) return {0, 60 * *minutes};
  if (!steps || *steps <= 0 || *steps > max_steps || *steps != std::floor(*steps))
    fail_usage("option --" + option + ": " + text +
               " is neither a number of steps (500) nor of minutes (5m)");
  return {static_cast<std::int64_t>(*steps), 0};
}

void take_defaults(const TrainingDefaults& defaults, TrainingCommand* command) {
  TrainingOptions& o = command->options;
  if (command->batch == automatic) o.batch = defaults.batch;
  if (command->weight_decay == automatic) o.weight_decay = defaults.weight_decay;
  if (command->clip_norm == automatic) o.clip_norm = defaults.clip_norm;
}

void finish_training(const CommandLine& line, TrainingCommand* command) {
  TrainingOptions& o = command->options;
  set_unless_auto("batch", command->batch, {1, 1 << 24}, &o.batch);
  set_unless_auto("weight-decay", command->weight_decay, Range::at_least(0), &o.weight_decay);
  set_unless_auto("clip-norm", command->clip_norm, Range::at_least(0), &o.clip_norm);
  if (line.given("epochs")) {
    if (o.epochs < 1) fail_usage("option --epochs: 0 is outside 1..4000000000");
    o.steps = 0;
  }
  o.schedule = command->schedule == "cosine" ? Schedule::cosine
               : command->schedule == "step" ? Schedule::step
                                             : Schedule::constant;
  finish_validation(line, command);
  if (!command->checkpoint_every.empty()) {
    if (command->checkpoint.empty()) fail_usage("--checkpoint-every needs --checkpoint FILE");
    const Pace every = parse_pace("checkpoint-every", command->checkpoint_every);
    o.checkpoint_every_seconds = every.seconds;
    o.checkpoint_every_steps = every.steps;
  }
  if (command->resume == automatic) {
    if (command->checkpoint.empty()) fail_usage("--resume auto needs --checkpoint FILE");
    command->resume.clear();
    if (access(command->checkpoint.c_str(), F_OK) == 0) command->resume = command->checkpoint;
  }
  if (command->checkpoint == "-") fail_usage("option --checkpoint: name a file");
  if (command->trajectory == "-") fail_usage("option --trajectory: name a file");
  if (command->trajectory.empty())
    for (const char* option : {"trajectory-every", "trajectory-rows"})
      if (line.given(option)) fail_usage(std::string("--") + option + " needs --trajectory FILE");
  o.seed = static_cast<std::uint64_t>(command->compute.seed);
  o.threads = command->compute.thread_count();
  o.products = network_products(command->compute);
}

Provenance training_provenance(const CommandLine& line, const TrainingCommand& command,
                               const TrainingData& data) {
  Provenance origin = provenance(line, command.common, data.history);
  origin.seed = command.options.seed;
  return origin;
}

int run_training(const CommandLine& line, const TrainingCommand& command, const TrainingData& data,
                 const TrainedModel& model) {
  const TrainingTask task{model.learners, model.table, data.rows, data.validation};
  const bool has_adversary = task.learners.adversary.has_value();
  const RunSettings settings = run_settings(command, data, model);
  const Provenance origin = training_provenance(line, command, data);
  TrainingState state;
  if (!command.resume.empty()) {
    const ContainerReader reader(command.resume);
    state = read_checkpoint(reader, task.table, settings);
    inform("resumed at step " + std::to_string(state.step));
  }
  inform(std::to_string(task.table.size()) + " parameters, " + instruction_set_name() +
         " instructions");
  ContainerWriter output(command.output, "model", origin);
  std::optional<TrainingLog> log;
  if (!command.log.empty()) log.emplace(command.log, has_adversary, settled_log(state));
  TrainingHooks hooks;
  hooks.progress = command.common.progress_style();
  hooks.program = line.program();
  hooks.planned = [&](std::size_t bytes) {
    char text[80];
    std::snprintf(text, sizeof text, "a step needs %.1f MiB", double(bytes) / 1048576);
    inform(text);
  };
  hooks.viewer = model.viewer;
  if (log) hooks.logged = [&](const LogRow& row, double seconds) { log->add(row, seconds); };
  hooks.warn = warn;
  if (!command.checkpoint.empty())
    hooks.checkpoint = [&](const TrainingState& now) {
      ContainerWriter writer(command.checkpoint, "model", origin);
      model.write(&writer, final_parameters(now));
      write_row_names(&writer, data.names);
      write_training_log(&writer, now.log);
      write_checkpoint(&writer, now, settings);
      writer.commit();
    };
  const auto commit_records = [&] {
    if (log) log->commit();
    if (model.finish_viewer) model.finish_viewer();
  };
  try {
    if (command.compute.precision == "float64")
      train<double>(task, command.options, hooks, &state);
    else
      train<float>(task, command.options, hooks, &state);
  } catch (...) {
    commit_records();  // the way up to the failure is worth seeing
    throw;
  }
  report_training(state, {command.options.total_steps(data.rows.count()), has_adversary});
  if (hooks.checkpoint) hooks.checkpoint(state);
  model.write(&output, final_parameters(state));
  write_row_names(&output, data.names);
  write_training_log(&output, state.log);
  output.commit();
  commit_records();
  return 0;
}

}  // namespace pushforward
