#include "flow/sample_run.hpp"

#include <algorithm>
#include <optional>

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

template <class T>
Maker<T> converting(const Flow& flow, const SampleRun& run, const RowReader& rows,
                    Workers* workers) {
  const bool encodes = run.task == SampleTask::encode;
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
      flow.lane_rows(RowEvaluator<T>::most_lane));
  std::shared_ptr<Dequantizer<T>> noise;  // null: none is added
  if (encodes && flow.spec().eight_bit())
    noise = std::make_shared<Dequantizer<T>>(flow, flow.parameters(), workers);
  return [=, &rows, &flow, seed = run.seed](std::uint64_t first, std::size_t count,
                                            const std::vector<T>& context) {
    std::vector<T> x = rows.read<T>(first, count, encodes ? flow.origin() : std::vector<double>());
    if (noise) {
      require_eight_bit(x, rows, first);
      (void)noise->add_noise(&x, context, {seed, first});
    }
    std::vector<std::vector<T>> out =
        evaluator->run(concatenate_columns(x, d, context, c).data(), count);
    if (!encodes) add_origin(flow.origin(), &out[0]);
    return Block<T>{std::move(out[0]), std::move(out[1])};
  };
}

}  // namespace

template <class T>
void write_samples(const Flow& flow, const Shape& row_shape, const SampleRun& run,
                   const RowReader* rows, const RowConditions& conditions,
                   ContainerWriter* writer) {
  Workers workers(run.threads);
  const bool draws = run.task == SampleTask::draw, encodes = run.task == SampleTask::encode;
  const Maker<T> make =
      draws ? drawing<T>(flow, run, &workers) : converting<T>(flow, run, *rows, &workers);
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
    const auto [x, numbers] = make(row, count, conditions.read<T>(row, count));
    require_finite_results(x, product(shape), row, run.model + ": row");
    if (beside_name != nullptr)
      require_finite_results(numbers, 1, row, run.model + ": " + beside_name + " of row");
    Shape block = shape;
    block.insert(block.begin(), count);
    writer->append_rows("/x", whole ? eight_bit_array(x, block) : Array::of(x, block));
    if (beside_name != nullptr) writer->append_rows(beside_name, Array::of(numbers, {count}));
    conditions.append(writer, row, count);
    if (run.progress) run.progress(row + count - run.first);
  }
}

template void write_samples<float>(const Flow&, const Shape&, const SampleRun&, const RowReader*,
                                   const RowConditions&, ContainerWriter*);
template void write_samples<double>(const Flow&, const Shape&, const SampleRun&, const RowReader*,
                                    const RowConditions&, ContainerWriter*);

}  // namespace pushforward
