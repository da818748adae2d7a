#include "flow/sample_run.hpp"

#include <algorithm>
#include <optional>

#include "base/error.hpp"
#include "base/stop.hpp"
#include "flow/dequantization.hpp"
#include "flow/dequantizer.hpp"
#include "flow/draw.hpp"
#include "io/checks.hpp"

namespace pushforward {
namespace {

constexpr std::size_t block_rows = 16384;

// Rows and the number beside each of them.
template <class T>
struct Block {
  std::vector<T> x, beside;
};

// Makes rows [first, first + count), given what they are conditioned on.
template <class T>
using Maker =
    std::function<Block<T>(std::uint64_t first, std::size_t count, const std::vector<T>& context)>;

template <class T>
Maker<T> drawing(const Flow& flow, const SampleRun& run, Workers* workers) {
  const auto sampler = std::make_shared<FlowSampler<T>>(flow, run.temperature, workers);
  return [sampler, seed = run.seed](std::uint64_t first, std::size_t count,
                                    const std::vector<T>& context) {
    auto drawn = sampler->draw(count, seed, first, context);
    return Block<T>{std::move(drawn.x), std::move(drawn.log_density)};
  };
}

// Maps rows, given what they are conditioned on.
template <class T>
using RowMap = std::function<Block<T>(std::vector<T> x, const std::vector<T>& context)>;

// Of rows less the flow's origin to noise, or back to rows.
template <class T>
RowMap<T> mapping(const Flow& flow, bool encodes, Workers* workers) {
  const auto map = [&flow, encodes](Scope scope, Expr x, const Conditions& given) {
    const Mapped mapped = encodes ? flow.encode(scope, x, given) : flow.decode(scope, x, given);
    if (encodes) return std::vector<Expr>{mapped.value, mapped.log_det};
    const Expr log_base = flow.base().log_density(flow.base_scope(scope), x);
    return std::vector<Expr>{mapped.value, log_base - mapped.log_det};
  };
  const std::size_t d = static_cast<std::size_t>(flow.dimension());
  const std::size_t c = static_cast<std::size_t>(flow.context_columns());
  const auto evaluator = std::make_shared<RowEvaluator<T>>(
      flow_function(flow, flow.dimension(), map), flow.parameters(),
      flow.dimension() + flow.context_columns(), workers,
      flow.lane_rows(RowEvaluator<T>::max_lane));
  return [=, &flow](std::vector<T> x, const std::vector<T>& context) {
    std::vector<std::vector<T>> out = evaluator->run(hstack(x, d, context, c).data(), x.size() / d);
    if (!encodes) add_origin(flow.origin(), &out[0]);
    return Block<T>{std::move(out[0]), std::move(out[1])};
  };
}

// Of rows of a file to noise; rows of 8-bit data are given noise of their own first.
template <class T>
Maker<T> encoding(const Flow& flow, const SampleRun& run, const RowReader& rows, Workers* workers) {
  const RowMap<T> encode = mapping<T>(flow, true, workers);
  std::shared_ptr<Dequantizer<T>> noise;  // null: none is added
  if (flow.spec().eight_bit())
    noise = std::make_shared<Dequantizer<T>>(flow, flow.parameters(), workers);
  return [=, &rows, &flow, seed = run.seed](std::uint64_t first, std::size_t count,
                                            const std::vector<T>& context) {
    std::vector<T> x = rows.read<T>(first, count, flow.origin());
    if (noise) {
      require_eight_bit(x, rows, first);
      (void)noise->add_noise(&x, context, {seed, first});
    }
    return encode(std::move(x), context);
  };
}

template <class T>
Maker<T> decoding(const Flow& flow, const RowReader& rows, Workers* workers) {
  return [decode = mapping<T>(flow, false, workers), &rows](std::uint64_t first, std::size_t count,
                                                            const std::vector<T>& context) {
    return decode(rows.read<T>(first, count), context);
  };
}

// Rows of a path are conditioned on what its first row is.
template <class T>
std::vector<T> shared_condition(const RowPath& path, const RowReader& rows,
                                const RowConditions& conditions, const FlowSpec& spec) {
  const std::vector<T> shared = conditions.read<T>(path.through[0], 1);
  for (const std::uint64_t row : path.through)
    if (conditions.read<T>(row, 1) != shared)
      fail_invalid(rows.container().name() + ": rows " + std::to_string(path.through[0]) + " and " +
                   std::to_string(row) + " differ in " + spec.context_path +
                   "; a path has one for all its rows" +
                   (spec.classes > 0 ? ": give " + setting("label") + " CLASS" : ""));
  return shared;
}

template <class T>
std::vector<T> repeated(const std::vector<T>& row, std::size_t count) {
  std::vector<T> rows;
  for (std::size_t i = 0; i < count; ++i) rows.insert(rows.end(), row.begin(), row.end());
  return rows;
}

template <class T>
Maker<T> going_between(const Flow& flow, const SampleRun& run, const RowReader& rows,
                       const std::vector<T>& condition, Workers* workers) {
  const RowPath& path = *run.path;
  const Maker<T> encode = encoding<T>(flow, run, rows, workers);
  std::vector<double> points;
  for (const std::uint64_t row : path.through) {
    const Block<T> noise = encode(row, 1, condition);
    require_finite_results(noise.x, noise.x.size(), row, run.model + ": noise of row");
    points.insert(points.end(), noise.x.begin(), noise.x.end());
  }
  return [decode = mapping<T>(flow, false, workers), path, points](
             std::uint64_t first, std::size_t count, const std::vector<T>& context) {
    const std::vector<double> noise = path_rows(path, points, first, count);
    return decode({noise.begin(), noise.end()}, context);
  };
}

}  // namespace

template <class T>
void write_samples(const Flow& flow, const Shape& row_shape, const SampleRun& run,
                   const RowReader* rows, const RowConditions& conditions,
                   ContainerWriter* writer) {
  Workers workers(run.threads);
  const bool encodes = run.task == SampleTask::encode, between = run.task == SampleTask::between;
  const std::vector<T> shared =
      between ? shared_condition<T>(*run.path, *rows, conditions, flow.spec()) : std::vector<T>();
  const Maker<T> make = between   ? going_between<T>(flow, run, *rows, shared, &workers)
                        : encodes ? encoding<T>(flow, run, *rows, &workers)
                        : run.task == SampleTask::decode ? decoding<T>(flow, *rows, &workers)
                                                         : drawing<T>(flow, run, &workers);
  const Shape shape = encodes ? Shape{static_cast<std::size_t>(flow.dimension())} : row_shape;
  const bool whole = !encodes && flow.spec().eight_bit();
  const char* beside_name = encodes ? "/log_det" : run.log_density ? "/log_density" : nullptr;
  writer->create_rows("/x", whole ? ElementType::uint8 : element_type<T>(), shape);
  if (beside_name != nullptr) writer->create_rows(beside_name, element_type<T>(), {});
  conditions.create(writer);
  for (std::uint64_t row = run.first; row < run.end; row += block_rows) {
    throw_if_stopped();
    const std::size_t count =
        static_cast<std::size_t>(std::min<std::uint64_t>(block_rows, run.end - row));
    const auto [x, numbers] =
        make(row, count, between ? repeated(shared, count) : conditions.read<T>(row, count));
    require_finite_results(x, product(shape), row, run.model + ": row");
    if (beside_name != nullptr)
      require_finite_results(numbers, 1, row, run.model + ": " + beside_name + " of row");
    Shape block = shape;
    block.insert(block.begin(), count);
    writer->append_rows("/x", whole ? eight_bit_array(x, block) : Array::of(x, block));
    if (beside_name != nullptr) writer->append_rows(beside_name, Array::of(numbers, {count}));
    if (between)
      for (std::size_t i = 0; i < count; ++i) conditions.append(writer, run.path->through[0], 1);
    else
      conditions.append(writer, row, count);
    if (run.progress) run.progress(row + count - run.first);
  }
}

template void write_samples<float>(const Flow&, const Shape&, const SampleRun&, const RowReader*,
                                   const RowConditions&, ContainerWriter*);
template void write_samples<double>(const Flow&, const Shape&, const SampleRun&, const RowReader*,
                                    const RowConditions&, ContainerWriter*);

}  // namespace pushforward
