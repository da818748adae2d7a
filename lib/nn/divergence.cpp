#include "nn/divergence.hpp"

namespace pushforward {

Expr exact_divergence(Expr y, Expr x) {
  Graph& graph = x.graph();
  const int columns = x.columns();
  Expr trace = graph.constant(0);
  for (int j = 0; j < columns; ++j) {
    std::vector<double> unit(static_cast<std::size_t>(columns));
    unit[static_cast<std::size_t>(j)] = 1;
    const Expr v = broadcast(graph.constant(1, columns, unit), x.rows(), columns);
    trace = trace + slice_columns(tangent({y}, {x}, {v})[0], j, 1);
  }
  return broadcast(trace, y.rows(), 1);
}

Expr projected_divergence(Expr y, Expr x, Expr v) {
  return sum_columns(v * tangent({y}, {x}, {v})[0]);
}

}  // namespace pushforward
