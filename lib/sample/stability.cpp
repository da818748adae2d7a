#include "sample/stability.hpp"

#include <utility>
#include <xtensor/xmath.hpp>
#include <xtensor/xview.hpp>

#include "base/matrix.hpp"
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

  Matrix<double> direction({count, static_cast<std::size_t>(dimension)});
  Random(0, Stream::evaluation).fill_normal(direction.data(), count, direction.shape(1), 0);
  const Vector<double> norm =
      xt::sqrt(xt::sum(xt::square(direction), {1}, xt::evaluation_strategy::immediate));
  direction /= xt::view(norm, xt::all(), xt::newaxis());
  Matrix<double> next_direction = direction;
  Vector<double> quotient({count}, 0.0);
  for (int i = 0; i < iterations; ++i) {
    evaluator.run(0, {rows, direction.data()}, {next_direction.data(), quotient.data()});
    std::swap(direction, next_direction);
  }
  return xt::amax(xt::where(xt::isfinite(quotient), xt::maximum(quotient, 0.0), 0.0))();
}

}  // namespace pushforward
