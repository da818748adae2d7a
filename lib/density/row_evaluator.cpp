#include "density/row_evaluator.hpp"

#include <algorithm>

namespace pushforward {

template <class T>
typename RowEvaluator<T>::Compiled RowEvaluator<T>::compile(const RowFunction& function,
                                                            const ParameterTable& parameters,
                                                            int columns, int workers,
                                                            std::size_t lane) {
  Graph graph;
  Binding binding(&graph, &parameters);
  const Expr x = graph.input("x", static_cast<int>(lane), columns);
  std::vector<Expr> outputs = function(Scope(&binding), x);
  std::vector<std::size_t> widths;
  for (Expr& output : outputs) {
    output = broadcast(output, static_cast<int>(lane), output.columns());
    widths.push_back(static_cast<std::size_t>(output.columns()));
  }
  Evaluator<T> evaluator({x}, binding.expressions(), outputs, workers);
  evaluator.set_parameters(parameters.values);
  return {std::move(evaluator), std::move(widths)};
}

template <class T>
RowEvaluator<T>::RowEvaluator(const RowFunction& function, const ParameterTable& parameters,
                              int columns, Workers* workers, std::size_t lane)
    : columns_(static_cast<std::size_t>(columns)),
      lane_(lane),
      workers_(workers),
      compiled_(compile(function, parameters, columns, workers->count(), lane)) {}

template <class T>
std::vector<std::vector<T>> RowEvaluator<T>::run(const T* x, std::size_t rows) {
  const std::vector<std::size_t>& widths = compiled_.widths;
  std::vector<std::vector<T>> results;
  for (const std::size_t width : widths) results.emplace_back(rows * width);
  workers_->run((rows + lane_ - 1) / lane_, [&](std::size_t lane, int worker) {
    const std::size_t first = lane * lane_, count = std::min(lane_, rows - first);
    std::vector<T*> outputs;
    if (count == lane_) {
      for (std::size_t i = 0; i < widths.size(); ++i)
        outputs.push_back(results[i].data() + first * widths[i]);
      compiled_.evaluator.run(worker, {x + first * columns_}, outputs);
      return;
    }
    std::vector<T> padded(lane_ * columns_);
    for (std::size_t r = 0; r < lane_; ++r)
      std::copy_n(x + (first + std::min(r, count - 1)) * columns_, columns_,
                  padded.data() + r * columns_);
    std::vector<std::vector<T>> buffers;
    for (const std::size_t width : widths) buffers.emplace_back(lane_ * width);
    for (std::vector<T>& buffer : buffers) outputs.push_back(buffer.data());
    compiled_.evaluator.run(worker, {padded.data()}, outputs);
    for (std::size_t i = 0; i < widths.size(); ++i)
      std::copy_n(buffers[i].data(), count * widths[i], results[i].data() + first * widths[i]);
  });
  return results;
}

template class RowEvaluator<float>;
template class RowEvaluator<double>;

}  // namespace pushforward
