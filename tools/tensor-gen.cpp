// Makes rows from a named distribution, or its analytic model.
#include <algorithm>
#include <cmath>
#include <limits>

#include "base/error.hpp"
#include "base/shard.hpp"
#include "base/stop.hpp"
#include "cli/generation_command.hpp"
#include "density/analytic_model.hpp"
#include "density/distribution.hpp"
#include "density/shapes.hpp"
#include "io/checks.hpp"

using namespace pushforward;

namespace {

constexpr std::size_t block_numbers = std::size_t{1} << 18;

// Calls make(first, count) for each block of the shard's rows.
template <class Make>
void by_blocks(const GenerationCommand& options, std::size_t row_size, const Make& make) {
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

void write_rows(const GenerationCommand& options, const RowGenerator& rows,
                ContainerWriter* writer) {
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

void write_shapes(const GenerationCommand& options, std::uint64_t seed, ContainerWriter* writer) {
  const std::size_t size = static_cast<std::size_t>(options.size);
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
                       distribution_names() + "; formula is followed by its TEXT or @FILE.",
                   "tensor-gen moons -n 20000 -o moons.h5");
  GenerationCommand options;
  add_generation(line, &options);
  if (!line.parse(argc, argv)) return 0;
  complete_generation(line, &options);
  const Distribution& distribution = options.distribution;
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
