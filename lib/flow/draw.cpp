#include "flow/draw.hpp"

#include "io/context.hpp"

namespace pushforward {
namespace {

int number_columns(const Base& base) { return base.normal_columns() + base.uniform_columns(); }

RowFunction drawing(const Flow& flow, double temperature) {
  return flow_function(flow, number_columns(flow.base()),
                       [&flow, temperature](Scope scope, Expr numbers, const Conditions& c) {
                         const Flow::Drawn drawn = flow.draw(scope, numbers, temperature, c);
                         return std::vector<Expr>{drawn.x, drawn.log_density};
                       });
}

}  // namespace

template <class T>
void add_origin(const std::vector<double>& origin, std::vector<T>* rows) {
  for (std::size_t i = 0; i < rows->size() && !origin.empty(); ++i)
    (*rows)[i] = static_cast<T>(static_cast<double>((*rows)[i]) + origin[i % origin.size()]);
}

template void add_origin(const std::vector<double>&, std::vector<float>*);
template void add_origin(const std::vector<double>&, std::vector<double>*);

template <class T>
FlowSampler<T>::FlowSampler(const Flow& flow, double temperature, Workers* workers)
    : flow_(&flow),
      evaluator_(drawing(flow, temperature), flow.parameters(),
                 number_columns(flow.base()) + flow.context_columns(), workers,
                 flow.lane_rows(RowEvaluator<T>::most_lane)) {}

template <class T>
typename FlowSampler<T>::Rows FlowSampler<T>::draw(std::size_t rows, std::uint64_t seed,
                                                   std::uint64_t first_row,
                                                   const std::vector<T>& context) {
  const std::size_t columns = static_cast<std::size_t>(number_columns(flow_->base()));
  std::vector<T> numbers(rows * columns);
  fill_base_numbers(flow_->base(), numbers.data(), rows, seed, first_row);
  const std::vector<T> inputs = concatenate_columns(
      numbers, columns, context, static_cast<std::size_t>(flow_->context_columns()));
  std::vector<std::vector<T>> out = evaluator_.run(inputs.data(), rows);
  add_origin(flow_->origin(), &out[0]);
  return {std::move(out[0]), std::move(out[1])};
}

template class FlowSampler<float>;
template class FlowSampler<double>;

}  // namespace pushforward
