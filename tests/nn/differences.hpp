// Functions of rows and parameters, evaluated in float64 and held against central differences.
#pragma once

#include <catch2/catch.hpp>
#include <cmath>
#include <functional>

#include "base/random.hpp"
#include "graph/plan.hpp"
#include "nn/parameters.hpp"

namespace pushforward {

using Values = std::vector<double>;

inline Values normal_values(std::size_t count, std::uint64_t seed) {
  Values values(count);
  Random(seed, Stream::evaluation).fill_normal(values.data(), 1, count, 0);
  return values;
}

// A function of rows x with parameters of its own.
using Build = std::function<Expr(Scope scope, Expr x)>;

// Its parameters, moved off their starting values, so that none is 0.
inline ParameterTable moved_parameters(const Build& build, int rows, int columns) {
  ParameterTable table;
  Graph graph;
  Binding binding(&graph, &table, 1);
  (void)build(Scope(&binding), graph.input("x", rows, columns));
  const Values moves = normal_values(table.size(), 2);
  for (std::size_t i = 0; i < moves.size(); ++i) table.values[i] += 0.2 * moves[i];
  return table;
}

inline Values evaluated(const Build& build, const ParameterTable& table, int rows,
                        const Values& x) {
  Graph graph;
  Binding binding(&graph, &table);
  const Expr in = graph.input("x", rows, static_cast<int>(x.size()) / rows);
  const Expr out = build(Scope(&binding), in);
  Evaluator<double> evaluator({in}, binding.expressions(), {out});
  evaluator.set_parameters(table.values);
  Values values(static_cast<std::size_t>(out.rows() * out.columns()));
  evaluator.run(0, {x.data()}, {values.data()});
  return values;
}

// A number in which every element of `out` is seen.
inline Expr weighed(Expr out) {
  Values weights(static_cast<std::size_t>(out.rows() * out.columns()));
  for (std::size_t i = 0; i < weights.size(); ++i) weights[i] = std::cos(1.0 + 0.7 * double(i));
  return sum(out * out.graph().constant(out.rows(), out.columns(), weights));
}

// Gradient and second gradient of weighed(build(x)), by x and by the parameters, at `checks` of the
// elements of either.
inline void check_gradients(const Build& build, int rows, int columns, std::size_t checks = 8) {
  const ParameterTable table = moved_parameters(build, rows, columns);
  Graph graph;
  Binding binding(&graph, &table);
  const Expr in = graph.input("x", rows, columns);
  const Expr value = weighed(build(Scope(&binding), in));
  std::vector<Expr> at = {in};
  for (const Expr parameter : binding.expressions()) at.push_back(parameter);
  const std::vector<Expr> first = gradient(value, at);
  Expr bent = weighed(first[0]);  // a number made of the first gradient
  for (std::size_t i = 1; i < first.size(); ++i) bent = bent + weighed(first[i]);
  const std::vector<Expr> second = gradient(bent, at);
  std::vector<Expr> outputs = {value, bent};
  outputs.insert(outputs.end(), first.begin(), first.end());
  outputs.insert(outputs.end(), second.begin(), second.end());
  Evaluator<double> evaluator({in}, binding.expressions(), outputs);

  // x and parameters in one vector, and likewise what comes out: two numbers and two gradients.
  Values point = normal_values(static_cast<std::size_t>(rows * columns), 3);
  const std::size_t size = point.size() + table.size();
  point.insert(point.end(), table.values.begin(), table.values.end());
  const auto run = [&](const Values& where) {
    Values out(2 + 2 * size);
    std::vector<double*> to = {out.data(), out.data() + 1};
    double* next = out.data() + 2;
    for (std::size_t i = 2; i < outputs.size(); ++i) {
      to.push_back(next);
      next += outputs[i].rows() * outputs[i].columns();
    }
    evaluator.set_parameters(where.data() + rows * columns);
    evaluator.run(0, {where.data()}, to);
    return out;
  };
  const Values exact = run(point);
  double scale[2] = {0, 0};
  for (std::size_t i = 0; i < size; ++i)
    for (std::size_t k = 0; k < 2; ++k)
      scale[k] = std::max(scale[k], std::abs(exact[2 + k * size + i]));
  std::vector<std::size_t> chosen;
  for (std::size_t i = 0; i < checks; ++i) {
    chosen.push_back(i * static_cast<std::size_t>(rows * columns) / checks);
    if (table.size() > 0)
      chosen.push_back(static_cast<std::size_t>(rows * columns) + i * table.size() / checks);
  }
  for (const std::size_t i : chosen) {
    INFO("element " << i << " of " << size);
    const double h = 1e-3, middle = point[i];
    const auto moved = [&](double by) {
      Values there = point;
      there[i] = middle + by;
      return run(there);
    };
    const Values a = moved(h), b = moved(-h), c = moved(2 * h), d = moved(-2 * h);
    for (std::size_t k = 0; k < 2; ++k) {
      const double difference = (8 * (a[k] - b[k]) - (c[k] - d[k])) / (12 * h);
      CHECK(std::abs(exact[2 + k * size + i] - difference) <= 1e-7 * std::max(scale[k], 1e-2));
    }
  }
}

}  // namespace pushforward
