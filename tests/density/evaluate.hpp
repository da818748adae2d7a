// Runs a density's expressions on rows.
#pragma once

#include <functional>
#include <vector>

#include "density/density.hpp"
#include "graph/plan.hpp"

namespace pushforward {

// Values and gradients at `rows` points, x row-major.
struct Evaluated {
  std::vector<double> value, gradient;
};

// `build` makes [n, 1] from x [n, d] and gradients are those of its rows.
template <class T = double>
Evaluated evaluate(int dimension, const std::vector<double>& x,
                   const std::function<Expr(Scope, Expr)>& build) {
  const int rows = static_cast<int>(x.size()) / dimension;
  Graph graph;
  const ParameterTable none;
  Binding binding(&graph, &none);
  const Expr input = graph.input("x", rows, dimension);
  const Expr value = build(Scope(&binding), input);
  Evaluator<T> evaluator({input}, {}, {value, gradient(value, input)});
  evaluator.set_parameters(std::vector<double>{});
  const std::vector<T> in(x.begin(), x.end());
  std::vector<T> out(static_cast<std::size_t>(rows)), slope(x.size());
  evaluator.run(0, {in.data()}, {out.data(), slope.data()});
  return {{out.begin(), out.end()}, {slope.begin(), slope.end()}};
}

template <class T = double>
Evaluated evaluate(const Density& density, const std::vector<double>& x) {
  return evaluate<T>(density.dimension(), x,
                     [&](Scope scope, Expr in) { return density.log_density(scope, in); });
}

}  // namespace pushforward
