#include "flow/flow.hpp"

#include <cmath>

#include "flow/base.hpp"

namespace pushforward {
namespace {

Expr row_of(Graph& graph, const std::vector<double>& values) {
  return graph.constant(1, static_cast<int>(values.size()), values);
}

double sum_of_logs(const std::vector<double>& values) {
  double sum_of = 0;
  for (const double v : values) sum_of += std::log(v);
  return sum_of;
}

}  // namespace

Flow::Flow(FlowSpec spec, Standardization standardization, std::uint64_t seed)
    : spec_(std::move(spec)),
      standardization_(std::move(standardization)),
      layers_(flow_kind(spec_.flow).layers(spec_)) {
  Graph graph;
  Binding binding(&graph, &table_, seed);
  (void)encode(Scope(&binding), graph.input("x", 1, spec_.dimension));
}

Mapped Flow::encode(Scope scope, Expr x) const {
  Graph& graph = scope.graph();
  Expr log_det = broadcast(graph.constant(-sum_of_logs(standardization_.scale)), x.rows(), 1);
  if (!standardization_.scale.empty())
    x = (x - row_of(graph, standardization_.shift)) / row_of(graph, standardization_.scale);
  for (std::size_t i = 0; i < layers_.size(); ++i) {
    const Mapped next = layers_[i]->encode(scope / ("layer_" + std::to_string(i)), x);
    x = next.value;
    log_det = log_det + next.log_det;
  }
  return {x, log_det};
}

Mapped Flow::decode(Scope scope, Expr z) const {
  Graph& graph = scope.graph();
  Expr log_det = broadcast(graph.constant(sum_of_logs(standardization_.scale)), z.rows(), 1);
  for (std::size_t i = layers_.size(); i-- > 0;) {
    const Mapped next = layers_[i]->decode(scope / ("layer_" + std::to_string(i)), z);
    z = next.value;
    log_det = log_det + next.log_det;
  }
  if (!standardization_.scale.empty())
    z = z * row_of(graph, standardization_.scale) + row_of(graph, standardization_.shift);
  return {z, log_det};
}

Expr Flow::log_density(Scope scope, Expr x) const {
  const Mapped noise = encode(scope, x);
  return base_log_density(spec_.base, noise.value) + noise.log_det;
}

}  // namespace pushforward
