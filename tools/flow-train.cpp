// Fits a normalizing flow by maximum likelihood.
#include <optional>

#include "base/error.hpp"
#include "base/stop.hpp"
#include "cli/flow_command.hpp"
#include "flow/flow.hpp"
#include "flow/likelihood.hpp"
#include "flow/standardization.hpp"
#include "flow/trajectory.hpp"
#include "nn/row_warnings.hpp"

using namespace pushforward;

namespace {

// A flow with starting weights drawn from the seed, and statistics of the rows.
std::unique_ptr<Flow> new_flow(const FlowCommand& model, const FlowSpec& spec,
                               const TrainingData& data, const TrainingCommand& training,
                               Workers* workers) {
  auto flow = std::make_unique<Flow>(
      spec,
      standardizes(model, data) ? standardization_of(data.rows, spec, workers) : Standardization{},
      training.options.seed);
  if (flow->has_statistics(RowStatistics::at_start))
    flow->update_statistics(data.rows, RowStatistics::at_start, workers,
                            &flow->parameters().values);
  return flow;
}

int body(int argc, char** argv) {
  CommandLine line("flow-train", "[OPTIONS] [INPUT]",
                   "Fits a normalizing flow to the rows of INPUT by maximum likelihood.",
                   "tensor-gen moons -n 20000 | flow-train --steps 2000 -o moons.h5");
  TrainingCommand training;
  training.options.steps = 10000;
  training.options.learning_rate = 2e-3;
  training.schedule = "cosine";
  FlowCommand model;
  line.input_operands(&training.inputs, 0, 1, {"INPUT"});
  add_flow_model(line, &model);
  add_training(line, &training, flow_training_help());
  add_init(line, &training);
  add_trajectory(line, &training);
  add_training_output(line, &training);
  if (!line.parse(argc, argv)) return 0;
  finish_training(line, &training);
  finish_flow_command(line, &model);
  watch_stop_signals();

  std::unique_ptr<Flow> initial = read_initial_flow(line, training, &model);
  const ContextSource context{model.context, model.label};
  const TrainingData data = read_training_data(training, context, row_use(model, initial.get()));
  const FlowSpec spec = describe_flow(line, model, initial.get(), data);
  take_defaults(training_defaults(spec, data), &training);
  // A lane of few rows has no statistics worth the name.
  if (model.spec.batch_norm && training.options.batch < 16)
    fail_usage("--batch-norm needs --batch 16 or more");
  warn_of_large_rows(model, data);
  // Noise makes 8-bit columns continuous, and no two of them equal.
  if (!spec.eight_bit())
    for (const std::string& warning : row_warnings(
             data.rows, static_cast<std::size_t>(spec.dimension), data.coarse, data.names.columns))
      warn(warning);
  Workers workers(training.options.threads);
  const std::unique_ptr<const Flow> flow =
      initial ? std::move(initial) : new_flow(model, spec, data, training, &workers);
  const NegativeLogLikelihood objective(flow.get());
  TrainedModel trained{objective, flow->parameters(), settings_of(model, spec, data),
                       [&](ContainerWriter* writer, const std::vector<double>& values) {
                         ParameterTable table = flow->parameters();
                         table.values = values;
                         write_flow(writer, flow->spec(), flow->standardization(), table,
                                    data.row_shape, training.stored_type());
                       }};
  std::optional<Trajectory> trajectory;
  if (!training.trajectory.empty()) {
    trajectory.emplace(
        *flow, data.rows, static_cast<std::size_t>(training.trajectory_rows), data.row_shape,
        training.options.seed, training.options.threads,
        ContainerWriter(training.trajectory, "tensors", training_provenance(line, training, data)));
    trained.viewer = {
        training.trajectory_every,
        [&](std::int64_t step, const std::vector<double>& at) { trajectory->add(step, at); }};
    trained.finish_viewer = [&] { trajectory->commit(); };
  }
  return run_training(line, training, data, trained);
}

}  // namespace

int main(int argc, char** argv) {
  return run_program("flow-train", [&] { return body(argc, argv); });
}
