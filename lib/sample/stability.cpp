#include "sample/stability.hpp"

#include <algorithm>
#include <cmath>

#include "base/random.hpp"
#include "graph/plan.hpp"

namespace pushforward {

double largest_curvature(const ChainTarget& target, double sigma, const double* rows,
                         std::size_t count, int iterations) {
  Graph graph;
  Binding binding(&graph, target.parameters);
  const int n = static_cast<int>(count), dimension = target.dimension;
  const Expr x = graph.input("x", n, dimension), v = graph.input("v", n, dimension);
  const Expr score = target.source.score(Scope(&binding), x, graph.constant(sigma));
  const Expr turned = -tangent({score}, {x}, {v})[0];
  const Expr length = sqrt(sum_columns(square(turned)) + 1e-300);
  // v has length 1: this is the Rayleigh quotient.
  const Expr curvature = broadcast(sum_columns(v * turned), n, 1);
  const Expr next = broadcast(turned / length, n, dimension);
  Evaluator<double> evaluator({x, v}, binding.expressions(), {next, curvature});
  if (evaluator.plan().parameter_count() > 0) evaluator.set_parameters(target.parameters->values);

  const std::size_t d = static_cast<std::size_t>(dimension);
  std::vector<double> direction(count * d), turned_direction(count * d), quotient(count);
  Random(0, Stream::evaluation).fill_normal(direction.data(), count, d, 0);
  for (std::size_t r = 0; r < count; ++r) {
    double square_sum = 0;
    for (std::size_t c = 0; c < d; ++c) square_sum += direction[r * d + c] * direction[r * d + c];
    for (std::size_t c = 0; c < d; ++c) direction[r * d + c] /= std::sqrt(square_sum);
  }
  for (int i = 0; i < iterations; ++i) {
    evaluator.run(0, {rows, direction.data()}, {turned_direction.data(), quotient.data()});
    direction.swap(turned_direction);
  }
  double largest = 0;
  for (const double q : quotient)
    if (std::isfinite(q)) largest = std::max(largest, q);
  return largest;
}

}  // namespace pushforward
