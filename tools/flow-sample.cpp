// Draws rows from a flow, decodes given noise, or maps rows to noise.
#include <algorithm>
#include <optional>
#include <tuple>

#include "base/error.hpp"
#include "base/shard.hpp"
#include "base/stop.hpp"
#include "cli/program.hpp"
#include "flow/draw.hpp"
#include "flow/row_conditions.hpp"
#include "nn/model_file.hpp"

using namespace pushforward;

namespace {

constexpr std::size_t block_rows = 16384;

struct Options {
  CommonOptions common;
  ComputeOptions compute;
  std::string model, output, latent, encode, context;
  std::int64_t count = 1000;
  int label = -1;
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
  std::vector<std::string> history;
  std::unique_ptr<RowReader> rows;
  std::optional<RowConditions> conditions;
  std::uint64_t first = 0, end = 0;  // the rows to make
};

Inputs read_inputs(const Options& options) {
  Inputs in;
  {
    const ContainerReader reader(options.model);
    in.flow = read_flow(reader);
    in.row_shape = read_row_shape(reader, in.flow->dimension());
    in.history = reader.history();
  }
  const FlowSpec& spec = in.flow->spec();
  const std::string& source = options.source();
  if (spec.context == 0 && !options.context.empty())
    fail_invalid(options.model + ": this flow is not conditional; leave out --context");
  if (!source.empty()) {
    refuse_terminal_input(source);
    in.rows = std::make_unique<RowReader>(source);
    if (source != options.context)
      in.rows->require_columns(static_cast<std::size_t>(spec.dimension), "the flow");
    in.history = in.rows->container().history();
  }
  in.conditions.emplace(in.flow.get(), options.label, in.rows.get(), options.model);
  const std::uint64_t count = in.rows ? in.rows->rows() : static_cast<std::uint64_t>(options.count);
  std::tie(in.first, in.end) = options.shard.range(count, shard_block);
  return in;
}

// Writes the rows block by block; `make` gives block rows and the number beside each of them.
template <class T, class Make>
void write_rows(const Options& options, const Inputs& in, const Shape& shape,
                const std::string& beside_name, const Make& make, ContainerWriter* writer) {
  writer->create_rows("/x", element_type<T>(), shape);
  if (!beside_name.empty()) writer->create_rows(beside_name, element_type<T>(), {});
  in.conditions->create(writer);
  Progress progress(options.common.progress_mode(), "flow-sample", in.end - in.first, "row");
  for (std::uint64_t row = in.first; row < in.end; row += block_rows) {
    throw_if_stopped();
    const std::size_t count =
        static_cast<std::size_t>(std::min<std::uint64_t>(block_rows, in.end - row));
    const auto [x, number] = make(row, count, in.conditions->read<T>(row, count));
    require_finite_results(x, product(shape), row, options.model);
    Shape block = shape;
    block.insert(block.begin(), count);
    writer->append_rows("/x", Array::of(x, block));
    if (!beside_name.empty()) writer->append_rows(beside_name, Array::of(number, {count}));
    in.conditions->append(writer, row, count);
    progress.update(row + count - in.first);
  }
}

template <class T>
void run(const Options& options, const Inputs& in, ContainerWriter* writer) {
  using Pair = std::pair<std::vector<T>, std::vector<T>>;
  const Flow& flow = *in.flow;
  const std::size_t d = static_cast<std::size_t>(flow.dimension());
  const std::size_t c = static_cast<std::size_t>(flow.context_columns());
  Workers workers(options.compute.thread_count());
  const std::string density = options.log_density ? "/log_density" : "";
  if (options.encode.empty() && options.latent.empty()) {
    FlowSampler<T> sampler(flow, options.temperature, &workers);
    const auto draw = [&](std::uint64_t row, std::size_t count, const std::vector<T>& context) {
      auto rows =
          sampler.draw(count, static_cast<std::uint64_t>(options.compute.seed), row, context);
      return Pair(std::move(rows.x), std::move(rows.log_density));
    };
    write_rows<T>(options, in, in.row_shape, density, draw, writer);
    return;
  }
  const bool encodes = !options.encode.empty();
  const auto map = [&](Scope scope, Expr x, const Conditions& given) {
    const Mapped mapped = encodes ? flow.encode(scope, x, given) : flow.decode(scope, x, given);
    if (encodes) return std::vector<Expr>{mapped.value, mapped.log_det};
    const Expr log_base = flow.base().log_density(flow.base_scope(scope), x);
    return std::vector<Expr>{mapped.value, log_base - mapped.log_det};
  };
  RowEvaluator<T> evaluator(flow_function(flow, flow.dimension(), map), flow.parameters(),
                            flow.dimension() + flow.context_columns(), &workers);
  const auto convert = [&](std::uint64_t row, std::size_t count, const std::vector<T>& context) {
    std::vector<std::vector<T>> out =
        evaluator.run(beside(in.rows->read<T>(row, count), d, context, c).data(), count);
    return Pair(std::move(out[0]), std::move(out[1]));
  };
  write_rows<T>(options, in, encodes ? Shape{d} : in.row_shape, encodes ? "/log_det" : density,
                convert, writer);
}

int body(int argc, char** argv) {
  CommandLine line("flow-sample", "-m MODEL [OPTIONS]", "Draws rows from a normalizing flow.",
                   "flow-sample -m moons.h5 -n 10000 -o samples.h5");
  Options options;
  std::string shard;
  line.group("Sampling");
  line.text("model,m", &options.model, "MODEL", "flow to sample (required)");
  line.integer("count,n", &options.count, {1, 1e15}, "rows to draw");
  line.flag("log-density", &options.log_density, "add /log_density, in nats");
  line.number("temperature", &options.temperature, {0, unbounded}, "scale of the noise");
  line.integer("label", &options.label, {0, 65535},
               "class to draw, of a flow trained with --label");
  line.text("context", &options.context, "FILE",
            "draw a row for every row of FILE, given the context that stands there");
  line.text("latent", &options.latent, "FILE",
            "decode the noise in /x of FILE instead of drawing it");
  line.text("encode", &options.encode, "INPUT", "map the rows of INPUT to noise: /x and /log_det");
  line.text("shard", &shard, "I/N", "draw the I-th of N parts of the rows, I from 1");
  line.group("Computation and output");
  add_output(line, &options.output);
  add_seed(line, &options.compute);
  add_threads(line, &options.compute);
  add_precision(line, &options.compute);
  add_common(line, &options.common);
  if (!line.parse(argc, argv)) return 0;
  if (options.model.empty()) fail_usage("-m MODEL is needed");
  line.exclude("encode", {"latent", "count", "shard", "temperature", "log-density", "context"});
  line.exclude("latent", {"count", "temperature", "context"});
  line.exclude("context", {"count", "label"});
  if (options.model == "-" && options.source() == "-")
    fail_usage("only one of the model and the rows can come from standard input");
  options.shard = Shard::parse(shard);
  refuse_terminal_output(options.output);
  refuse_terminal_input(options.model);
  watch_stop_signals();
  const Inputs inputs = read_inputs(options);
  Provenance origin = provenance(line, options.common, inputs.history);
  origin.seed = static_cast<std::uint64_t>(options.compute.seed);
  ContainerWriter writer(options.output, "tensors", origin);
  if (options.compute.precision == "float64")
    run<double>(options, inputs, &writer);
  else
    run<float>(options, inputs, &writer);
  writer.commit();
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  return run_program("flow-sample", [&] { return body(argc, argv); });
}
