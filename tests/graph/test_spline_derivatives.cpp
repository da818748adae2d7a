// Derivatives of splines against differences in float64.
#include <functional>

#include "graph/spline_values.hpp"

using namespace pushforward;
using namespace pushforward::spline_tests;

namespace {

// Derivatives of f by the elements of `at`, fourth-order central differences; NaN where two steps
// disagree, because a knot lies within them.
Values differences(const std::function<double(const Values&)>& f, Values at, double h) {
  Values result;
  for (double& element : at) {
    const double before = element;
    const auto value = [&](double step) {
      element = before + step;
      return f(at);
    };
    const auto slope = [&](double step) {
      return (8 * (value(step) - value(-step)) - (value(2 * step) - value(-2 * step))) /
             (12 * step);
    };
    const double narrow = slope(h / 2), wide = slope(h);
    const bool smooth = std::abs(narrow - wide) <= 1e-7 * std::max(1.0, std::abs(narrow));
    result.push_back(smooth ? narrow : std::nan(""));
    element = before;
  }
  return result;
}

// Against differences, of which nearly all must be there.
void check_derivatives(const Values& got, const Values& expected) {
  REQUIRE(got.size() == expected.size());
  Values got_there, expected_there;
  for (std::size_t i = 0; i < got.size(); ++i) {
    if (std::isnan(expected[i])) continue;
    got_there.push_back(got[i]);
    expected_there.push_back(expected[i]);
  }
  CHECK(got_there.size() >= got.size() * 9 / 10);
  CHECK(distance(got_there, expected_there) <= 1e-7 * std::max(1.0, largest(expected_there)));
}

}  // namespace

TEST_CASE("first and second derivatives of splines are right", "[spline]") {
  for (const Problem& p : problems) {
    if (p.shape.bins > 8) continue;          // differences of so many parameters take long
    for (const double low : {-1.2, 1.05}) {  // the second: every element in the tail
      const Values x = draw(p.rows, p.columns, low * p.shape.bound, 1.2 * p.shape.bound, 9);
      const Values parameters = draw(p.rows, parameter_columns(p), -1.5, 1.5, 10);
      for (const Build build : {spline_encode, spline_decode, composed_spline_encode}) {
        Graph graph;
        const Expr in = graph.input("x", p.rows, p.columns);
        const Expr theta = graph.input("p", p.rows, parameter_columns(p));
        const auto differ = [&](Expr f, const std::vector<Expr>& g) {
          Evaluator<double> evaluator({in, theta}, {}, {f});
          const auto value = [&](const Values& a, const Values& b) {
            double result = 0;
            evaluator.run(0, {a.data(), b.data()}, {&result});
            return result;
          };
          const Values by_x =
              differences([&](const Values& at) { return value(at, parameters); }, x, 1e-4);
          const Values by_p =
              differences([&](const Values& at) { return value(x, at); }, parameters, 1e-3);
          check_derivatives(evaluate<double>(g[0], {in, theta}, {x, parameters}), by_x);
          check_derivatives(evaluate<double>(g[1], {in, theta}, {x, parameters}), by_p);
          return largest(by_p);
        };
        const Expr f = weighed(build(in, theta, p.shape));
        const std::vector<Expr> g = gradient(f, {in, theta});
        const double first = differ(f, g);
        const Expr mixed = sum(sin(g[0])) + sum(g[1] * sin(2.0 * theta));
        const double second = differ(mixed, gradient(mixed, {in, theta}));
        const bool flat = low > 1 || p.shape.bins == 1;
        if (!flat) CHECK(first > 0.01);
        if (!flat) CHECK(second > 0.01);
        if (low > 1) CHECK(first == 0);
      }
    }
  }
}

TEST_CASE("derivatives of splines whose inputs depend on each other, to the third order",
          "[spline]") {
  // Parameters made from x: each derivative is a total one. One variable, so that the n-th
  // derivative can be compared with differences of the one before.
  const SplineShape shape{3, 2.0};
  Graph graph;
  const Expr x = graph.input("x", 6, 1);
  const Expr weights = graph.constant(1, 8, draw(1, 8, -2, 2, 11));
  for (const Build build : {spline_encode, spline_decode}) {
    const SplineValue out = build(x, sin(matmul(x, weights)), shape);
    Expr f = out.value + square(out.log_slope);
    const Values at = {-1.7, -0.9, -0.2, 0.45, 1.3, 2.4};
    for (int order = 1; order <= 3; ++order) {
      const Expr g = gradient(f, x);
      const double h = 1e-4;
      const auto value = [&](double step) {
        Values moved = at;
        for (double& v : moved) v += step;
        return evaluate<double>(f, {x}, {moved});
      };
      const Values a = value(h), b = value(-h), a2 = value(2 * h), b2 = value(-2 * h);
      Values expected;
      for (std::size_t i = 0; i < at.size(); ++i)
        expected.push_back((8 * (a[i] - b[i]) - (a2[i] - b2[i])) / (12 * h));
      INFO("order " << order);
      check_derivatives(evaluate<double>(g, {x}, {at}), expected);
      CHECK(largest(expected) > 0.1);
      f = g;
    }
  }
}

TEST_CASE("tangents of splines and of their gradients agree with gradients", "[spline]") {
  const Problem p = problems[0];
  Graph graph;
  const auto input = [&](const char* name, int columns) {
    return graph.input(name, p.rows, columns);
  };
  const Expr x = input("x", p.columns), theta = input("p", parameter_columns(p));
  const Expr vx = input("vx", p.columns), vp = input("vp", parameter_columns(p));
  const std::vector<Values> values = {
      draw(p.rows, p.columns, -3.3, 3.3, 12), draw(p.rows, parameter_columns(p), -1, 1, 13),
      draw(p.rows, p.columns, -1, 1, 14), draw(p.rows, parameter_columns(p), -1, 1, 15)};
  for (const Build build : {spline_encode, spline_decode}) {
    const Expr f = weighed(build(x, theta, p.shape));
    const std::vector<Expr> g = gradient(f, {x, theta});
    const auto both = [&](Expr y) {
      const std::vector<Expr> slope = gradient(y, {x, theta});
      const Expr along = sum(slope[0] * vx) + sum(slope[1] * vp);
      const Expr pushed = tangent({y}, {x, theta}, {vx, vp})[0];
      const double a = evaluate<double>(along, {x, theta, vx, vp}, values)[0];
      const double b = evaluate<double>(pushed, {x, theta, vx, vp}, values)[0];
      CHECK(a == Approx(b).epsilon(1e-10));
      CHECK(std::abs(a) > 0.01);
    };
    both(f);
    both(sum(square(g[0])) + sum(square(g[1])));
    // A tangent of x alone: the parameters' is not there.
    const Expr alone = tangent({f}, {x}, {vx})[0];
    CHECK(evaluate<double>(alone, {x, theta, vx}, {values[0], values[1], values[2]})[0] ==
          Approx(evaluate<double>(sum(g[0] * vx), {x, theta, vx},
                                  {values[0], values[1], values[2]})[0])
              .epsilon(1e-10));
  }
}
