// What the tests of splines share: random operands, and maps run on them.
#pragma once

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>

#include "base/random.hpp"
#include "graph/evaluate.hpp"
#include "graph/spline.hpp"

namespace pushforward {
namespace spline_tests {

using Values = std::vector<double>;

inline std::size_t size(int n) { return static_cast<std::size_t>(n); }

template <class T = double>
std::vector<T> draw(int rows, int columns, double low, double high, std::uint64_t seed) {
  std::vector<T> values(size(rows * columns));
  Random(seed, Stream::evaluation).fill_uniform(values.data(), size(rows), size(columns), 0);
  for (T& v : values) v = static_cast<T>(low + (high - low) * double(v));
  return values;
}

using Build = SplineValue (*)(Expr, Expr, const SplineShape&);

template <class T>
struct Mapped {
  std::vector<T> value, log_slope;
};

template <class T>
Mapped<T> map(Build build, int rows, int columns, const SplineShape& shape, const std::vector<T>& x,
              const std::vector<T>& parameters) {
  Graph graph;
  const Expr in = graph.input("x", rows, columns);
  const Expr p = graph.input("p", rows, (3 * shape.bins - 1) * columns);
  const SplineValue out = build(in, p, shape);
  return {evaluate<T>(out.value, {in, p}, {x, parameters}),
          evaluate<T>(out.log_slope, {in, p}, {x, parameters})};
}

// NaN counts as infinitely far.
template <class A, class B>
double distance(const std::vector<A>& a, const std::vector<B>& b) {
  REQUIRE(a.size() == b.size());
  double worst = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    const double difference = std::abs(double(a[i]) - double(b[i]));
    if (!(difference <= worst)) worst = std::isnan(difference) ? INFINITY : difference;
  }
  return worst;
}

template <class T>
bool all_finite(const std::vector<T>& values) {
  return std::all_of(values.begin(), values.end(), [](T v) { return std::isfinite(v); });
}

// Parameters of one spline under `columns` splines' layout, the same for each of them.
template <class T>
std::vector<T> repeated(const std::vector<T>& parameters, int columns) {
  std::vector<T> all;
  for (const T p : parameters) all.insert(all.end(), size(columns), p);
  return all;
}

// A scalar with all directions of both results visible.
inline Expr weighed(SplineValue out) {
  Values a(size(out.value.rows() * out.value.columns())), b(a.size());
  for (std::size_t i = 0; i < a.size(); ++i) {
    a[i] = std::cos(1.0 + 0.7 * double(i));
    b[i] = std::sin(2.0 + 1.1 * double(i));
  }
  Graph& graph = out.value.graph();
  return sum(out.value * graph.constant(out.value.rows(), out.value.columns(), a)) +
         sum(out.log_slope * graph.constant(out.value.rows(), out.value.columns(), b));
}

inline double largest(const Values& values) {
  double most = 0;
  for (const double v : values) most = std::max(most, std::abs(v));
  return most;
}

struct Problem {
  int rows, columns;
  SplineShape shape;
};
inline const std::vector<Problem> problems = {
    {7, 3, {8, 3}}, {5, 1, {8, 3}}, {3, 9, {5, 1.5}}, {4, 2, {1, 3}}, {2, 4, {64, 8}}};

inline int parameter_columns(const Problem& p) { return (3 * p.shape.bins - 1) * p.columns; }

}  // namespace spline_tests
}  // namespace pushforward
