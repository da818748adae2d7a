// Draws rows from a flow, decodes given noise, or maps rows to noise.
#include <optional>
#include <tuple>

#include "base/error.hpp"
#include "base/shard.hpp"
#include "base/stop.hpp"
#include "cli/class_choice.hpp"
#include "cli/label_warning.hpp"
#include "cli/path_options.hpp"
#include "cli/program.hpp"
#include "flow/sample_run.hpp"
#include "nn/model_file.hpp"

using namespace pushforward;

namespace {

struct Options {
  CommonOptions common;
  ComputeOptions compute;
  std::string model, output, latent, encode, context, label;
  std::int64_t count = 1000, steps = default_path_steps;
  PathOptions path;
  double temperature = 1;
  bool log_density = false;
  Shard shard;
  // The file that gives rows: noise, rows to encode, or contexts alone.
  [[nodiscard]] const std::string& source() const {
    return !encode.empty() ? encode : !latent.empty() ? latent : context;
  }
};

// The flow's model, and the rows or contexts this run is given.
struct Inputs {
  std::unique_ptr<Flow> flow;
  Shape row_shape;
  RowNames names;
  std::vector<std::string> history;
  std::unique_ptr<RowReader> rows;
  std::optional<RowConditions> conditions;
  std::optional<RowPath> path;
  std::uint64_t first = 0, end = 0;  // the rows to make
};

Inputs read_inputs(const CommandLine& line, const Options& options) {
  Inputs in;
  {
    const ContainerReader reader(options.model);
    in.flow = read_flow(reader);
    in.row_shape = read_row_shape(reader, in.flow->dimension());
    in.names = read_row_names(reader, in.flow->dimension());
    in.history = reader.history();
  }
  const FlowSpec& spec = in.flow->spec();
  const std::string& source = options.source();
  if (spec.context == 0 && !options.context.empty())
    fail_invalid(options.model + ": this flow is not conditional; leave out --context");
  if (!source.empty()) {
    in.rows = std::make_unique<RowReader>(source);
    if (source != options.context)
      in.rows->require_columns(static_cast<std::size_t>(spec.dimension), "the flow");
    in.history = in.rows->container().history();
  }
  if (in.rows && options.label.empty())
    warn_of_untrained_labels(*in.rows, spec.context_path, spec.class_rows);
  const std::uint64_t count = in.rows ? in.rows->rows() : static_cast<std::uint64_t>(options.count);
  in.path = asked_path(line, options.path, options.steps,
                       spec.base == "normal" ? PathKind::spherical : PathKind::linear,
                       options.encode.empty() ? nullptr : in.rows.get());
  const std::vector<int> labels = chosen_classes(options.label, in.names);
  if (in.path && labels.size() > 1)
    fail_usage("option --label: a path has one class for all its rows");
  in.conditions.emplace(in.flow.get(), SharedClasses{labels, count}, in.rows.get(), options.model);
  std::tie(in.first, in.end) = options.shard.range(in.path ? in.path->rows() : count, shard_block);
  return in;
}

int body(int argc, char** argv) {
  CommandLine line("flow-sample", "-m MODEL [OPTIONS]", "Draws rows from a normalizing flow.",
                   "flow-sample -m moons.h5 -n 10000 -o samples.h5");
  Options options;
  std::string shard;
  line.group("Sampling");
  line.input_file("model,m", &options.model, "MODEL", "flow to sample (required)");
  line.integer("count,n", &options.count, {1, 1e15}, "rows to draw");
  line.flag("log-density", &options.log_density, "add /log_density, in nats");
  line.number("temperature", &options.temperature, Range::at_least(0), "scale of the noise");
  line.text("label", &options.label, "CLASS,...",
            "class to draw, by name or number, of a flow trained with --label; several share the "
            "rows evenly, in this order");
  line.input_file("context", &options.context, "FILE",
                  "draw a row for every row of FILE, given the context that stands there");
  line.input_file("latent", &options.latent, "FILE",
                  "decode the noise in /x of FILE instead of drawing it");
  line.input_file("encode", &options.encode, "INPUT",
                  "map the rows of INPUT to noise: /x and /log_det");
  add_path(line, &options.path);
  line.integer("steps", &options.steps, {1, max_path_steps},
               "of --between, from one row to the next");
  line.text("shard", &shard, "I/N", "draw the I-th of N parts of the rows, I from 1");
  line.group("Computation and output");
  add_output(line, &options.output);
  add_seed(line, &options.compute);
  add_threads(line, &options.compute);
  add_precision(line, &options.compute);
  add_common(line, &options.common);
  line.exclude("encode", {"latent", "count", "shard", "temperature", "log-density", "context"});
  line.exclude("latent", {"count", "temperature", "context"});
  line.exclude("context", {"count", "label"});
  if (!line.parse(argc, argv)) return 0;
  if (options.model.empty()) fail_usage("-m MODEL is needed");
  if (line.given("steps") && !line.given("between")) fail_usage("--steps needs --between A,B");
  options.shard = Shard::parse(shard);
  watch_stop_signals();
  const Inputs inputs = read_inputs(line, options);
  Provenance origin = provenance(line, options.common, inputs.history);
  origin.seed = static_cast<std::uint64_t>(options.compute.seed);
  ContainerWriter writer(options.output, "tensors", origin);
  Progress progress(options.common.progress_style(), "flow-sample", inputs.end - inputs.first,
                    "row");
  SampleRun run;
  run.task = inputs.path               ? SampleTask::between
             : !options.encode.empty() ? SampleTask::encode
             : !options.latent.empty() ? SampleTask::decode
                                       : SampleTask::draw;
  run.path = inputs.path;
  run.temperature = options.temperature;
  run.log_density = options.log_density;
  run.seed = static_cast<std::uint64_t>(options.compute.seed);
  run.first = inputs.first;
  run.end = inputs.end;
  run.threads = options.compute.thread_count();
  run.model = options.model;
  run.progress = [&](std::uint64_t done) { progress.update(done); };
  const Standardization& standard = inputs.flow->standardization();
  if (run.task != SampleTask::encode)
    warn_of_coarse_output(standard.shift, standard.scale, options.compute);
  const auto write =
      options.compute.precision == "float64" ? write_samples<double> : write_samples<float>;
  write(*inputs.flow, inputs.row_shape, run, inputs.rows.get(), *inputs.conditions, &writer);
  if (run.task != SampleTask::encode) {
    const FlowSpec& spec = inputs.flow->spec();
    set_row_names(inputs.names, spec.classes > 0 ? spec.context_path : std::string(), &writer);
  }
  writer.commit();
  if (run.task != SampleTask::draw)
    warn_not_used(inputs.rows->container(), inputs.flow->spec().context_path);
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  return run_program("flow-sample", [&] { return body(argc, argv); });
}
