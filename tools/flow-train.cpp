// Fits a normalizing flow by maximum likelihood.
#include <optional>

#include "base/error.hpp"
#include "base/stop.hpp"
#include "cli/training.hpp"
#include "flow/base.hpp"
#include "flow/flow.hpp"
#include "flow/likelihood.hpp"
#include "flow/standardization.hpp"
#include "flow/trajectory.hpp"
#include "nn/row_warnings.hpp"

using namespace pushforward;

namespace {

// The model's options as the command line has them.
struct ModelOptions {
  FlowSpec spec;
  std::string base, order, context;
  bool label = false, standardize = false;
};

void add_model(CommandLine& line, ModelOptions* o) {
  line.group("Model");
  line.choice("flow", &o->spec.flow, flow_names(), "kind of flow");
  line.integer("layers", &o->spec.layers, {1, most_layers}, "layers");
  line.integer("hidden", &o->spec.hidden, {1, most_hidden}, "units of a hidden layer");
  line.integer("depth", &o->spec.depth, {0, most_depth},
               "hidden layers of a network; of the splines' networks, residual blocks");
  line.integer("bins", &o->spec.bins, {2, most_bins}, "bins of a spline");
  line.number("bound", &o->spec.bound, {least_bound, most_bound},
              "splines bend [-bound, bound]; beyond, they are the identity");
  line.choice("order", &o->order, {"reversed", "random"},
              "of the columns in the layers of maf, iaf (default reversed), spline and "
              "spline-ar (random); it is saved with the model");
  line.flag("batch-norm", &o->spec.batch_norm, "batch normalisation between layers");
  line.choice("base", &o->base, base_names(),
              "noise distribution; nice has logistic by default, the others normal");
  line.integer("components", &o->spec.components, {1, most_components}, "of --base mixture");
  line.flag("label", &o->label, "condition on the whole numbers in /label");
  line.text("context", &o->context, "/PATH", "condition on the vectors in this dataset of INPUT");
  line.flag("standardize", &o->standardize, "shift and scale every column to mean 0, deviation 1");
}

// Error(usage) for an option that the kind of flow does not look at.
void refuse_unused(const CommandLine& line, const ModelOptions& o) {
  const FlowKind& kind = flow_kind(o.spec.flow);
  const auto refuse = [&](const char* option, const std::string& why) {
    if (line.given(option)) fail_usage(why + ", so no --" + option);
  };
  const std::string flow = "--flow " + o.spec.flow;
  for (const char* option : {"hidden", "depth"})
    if (!kind.has_networks && o.base != "rad" && o.base != "mixture")
      refuse(option, flow + " has no networks");
  for (const char* option : {"bins", "bound"})
    if (!kind.has_splines) refuse(option, flow + " has no splines");
  for (const char* option : {"label", "context"})
    if (!kind.takes_context) refuse(option, flow + " cannot be conditioned");
  if (kind.order == ColumnOrder::as_given || kind.order == ColumnOrder::rotation)
    refuse("order", flow + " has no order to choose");
  if (o.base != "mixture") refuse("components", "only --base mixture has components");
  if (line.given("context") && !is_context_path(o.context))
    fail_usage("option --context: '" + o.context +
               "' is no dataset beside the rows; name one such as /label");
  if (o.label && !o.context.empty()) fail_usage("--label and --context exclude each other");
}

// The flow as described by the options and the rows.
FlowSpec spec_of(const ModelOptions& o, const TrainingData& data, std::uint64_t seed) {
  const FlowKind& kind = flow_kind(o.spec.flow);
  FlowSpec spec = o.spec;
  spec.context = data.context;
  spec.classes = data.classes;
  spec.context_path = o.label ? "/label" : o.context;
  spec.dimension = static_cast<int>(data.rows.columns) - spec.context;
  if (spec.dimension < kind.least_columns)
    fail_invalid("rows have one column; --flow " + spec.flow + " needs at least two");
  spec.base = o.base.empty() ? kind.base : o.base;
  spec.start_seed = seed;
  if (!o.order.empty())
    spec.orders = column_orders(o.order == "random" ? ColumnOrder::random : ColumnOrder::reversed,
                                spec.layers, spec.dimension, seed);
  return spec;
}

RunSettings settings_of(const FlowSpec& spec, const ModelOptions& o) {
  return {{"flow", spec.flow},
          {"base", spec.base},
          {"layers", std::to_string(spec.layers)},
          {"hidden", std::to_string(spec.hidden)},
          {"depth", std::to_string(spec.depth)},
          {"bins", std::to_string(spec.bins)},
          {"bound", number_text(spec.bound)},
          {"order", o.order},
          {"batch-norm", spec.batch_norm ? "yes" : "no"},
          {"components", std::to_string(spec.components)},
          {"context", spec.context_path},
          {"standardize", o.standardize ? "yes" : "no"}};
}

int body(int argc, char** argv) {
  CommandLine line("flow-train", "[OPTIONS] [INPUT]",
                   "Fits a normalizing flow to the rows of INPUT by maximum likelihood.",
                   "tensor-gen moons -n 20000 | flow-train --steps 2000 -o moons.h5");
  CommonOptions common;
  ComputeOptions compute;
  TrainingCommand training;
  training.options.steps = 10000;
  training.options.learning_rate = 2e-3;
  training.schedule = "cosine";
  ModelOptions model;
  std::string output;
  std::vector<std::string> inputs;
  line.operands(&inputs, 0, 1, "INPUT");
  add_model(line, &model);
  add_training(line, &training);
  add_trajectory(line, &training);
  line.group("Computation and output");
  add_output(line, &output);
  add_seed(line, &compute);
  add_threads(line, &compute);
  add_network_precision(line, &compute);
  add_common(line, &common);
  if (!line.parse(argc, argv)) return 0;
  finish_training(line, compute, output, &training);
  refuse_unused(line, model);
  // A lane of few rows has no statistics worth the name.
  if (model.spec.batch_norm && training.options.batch < 16)
    fail_usage("--batch-norm needs --batch 16 or more");
  watch_stop_signals();

  const ContextSource context{model.label ? "/label" : model.context, model.label};
  const TrainingData data = read_training_data(inputs.empty() ? "-" : inputs[0], training, context);
  const FlowSpec spec = spec_of(model, data, training.options.seed);
  for (const std::string& warning :
       row_warnings(data.rows, static_cast<std::size_t>(spec.dimension)))
    warn(warning);
  Flow flow(spec, model.standardize ? standardization_of(data.rows, spec) : Standardization{},
            training.options.seed);
  if (flow.has_statistics(Statistics::at_start)) {
    Workers workers(training.options.threads);
    std::vector<double> start = flow.parameters().values;
    flow.update_statistics(data.rows, true, &workers, &start);
    flow.parameters().values = start;
  }
  const NegativeLogLikelihood objective(&flow);
  const ElementType type =
      compute.precision == "float64" ? ElementType::float64 : ElementType::float32;
  const auto write_model = [&](ContainerWriter* writer, const std::vector<double>& values) {
    FlowSpec written = flow.spec();  // with its orders
    written.start_seed.reset();
    Flow trained(written, flow.standardization(), training.options.seed);
    trained.parameters().values = values;
    write_flow(writer, trained, data.row_shape, type);
  };
  TrainingRun run{line,       common, compute, training, data, output, settings_of(spec, model),
                  write_model};
  std::optional<Trajectory> trajectory;
  if (!training.trajectory.empty()) {
    Provenance origin = provenance(line, common, data.history);
    origin.seed = training.options.seed;
    trajectory.emplace(flow, data.rows, static_cast<std::size_t>(training.trajectory_rows),
                       data.row_shape, training.options.seed, training.options.threads,
                       ContainerWriter(training.trajectory, "tensors", origin));
    run.viewer = {training.trajectory_every, [&](std::int64_t step, const std::vector<double>& at) {
                    trajectory->add(step, at);
                  }};
    run.finish_viewer = [&] { trajectory->commit(); };
  }
  return run_training(run, objective, flow.parameters());
}

}  // namespace

int main(int argc, char** argv) {
  return run_program("flow-train", [&] { return body(argc, argv); });
}
