// Fits a normalizing flow by maximum likelihood.
#include <cmath>
#include <optional>

#include "base/error.hpp"
#include "base/stop.hpp"
#include "cli/training.hpp"
#include "flow/base.hpp"
#include "flow/flow.hpp"
#include "flow/likelihood.hpp"
#include "flow/trajectory.hpp"
#include "nn/row_warnings.hpp"

using namespace pushforward;

namespace {

// Mean and standard deviation of every column; a constant column keeps its scale.
Standardization measure(const TrainingRows& rows) {
  const std::size_t columns = rows.columns, count = rows.count();
  Standardization s;
  s.shift.assign(columns, 0);
  s.scale.assign(columns, 0);
  for (std::size_t i = 0; i < rows.values.size(); ++i)
    s.shift[i % columns] += static_cast<double>(rows.values[i]);
  for (double& shift : s.shift) shift /= static_cast<double>(count);
  for (std::size_t i = 0; i < rows.values.size(); ++i) {
    const double d = static_cast<double>(rows.values[i]) - s.shift[i % columns];
    s.scale[i % columns] += d * d;
  }
  for (std::size_t c = 0; c < columns; ++c) {
    s.scale[c] = std::sqrt(s.scale[c] / static_cast<double>(count));
    if (!(s.scale[c] > 0)) s.scale[c] = 1;
  }
  return s;
}

RunSettings settings_of(const FlowSpec& spec, bool standardize) {
  return {{"flow", spec.flow},
          {"base", spec.base},
          {"layers", std::to_string(spec.layers)},
          {"hidden", std::to_string(spec.hidden)},
          {"depth", std::to_string(spec.depth)},
          {"standardize", standardize ? "yes" : "no"}};
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
  FlowSpec spec;
  std::int64_t layers = spec.layers, hidden = spec.hidden, depth = spec.depth;
  std::string output, base;
  bool standardize = false;
  std::vector<std::string> inputs;
  line.operands(&inputs, 0, 1, "INPUT");
  line.group("Model");
  line.choice("flow", &spec.flow, flow_names(), "kind of flow");
  line.integer("layers", &layers, {1, most_layers}, "layers");
  line.integer("hidden", &hidden, {1, most_hidden}, "units of a hidden layer");
  line.integer("depth", &depth, {0, most_depth}, "hidden layers of a coupling's network");
  line.choice("base", &base, base_names(),
              "noise distribution; nice has logistic by default, the others normal");
  line.flag("standardize", &standardize, "shift and scale every column to mean 0, deviation 1");
  add_training(line, &training);
  add_trajectory(line, &training);
  line.group("Computation and output");
  add_output(line, &output);
  add_seed(line, &compute);
  add_threads(line, &compute);
  add_precision(line, &compute);
  add_common(line, &common);
  if (!line.parse(argc, argv)) return 0;
  finish_training(line, compute, output, &training);
  const FlowKind& kind = flow_kind(spec.flow);
  for (const char* option : {"hidden", "depth"})
    if (!kind.has_networks && line.given(option))
      fail_usage("--flow " + spec.flow + " has no networks, so no --" + option);
  watch_stop_signals();

  const TrainingData data = read_training_data(inputs.empty() ? "-" : inputs[0], training);
  if (data.rows.columns < static_cast<std::size_t>(kind.least_columns))
    fail_invalid("rows have one column; --flow " + spec.flow + " needs at least two");
  for (const std::string& warning : row_warnings(data.rows)) warn(warning);
  spec.dimension = static_cast<int>(data.rows.columns);
  spec.layers = static_cast<int>(layers);
  spec.hidden = static_cast<int>(hidden);
  spec.depth = static_cast<int>(depth);
  spec.base = base.empty() ? kind.base : base;
  Flow flow(spec, standardize ? measure(data.rows) : Standardization{}, training.options.seed);
  const NegativeLogLikelihood objective(&flow);
  const ElementType type =
      compute.precision == "float64" ? ElementType::float64 : ElementType::float32;
  const auto write_model = [&](ContainerWriter* writer, const std::vector<double>& values) {
    Flow trained(spec, flow.standardization(), training.options.seed);
    trained.parameters().values = values;
    write_flow(writer, trained, data.row_shape, type);
  };
  TrainingRun run{
      line, common, compute, training, data, output, settings_of(spec, standardize), write_model};
  std::optional<Trajectory> trajectory;
  if (!training.trajectory.empty()) {
    Provenance origin = provenance(line, common, data.history);
    origin.seed = training.options.seed;
    trajectory.emplace(&flow, static_cast<std::size_t>(training.trajectory_rows), data.row_shape,
                       training.options.seed, training.options.threads,
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
