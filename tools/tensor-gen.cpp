// Makes rows from a named distribution, or its analytic model.
#include <algorithm>
#include <cmath>
#include <limits>

#include "base/error.hpp"
#include "base/shard.hpp"
#include "base/stop.hpp"
#include "cli/program.hpp"
#include "density/analytic_model.hpp"
#include "density/distribution.hpp"
#include "density/shapes.hpp"
#include "io/checks.hpp"

using namespace pushforward;

namespace {

constexpr std::size_t block_numbers = std::size_t{1} << 18;

struct Options {
  CommonOptions common;
  ComputeOptions compute;
  Distribution distribution;
  std::string output;
  std::int64_t count = 1000, dimension = 2, size = 28;
  std::vector<double> noise;
  bool model = false, label = false;
  Shard shard;
};

void check_options(const CommandLine& line, Options* options) {
  Distribution& distribution = options->distribution;
  const std::vector<std::string>& takes = options_of(distribution.name);
  for (const char* option :
       {"noise", "dim", "correlation", "weights", "means", "covariances", "size", "label", "model"})
    if (line.given(option) && std::find(takes.begin(), takes.end(), option) == takes.end())
      fail_usage("option --" + std::string(option) + " is not for " + distribution.name +
                 ", but for " + distribution_names(option));
  if (options->model)
    for (const char* option : {"count", "label", "shard", "seed", "precision"})
      if (line.given(option))
        fail_usage("option --" + std::string(option) + " is about rows, --model writes none");
  if (line.given("precision") && distribution.name == "shapes")
    fail_usage("option --precision: shapes are pixels of 8 bits");
  if (options->noise.size() > 1) fail_usage("option --noise: one number is enough");
  if (!options->noise.empty()) distribution.noise = options->noise[0];
  distribution.dimension = static_cast<std::size_t>(options->dimension);
  distribution.image_size = static_cast<std::size_t>(options->size);
  check(distribution, options->model);
}

// Calls make(first, count) for each block of the shard's rows.
template <class Make>
void by_blocks(const Options& options, std::size_t row_size, const Make& make) {
  const auto [first, end] =
      options.shard.range(static_cast<std::uint64_t>(options.count), shard_block);
  const std::uint64_t block = std::max<std::uint64_t>(1, block_numbers / row_size);
  Progress progress(options.common.progress_style(), "tensor-gen", end - first, "row");
  for (std::uint64_t row = first; row < end; row += block) {
    throw_if_stopped();
    const std::uint64_t count = std::min(block, end - row);
    make(row, static_cast<std::size_t>(count));
    progress.update(row + count - first);
  }
}

void write_rows(const Options& options, const RowGenerator& rows, ContainerWriter* writer) {
  const std::size_t d = rows.dimension();
  const bool single = options.compute.precision == "float32";
  const ColumnScales scales = rows.column_scales();
  warn_of_coarse_output(scales.mean, scales.deviation, options.compute);
  writer->create_rows("/x", single ? ElementType::float32 : ElementType::float64, {d});
  if (options.label) writer->create_rows("/label", ElementType::int32, {});
  by_blocks(options, d, [&](std::uint64_t first, std::size_t count) {
    std::vector<double> x(count * d);
    std::vector<std::int32_t> label(options.label ? count : 0);
    rows.fill(x.data(), options.label ? label.data() : nullptr, count, first);
    require_finite_results(x, d, first, options.distribution.name + ": row");
    for (double value : x)
      if (single && !(std::abs(value) <= std::numeric_limits<float>::max()))
        fail_invalid("rows are too large for float32, --precision float64 holds them");
    const Shape shape = {count, d};
    writer->append_rows("/x", single ? Array::of(std::vector<float>(x.begin(), x.end()), shape)
                                     : Array::of(x, shape));
    if (options.label) writer->append_rows("/label", Array::of(label, {count}));
  });
}

void write_shapes(const Options& options, std::uint64_t seed, ContainerWriter* writer) {
  const std::size_t size = options.distribution.image_size;
  writer->create_rows("/x", ElementType::uint8, {1, size, size});
  writer->create_rows("/label", ElementType::int32, {});
  by_blocks(options, size * size, [&](std::uint64_t first, std::size_t count) {
    std::vector<std::uint8_t> pixels(count * size * size);
    std::vector<std::int32_t> label(count);
    fill_shapes(pixels.data(), label.data(), size, count, first, seed);
    writer->append_rows("/x", Array::of(pixels, {count, 1, size, size}));
    writer->append_rows("/label", Array::of(label, {count}));
  });
}

int body(int argc, char** argv) {
  CommandLine line("tensor-gen", "[OPTIONS] NAME",
                   "Makes rows from a named distribution, or its analytic model. NAME is one of " +
                       distribution_names() + ".",
                   "tensor-gen moons -n 20000 -o moons.h5");
  Options options;
  Distribution& distribution = options.distribution;
  std::vector<std::string> names;
  std::string shard;
  line.operands(&names, 1, 1, {"NAME"});
  line.group("Rows");
  line.integer("count,n", &options.count, {1, 1e15}, "rows to make");
  line.flag("label", &options.label, "add /label, the part of the distribution a row is from");
  line.text("shard", &shard, "I/N", "make the I-th of N parts of the rows, I from 1");
  line.flag("model", &options.model, "write the analytic model instead of rows");
  line.group("Distribution");
  line.numbers("noise", &options.noise, Range::at_least(0), "S",
               "standard deviation of the noise, in units of the rows, in place of the usual one");
  line.integer("dim", &options.dimension, {1, 1e6}, "dimensions of gaussian, funnel, banana");
  line.number("correlation", &distribution.correlation, Range::above(-1).below(1),
              "of every pair of a gaussian's numbers");
  line.input_file("weights", &distribution.weights, "FILE",
                  "of the mixture: [K] numbers; else equal");
  line.input_file("means", &distribution.means, "FILE", "of the mixture: [K, D] numbers");
  line.input_file("covariances", &distribution.covariances, "FILE",
                  "of the mixture: [K, D, D] numbers");
  line.integer("size", &options.size, {4, 4096}, "width and height of shapes, in pixels");
  line.group("Computation and output");
  add_output(line, &options.output);
  add_seed(line, &options.compute);
  add_one_thread(line, &options.compute);
  add_precision(line, &options.compute);
  add_common(line, &options.common);
  if (!line.parse(argc, argv)) return 0;
  distribution.name = names[0];
  check_options(line, &options);
  options.shard = Shard::parse(shard);
  watch_stop_signals();

  Provenance origin = provenance(line, options.common);
  if (options.model) {
    const std::unique_ptr<AnalyticDensity> density = make_density(distribution);
    ContainerWriter writer(options.output, "model", origin);
    write_analytic_model(writer, distribution.name, *density);
    writer.commit();
    return 0;
  }
  const auto seed = static_cast<std::uint64_t>(options.compute.seed);
  origin.seed = seed;
  const std::unique_ptr<RowGenerator> rows =
      distribution.name == "shapes" ? nullptr : make_rows(distribution, seed);
  ContainerWriter writer(options.output, "tensors", origin);
  if (rows)
    write_rows(options, *rows, &writer);
  else
    write_shapes(options, seed, &writer);
  writer.commit();
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  return run_program("tensor-gen", [&] { return body(argc, argv); });
}
