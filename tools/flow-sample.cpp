// Draws rows from a flow, or maps rows to its noise.
#include <algorithm>

#include "base/error.hpp"
#include "base/shard.hpp"
#include "base/stop.hpp"
#include "cli/program.hpp"
#include "density/row_evaluator.hpp"
#include "flow/base.hpp"
#include "flow/flow.hpp"
#include "io/rows.hpp"
#include "nn/model_file.hpp"

using namespace pushforward;

namespace {

constexpr std::size_t block_rows = 16384;

struct Options {
  CommonOptions common;
  ComputeOptions compute;
  std::string model, output, latent, encode;
  std::int64_t count = 1000;
  double temperature = 1;
  bool log_density = false;
  Shard shard;
};

// Writes rows block by block; `next` gives the noise of rows [first, first + count).
template <class T, class Next>
void decode_rows(const Options& options, const Flow& flow, const Shape& row_shape,
                 std::uint64_t first, std::uint64_t end, const Next& next,
                 ContainerWriter* writer) {
  Workers workers(options.compute.thread_count());
  const auto function = [&](Scope scope, Expr z) {
    const Mapped x = flow.decode(scope, z);
    return std::vector<Expr>{x.value, base_log_density(flow.spec().base, z) - x.log_det};
  };
  RowEvaluator<T> evaluator(function, flow.parameters(), flow.dimension(), &workers);
  writer->create_rows("/x", element_type<T>(), row_shape);
  if (options.log_density) writer->create_rows("/log_density", element_type<T>(), {});
  Progress progress(options.common.progress_mode(), "flow-sample", end - first, "row");
  for (std::uint64_t row = first; row < end; row += block_rows) {
    throw_if_stopped();
    const std::size_t count =
        static_cast<std::size_t>(std::min<std::uint64_t>(block_rows, end - row));
    const std::vector<T> z = next(row, count);
    const std::vector<std::vector<T>> out = evaluator.run(z.data(), count);
    Shape shape = row_shape;
    shape.insert(shape.begin(), count);
    writer->append_rows("/x", Array::of(out[0], shape));
    if (options.log_density) writer->append_rows("/log_density", Array::of(out[1], {count}));
    progress.update(row + count - first);
  }
}

template <class T>
void encode_rows(const Options& options, const Flow& flow, RowReader* reader,
                 ContainerWriter* writer) {
  Workers workers(options.compute.thread_count());
  const auto function = [&](Scope scope, Expr x) {
    const Mapped z = flow.encode(scope, x);
    return std::vector<Expr>{z.value, z.log_det};
  };
  RowEvaluator<T> evaluator(function, flow.parameters(), flow.dimension(), &workers);
  const std::size_t columns = static_cast<std::size_t>(flow.dimension());
  writer->create_rows("/x", element_type<T>(), {columns});
  writer->create_rows("/log_det", element_type<T>(), {});
  for (std::size_t row = 0; row < reader->rows(); row += block_rows) {
    throw_if_stopped();
    const std::size_t count = std::min(block_rows, reader->rows() - row);
    const std::vector<T> x = reader->read<T>(row, count);
    const std::vector<std::vector<T>> out = evaluator.run(x.data(), count);
    writer->append_rows("/x", Array::of(out[0], {count, columns}));
    writer->append_rows("/log_det", Array::of(out[1], {count}));
  }
}

template <class T>
void run(const Options& options, const CommandLine& line, const Flow& flow, const Shape& row_shape,
         std::vector<std::string> history) {
  const std::size_t columns = static_cast<std::size_t>(flow.dimension());
  std::unique_ptr<RowReader> input;
  const std::string source = options.encode.empty() ? options.latent : options.encode;
  if (!source.empty()) {
    refuse_terminal_input(source);
    input = std::make_unique<RowReader>(source);
    input->require_columns(columns, "the flow");
    history = input->container().history();
  }
  Provenance origin = provenance(line, options.common, history);
  origin.seed = static_cast<std::uint64_t>(options.compute.seed);
  ContainerWriter writer(options.output, "tensors", origin);
  if (!options.encode.empty()) {
    encode_rows<T>(options, flow, input.get(), &writer);
  } else {
    const std::uint64_t count = input ? input->rows() : static_cast<std::uint64_t>(options.count);
    const auto [first, end] = options.shard.range(count, shard_block);
    decode_rows<T>(
        options, flow, row_shape, first, end,
        [&](std::uint64_t row, std::size_t rows) {
          if (input) return input->read<T>(row, rows);
          std::vector<T> z(rows * columns);
          fill_base(flow.spec().base, z.data(), rows, columns,
                    static_cast<std::uint64_t>(options.compute.seed), row, options.temperature);
          return z;
        },
        &writer);
  }
  writer.commit();
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
  if (!options.encode.empty())
    for (const char* other : {"latent", "count", "shard", "temperature", "log-density"})
      if (line.given(other))
        fail_usage(std::string("--encode and --") + other + " exclude each other");
  if (!options.latent.empty())
    for (const char* other : {"count", "temperature"})
      if (line.given(other))
        fail_usage(std::string("--latent and --") + other + " exclude each other");
  options.shard = Shard::parse(shard);
  refuse_terminal_output(options.output);
  refuse_terminal_input(options.model);
  watch_stop_signals();
  std::unique_ptr<Flow> flow;
  Shape row_shape;
  std::vector<std::string> history;
  {
    const ContainerReader reader(options.model);
    flow = read_flow(reader);
    row_shape = read_row_shape(reader, flow->dimension());
    history = reader.history();
  }
  if (options.compute.precision == "float64")
    run<double>(options, line, *flow, row_shape, history);
  else
    run<float>(options, line, *flow, row_shape, history);
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  return run_program("flow-sample", [&] { return body(argc, argv); });
}
