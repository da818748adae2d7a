#include "cli/training.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <optional>

#include "base/error.hpp"
#include "base/instruction_set.hpp"
#include "base/random.hpp"
#include "base/short_number.hpp"
#include "cli/parse_number.hpp"
#include "cli/training_log.hpp"
#include "flow/dequantization.hpp"
#include "io/context.hpp"
#include "io/rows.hpp"

namespace pushforward {
namespace {

constexpr double max_steps = 4e9;  // a step number has 32 bits

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
  settings["patience"] = std::to_string(o.patience);
  settings["validate-every"] = std::to_string(o.validate_every);
  settings["log-every"] = std::to_string(o.log_every);
  settings["seed"] = std::to_string(o.seed);
  settings["precision"] = command.compute.precision;
  return settings;
}

void add_validation(CommandLine& line, TrainingCommand* command) {
  TrainingOptions& o = command->options;
  line.input_file("validation", &command->validation, "FILE|FRACTION",
                  "held-out rows; the weights best on them are kept",
                  [](const std::string& value) { return !number_in(value); });
  line.integer("patience", &o.patience, {0, max_steps},
               "stop after this many validations without a better one; 0 is never");
  line.integer("validate-every", &o.validate_every, {0, max_steps},
               "steps between validations; 0 is an epoch, at least 100 steps");
}

}  // namespace

void add_training(CommandLine& line, TrainingCommand* command) {
  TrainingOptions& o = command->options;
  line.group("Training");
  line.integer("steps", &o.steps, {1, max_steps}, "optimizer steps");
  line.integer("epochs", &o.epochs, {0, max_steps}, "passes over the rows, instead of --steps");
  line.exclude("steps", {"epochs"});
  line.integer("batch", &o.batch, {1, 1 << 24}, "rows of a step");
  line.number("lr", &o.learning_rate, Range::above(0), "learning rate of Adam");
  line.choice("schedule", &command->schedule, {"constant", "cosine", "step"},
              "learning rate over the run: cosine falls to 0, step to a tenth at 1/2 and 3/4");
  line.integer("warmup", &o.warmup, {0, max_steps}, "steps of linear rise of the learning rate");
  line.number("weight-decay", &o.weight_decay, Range::at_least(0), "decoupled weight decay");
  line.number("l2", &o.l2, Range::at_least(0),
              "L2 penalty: this times a weight is added to its gradient");
  line.number("clip-norm", &o.clip_norm, Range::at_least(0), "largest gradient norm; 0 is none");
  line.number("ema", &o.ema, Range::at_least(0).below(1), "decay of averaged weights; 0 is none");
  if (command->validates) add_validation(line, command);
  line.side_file("checkpoint", &command->checkpoint, "save what --resume needs, here",
                 {FileFormat::hdf5}, "resume");
  line.text("checkpoint-every", &command->checkpoint_every, "N|Nm",
            "steps, or minutes, between checkpoints");
  line.input_file("resume", &command->resume, "FILE", "go on from a checkpoint, to the same bits");
  line.side_file("log", &command->log, "training log as tab-separated values", {FileFormat::table});
  line.integer("log-every", &o.log_every, {1, max_steps}, "steps a log row averages over");
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
  const bool minutes = !text.empty() && text.back() == 'm';
  const auto value = number_in(minutes ? text.substr(0, text.size() - 1) : text);
  if (!value || *value <= 0 || *value > max_steps || (!minutes && *value != std::floor(*value)))
    fail_usage("option --" + option + ": " + text +
               " is neither a number of steps (500) nor of minutes (5m)");
  if (minutes) return {0, 60 * *value};
  return {static_cast<std::int64_t>(*value), 0};
}

void finish_training(const CommandLine& line, TrainingCommand* command) {
  TrainingOptions& o = command->options;
  if (line.given("epochs")) {
    if (o.epochs < 1) fail_usage("option --epochs: 0 is outside 1..4000000000");
    o.steps = 0;
  }
  o.schedule = command->schedule == "cosine" ? Schedule::cosine
               : command->schedule == "step" ? Schedule::step
                                             : Schedule::constant;
  if (o.patience > 0 && command->validation.empty()) fail_usage("--patience needs --validation");
  if (const auto fraction = number_in(command->validation);
      fraction && !(*fraction > 0 && *fraction < 1))
    fail_usage("option --validation: a fraction is between 0 and 1, not " + command->validation);
  if (!command->checkpoint_every.empty()) {
    if (command->checkpoint.empty()) fail_usage("--checkpoint-every needs --checkpoint FILE");
    const Pace every = parse_pace("checkpoint-every", command->checkpoint_every);
    o.checkpoint_every_seconds = every.seconds;
    o.checkpoint_every_steps = every.steps;
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

namespace {

// Did the loss end far above where it began? A noisy loss, and one that is below 0, wander by about
// their size.
bool loss_rose(const std::vector<LogRow>& log) {
  if (log.size() < 2) return false;
  // The least of the last rows: one bad batch is no rise.
  const std::size_t few = std::max<std::size_t>(1, std::min<std::size_t>(5, log.size() / 4));
  const double begin = log.front().loss;
  double end = log.back().loss;
  for (std::size_t i = 1; i < few; ++i) end = std::min(end, log[log.size() - 1 - i].loss);
  return end > begin + 2 * std::max(1.0, std::abs(begin));
}

}  // namespace

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
  hooks.progress = command.common.progress_mode();
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
  // The losses of two learners that work against each other go up and down.
  if (!has_adversary && loss_rose(state.log))
    warn("the loss ended at " + short_number(state.log.back().loss) + ", it began at " +
         short_number(state.log.front().loss) + "; a smaller --lr or --clip-norm may help");
  if (hooks.checkpoint) hooks.checkpoint(state);
  model.write(&output, final_parameters(state));
  write_row_names(&output, data.names);
  write_training_log(&output, state.log);
  output.commit();
  commit_records();
  return 0;
}

}  // namespace pushforward
