// Adds the log density of a model to rows.
#include <algorithm>
#include <cmath>
#include <optional>

#include "base/error.hpp"
#include "base/stop.hpp"
#include "cli/program.hpp"
#include "density/row_evaluator.hpp"
#include "eval/density_summary.hpp"
#include "flow/flow.hpp"

using namespace pushforward;

namespace {

constexpr std::size_t block_rows = 16384;

struct Options {
  CommonOptions common;
  ComputeOptions compute;
  std::string model, output, method = "exact";
  bool score = false, summary = false, json = false;
  double sigma = 0;
};

std::vector<Expr> outputs_of(const Options& options, const Density& density, Scope scope, Expr x) {
  const Expr value = options.sigma > 0
                         ? density.noised_log_density(scope, x, x.graph().constant(1),
                                                      x.graph().constant(options.sigma))
                         : density.log_density(scope, x);
  if (!options.score) return {value};
  return {value, slice_columns(gradient(value, x), 0, density.dimension())};
}

// Datasets beside the rows go through unchanged; what this run computes replaces its own name.
std::vector<DatasetInfo> passengers(const Options& options, const RowReader& reader) {
  std::vector<DatasetInfo> kept;
  for (const DatasetInfo& info : reader.container().row_datasets()) {
    const bool replaced = info.path == "/log_density" || (info.path == "/score" && options.score) ||
                          info.path == reader.info().path || info.path == "/x";
    if (!replaced) kept.push_back(info);
  }
  return kept;
}

Shape row_shape_of(const DatasetInfo& info) {
  return Shape(info.shape.begin() + 1, info.shape.end());
}

void print_summary(std::vector<double>* values, std::size_t dimension, bool json) {
  const DensitySummary s = summarize_density(values, dimension);
  Report report({"n", "mean", "stderr", "median", "q01", "q99", "nonfinite", "bits_per_dim"});
  report.row({std::to_string(s.count), number_text(s.mean), number_text(s.standard_error),
              number_text(s.median), number_text(s.quantile_01), number_text(s.quantile_99),
              std::to_string(s.nonfinite), number_text(s.bits_per_dim)});
  print_report(report, json);
}

template <class T>
void run(const Options& options, const CommandLine& line, const Density& density,
         const RowReader& reader) {
  Workers workers(options.compute.thread_count());
  RowEvaluator<T> evaluator(
      [&](Scope scope, Expr x) { return outputs_of(options, density, scope, x); },
      density.parameters(), density.dimension() + density.context_columns(), &workers);
  std::optional<ContextReader> context;
  if (density.context_columns() > 0)
    context = flow_context(dynamic_cast<const Flow&>(density), reader);
  const std::size_t columns = reader.columns();
  const std::vector<DatasetInfo> others = passengers(options, reader);
  std::vector<double> all;
  std::unique_ptr<ContainerWriter> writer;
  if (!options.summary) {
    writer = std::make_unique<ContainerWriter>(
        options.output, "tensors", provenance(line, options.common, reader.container().history()));
    writer->create_rows("/x", reader.info().type, reader.row_shape());
    for (const DatasetInfo& info : others)
      writer->create_rows(info.path, info.type, row_shape_of(info));
    writer->create_rows("/log_density", element_type<T>(), {});
    if (options.score) writer->create_rows("/score", element_type<T>(), reader.row_shape());
  }
  Progress progress(options.common.progress_mode(), "logdensity", reader.rows(), "row");
  for (std::size_t row = 0; row < reader.rows(); row += block_rows) {
    throw_if_stopped();
    const std::size_t count = std::min(block_rows, reader.rows() - row);
    const Array block = reader.read_array(row, count);
    std::vector<T> x = block.to<T>();
    if (context) x = beside(x, columns, context->read<T>(row, count), context->columns());
    const std::vector<std::vector<T>> out = evaluator.run(x.data(), count);
    progress.update(row + count);
    if (options.summary) {
      all.insert(all.end(), out[0].begin(), out[0].end());
      continue;
    }
    writer->append_rows("/x", block);
    for (const DatasetInfo& info : others)
      writer->append_rows(info.path, reader.container().read_rows(info.path, row, count));
    writer->append_rows("/log_density", Array::of(out[0], {count}));
    if (options.score) writer->append_rows("/score", Array::of(out[1], block.shape));
  }
  if (options.summary)
    print_summary(&all, columns, options.json);
  else
    writer->commit();
}

int body(int argc, char** argv) {
  CommandLine line(
      "logdensity", "-m MODEL [OPTIONS] [INPUT]",
      "Adds the log density of a model, in nats of the data as given, to the rows of INPUT.",
      "logdensity -m moons.h5 test.h5 --summary");
  Options options;
  std::vector<std::string> inputs;
  line.operands(&inputs, 0, 1, "INPUT");
  line.group("Density");
  line.text("model,m", &options.model, "MODEL", "flow or analytic model (required)");
  line.choice("method", &options.method, {"exact"}, "how the density is computed");
  line.flag("score", &options.score, "add /score, the gradient of the log density");
  line.number("sigma", &options.sigma, {0, unbounded},
              "density after normal noise of this deviation; mixtures only");
  line.flag("summary", &options.summary, "print statistics instead of writing rows");
  add_json(line, &options.json);
  line.group("Computation and output");
  add_output(line, &options.output);
  add_threads(line, &options.compute);
  add_precision(line, &options.compute);
  add_common(line, &options.common);
  if (!line.parse(argc, argv)) return 0;
  if (options.model.empty()) fail_usage("-m MODEL is needed");
  if (options.json && !options.summary) fail_usage("--json goes with --summary");
  const std::string input = inputs.empty() ? "-" : inputs[0];
  if (input == "-" && options.model == "-")
    fail_usage("only one of the model and the rows can come from standard input");
  if (!options.summary) refuse_terminal_output(options.output);
  refuse_terminal_input(options.model);
  refuse_terminal_input(input);
  watch_stop_signals();
  std::unique_ptr<Density> density;
  {
    const ContainerReader reader(options.model);
    density = read_density(reader);
    if (options.sigma > 0 && !density->noised())
      fail_invalid(reader.name() +
                   ": this model has no exact density under noise; --sigma needs a mixture");
  }
  const RowReader reader(input);
  reader.require_columns(static_cast<std::size_t>(density->dimension()), "the model");
  if (options.compute.precision == "float64")
    run<double>(options, line, *density, reader);
  else
    run<float>(options, line, *density, reader);
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  return run_program("logdensity", [&] { return body(argc, argv); });
}
