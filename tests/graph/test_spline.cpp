// Fused splines against the composed ones, and their inverses.
#include "base/instruction_set.hpp"
#include "graph/kernels/kernels.hpp"
#include "graph/spline_values.hpp"

using namespace pushforward;
using namespace pushforward::spline_tests;

TEST_CASE("fused splines are the composed ones", "[spline]") {
  for (const Problem& p : problems)
    for (const double spread : {0.5, 5.0}) {
      const double far = 1.2 * p.shape.bound;
      const Values x = draw(p.rows, p.columns, -far, far, 1);
      const Values parameters = draw(p.rows, parameter_columns(p), -spread, spread, 2);
      const auto all = [&](Build build) {
        return map<double>(build, p.rows, p.columns, p.shape, x, parameters);
      };
      const auto encoded = all(spline_encode), slow_encoded = all(composed_spline_encode);
      const auto decoded = all(spline_decode), slow_decoded = all(composed_spline_decode);
      CHECK(distance(encoded.value, slow_encoded.value) < 1e-12);
      CHECK(distance(encoded.log_slope, slow_encoded.log_slope) < 1e-12);
      CHECK(distance(decoded.value, slow_decoded.value) < 1e-12);
      CHECK(distance(decoded.log_slope, slow_decoded.log_slope) < 1e-12);
      if (p.shape.bins > 1) CHECK(distance(encoded.value, x) > 0.01);
    }
}

TEST_CASE("parameters 0 are the identity", "[spline]") {
  for (const Problem& p : problems) {
    const Values x = draw(p.rows, p.columns, -1.1 * p.shape.bound, 1.1 * p.shape.bound, 3);
    const Values zeros(size(p.rows * parameter_columns(p)), 0.0);
    for (const Build build : {spline_encode, spline_decode}) {
      const auto out = map<double>(build, p.rows, p.columns, p.shape, x, zeros);
      CHECK(distance(out.value, x) < 1e-14 * p.shape.bound);
      CHECK(largest(out.log_slope) < 1e-13);
    }
  }
}

TEMPLATE_TEST_CASE("decode takes encode back", "[spline]", float, double) {
  using T = TestType;
  // The error of encode's rounding, in units of x, is that of its value over the slope.
  const double tolerance = sizeof(T) == 4 ? 1e-5 : 1e-12;
  for (const double spread : {1.0, 5.0}) {
    const int rows = 200, columns = 11;
    const SplineShape shape;
    const auto x = draw<T>(rows, columns, -3.3, 3.3, 4);
    const auto parameters = draw<T>(rows, 23 * columns, -spread, spread, 5);
    const auto there = map<T>(spline_encode, rows, columns, shape, x, parameters);
    const auto back = map<T>(spline_decode, rows, columns, shape, there.value, parameters);
    double worst = 0, worst_slope = 0;
    for (std::size_t i = 0; i < x.size(); ++i) {
      const double per_slope = std::max(1.0, std::exp(-double(there.log_slope[i])));
      worst = std::max(worst, std::abs(double(back.value[i] - x[i])) / per_slope);
      if (spread < 2)
        worst_slope =
            std::max(worst_slope, std::abs(double(back.log_slope[i] + there.log_slope[i])));
    }
    CHECK(worst < tolerance);
    CHECK(worst_slope < 100 * tolerance);
    CHECK(all_finite(back.value));
    CHECK(all_finite(back.log_slope));
  }
}

TEST_CASE("log slopes are those of the values, and positive slopes", "[spline]") {
  const int rows = 40, columns = 5;
  const SplineShape shape;
  const Values parameters = draw(rows, 23 * columns, -2, 2, 6);
  const Values x = draw(rows, columns, -3.2, 3.2, 7);
  for (const Build build : {spline_encode, spline_decode}) {
    const auto at = [&](double step) {
      Values moved = x;
      for (double& v : moved) v += step;
      return map<double>(build, rows, columns, shape, moved, parameters);
    };
    const double h = 2e-5;
    const auto here = at(0), up = at(h), down = at(-h), up2 = at(2 * h), down2 = at(-2 * h);
    std::size_t compared = 0;
    for (std::size_t i = 0; i < x.size(); ++i) {
      // Third derivatives jump at knots: elements beside one are left out.
      const double central = (up.value[i] - down.value[i]) / (2 * h);
      const double wide = (up2.value[i] - down2.value[i]) / (4 * h);
      if (std::abs(central - wide) > 1e-6 * central) continue;
      ++compared;
      const double slope = (4 * central - wide) / 3;
      CHECK(slope > 0);
      CHECK(std::abs(std::log(slope) - here.log_slope[i]) < 1e-8);
    }
    CHECK(compared > x.size() * 9 / 10);
  }
}

TEMPLATE_TEST_CASE("splines rise", "[spline]", float, double) {
  using T = TestType;
  const int columns = 4001;
  const SplineShape shape;
  std::vector<T> x;
  for (int i = 0; i < columns; ++i) x.push_back(static_cast<T>(-4 + 8.0 * i / (columns - 1)));
  for (const double spread : {1.0, 5.0})
    for (const Build build : {spline_encode, spline_decode}) {
      const auto parameters = repeated(draw<T>(1, 23, -spread, spread, 8), columns);
      const auto out = map<T>(build, 1, columns, shape, x, parameters);
      double deepest = 0;
      for (std::size_t i = 1; i < out.value.size(); ++i)
        deepest = std::max(deepest, double(out.value[i - 1] - out.value[i]));
      CHECK(deepest <= 4 * double(std::numeric_limits<T>::epsilon()));
      CHECK(out.value.front() == x.front());
      CHECK(out.value.back() == x.back());
    }
}

TEMPLATE_TEST_CASE("knots, ends of the box, tails and tiny numbers", "[spline]", float, double) {
  using T = TestType;
  const SplineShape shape;  // parameters 0 of the widths: knots at multiples of 0.75
  const T below = std::nextafter(T(3), T(0)), tiny = std::numeric_limits<T>::denorm_min();
  const std::vector<T> x = {
      T(-3), T(-2.25), T(-1.5), T(-0.75), T(0),  T(0.75), T(1.5),   T(2.25),
      T(3),  below,    -below,  tiny,     -tiny, T(1e30), T(-1e30), std::numeric_limits<T>::max()};
  const int columns = static_cast<int>(x.size());
  std::vector<T> one(23, T(0));
  for (std::size_t k = 8; k < 23; ++k) one[k] = T(std::sin(3.0 * double(k)));
  const std::vector<T> parameters = repeated(one, columns);
  const auto there = map<T>(spline_encode, 1, columns, shape, x, parameters);
  const auto back = map<T>(spline_decode, 1, columns, shape, there.value, parameters);
  const auto composed = map<T>(composed_spline_encode, 1, columns, shape, x, parameters);
  const double rounding = 16 * double(std::numeric_limits<T>::epsilon());
  double sum_of_heights = 0, height = -3;
  for (std::size_t k = 8; k < 16; ++k) sum_of_heights += std::exp(double(one[k]));
  for (std::size_t k = 0; k <= 8; ++k) {
    CHECK(double(there.value[k]) == Approx(height).margin(rounding));
    const double derivative =
        k == 0 || k == 8 ? 1
                         : 1e-3 + std::log1p(std::exp(double(one[15 + k]) + 0.53974241723695208));
    CHECK(double(there.log_slope[k]) == Approx(std::log(derivative)).margin(2 * rounding));
    if (k < 8) height += 6 * (1e-3 + (1 - 8e-3) * std::exp(double(one[8 + k])) / sum_of_heights);
  }
  for (std::size_t i = 0; i < x.size(); ++i) {
    CHECK(std::abs(double(there.value[i]) - double(composed.value[i])) <= rounding);
    CHECK(std::abs(double(there.log_slope[i]) - double(composed.log_slope[i])) <= 2 * rounding);
    CHECK(std::abs(double(back.value[i]) - double(x[i])) <= 4 * rounding);
    if (i == 0 || i == 8 || i > 12) {
      CHECK(there.value[i] == x[i]);
      CHECK(there.log_slope[i] == 0);
      CHECK(back.value[i] == x[i]);
    }
  }
  // Gradients there are finite, 1 and 0 in the tails.
  Graph graph;
  const Expr in = graph.input("x", 1, columns), theta = graph.input("p", 1, 23 * columns);
  for (const Build build : {spline_encode, spline_decode}) {
    const SplineValue out = build(in, theta, shape);
    const std::vector<Expr> g = gradient(sum(out.value) + 0.5 * sum(out.log_slope), {in, theta});
    const auto by_x = evaluate<T>(g[0], {in, theta}, {x, parameters});
    const auto by_p = evaluate<T>(g[1], {in, theta}, {x, parameters});
    CHECK(all_finite(by_x));
    CHECK(all_finite(by_p));
    for (const std::size_t i : {13, 14, 15}) {
      CHECK(by_x[i] == 1);
      for (std::size_t k = 0; k < 23; ++k) CHECK(by_p[k * size(columns) + i] == 0);
    }
  }
  const T nan = std::numeric_limits<T>::quiet_NaN(), infinity = std::numeric_limits<T>::infinity();
  const auto odd = map<T>(spline_encode, 1, 2, shape, {nan, infinity}, repeated(one, 2));
  CHECK(std::isnan(odd.value[0]));
  CHECK(odd.value[1] == infinity);
  CHECK(odd.log_slope[1] == 0);
}

TEMPLATE_TEST_CASE("extreme parameters give finite numbers", "[spline]", float, double) {
  using T = TestType;
  const int rows = 500, columns = 9;
  const SplineShape shape;
  const auto x = draw<T>(rows, columns, -3.1, 3.1, 16);
  for (const double spread : {50.0, 1e4, 1e30}) {
    const auto parameters = draw<T>(rows, 23 * columns, -spread, spread, 17);
    Graph graph;
    const Expr in = graph.input("x", rows, columns), theta = graph.input("p", rows, 23 * columns);
    for (const Build build : {spline_encode, spline_decode}) {
      const SplineValue out = build(in, theta, shape);
      for (const Expr y : {out.value, out.log_slope})
        CHECK(all_finite(evaluate<T>(y, {in, theta}, {x, parameters})));
      if (spread > 50) continue;
      for (const Expr y : {out.value, out.log_slope})
        for (const Expr g : gradient(sum(y), {in, theta}))
          CHECK(all_finite(evaluate<T>(g, {in, theta}, {x, parameters})));
    }
  }
}

TEMPLATE_TEST_CASE("a row's spline does not depend on the rows beside it", "[spline]", float,
                   double) {
  using T = TestType;
  const int rows = 300;
  const SplineShape shape;
  for (const int columns : {1, 3, 8, 31}) {
    const auto x = draw<T>(rows, columns, -3.3, 3.3, 18);
    const auto parameters = draw<T>(rows, 23 * columns, -2, 2, 19);
    const auto results = [&](int n, const std::vector<T>& at, const std::vector<T>& p) {
      Graph graph;
      const Expr in = graph.input("x", n, columns), theta = graph.input("p", n, 23 * columns);
      const SplineValue there = spline_encode(in, theta, shape);
      const SplineValue back = spline_decode(in, theta, shape);
      std::vector<Expr> g = gradient(sum(there.value) + sum(square(there.log_slope)), {in, theta});
      return evaluate<T>(
          hstack({there.value, there.log_slope, back.value, back.log_slope, g[0], g[1]}),
          {in, theta}, {at, p});
    };
    const std::vector<T> all = results(rows, x, parameters);
    const long width = 28 * columns;
    for (const int row : {0, 1, 7, 150, 298, 299}) {
      const auto part = [row](const std::vector<T>& from, long count) {
        return std::vector<T>(from.begin() + row * count, from.begin() + (row + 1) * count);
      };
      const std::vector<T> alone = results(1, part(x, columns), part(parameters, 23 * columns));
      INFO(columns << " columns, row " << row);
      CHECK(alone == part(all, width));
    }
    // Equal splines in different columns are equal.
    if (columns == 31) {
      const auto same = map<T>(spline_encode, 1, columns, shape, std::vector<T>(31, T(0.7)),
                               repeated(draw<T>(1, 23, -2, 2, 20), columns));
      for (const T v : same.value) CHECK(v == same.value[0]);
      for (const T v : same.log_slope) CHECK(v == same.log_slope[0]);
    }
  }
}

TEST_CASE("splines in float are those in double, rounded", "[spline]") {
  const int rows = 60, columns = 11;
  const SplineShape shape;
  const auto x = draw<float>(rows, columns, -3.3, 3.3, 24);
  const auto parameters = draw<float>(rows, 23 * columns, -0.5, 0.5, 25);
  const Values exact_x(x.begin(), x.end()), exact(parameters.begin(), parameters.end());
  Graph graph;
  const Expr in = graph.input("x", rows, columns), theta = graph.input("p", rows, 23 * columns);
  for (const Build build : {spline_encode, spline_decode}) {
    const SplineValue out = build(in, theta, shape);
    const std::vector<Expr> g = gradient(weighed(out), {in, theta});
    const double tolerance = build == spline_encode ? 4e-5 : 2e-4;  // composed gradients
    for (const Expr y : {out.value, out.log_slope, g[0], g[1]})
      CHECK(distance(evaluate<float>(y, {in, theta}, {x, parameters}),
                     evaluate<double>(y, {in, theta}, {exact_x, exact})) < tolerance);
  }
}

TEMPLATE_TEST_CASE("the splines of all instruction sets agree", "[spline]", float, double) {
  using T = TestType;
  const std::size_t rows = 37, columns = 19;
  // Moderate slopes: they multiply the rounding of the knots.
  const auto x = draw<T>(37, 19, -3.3, 3.3, 21);
  const auto parameters = draw<T>(37, 23 * 19, -0.5, 0.5, 22);
  const auto adjoint = draw<T>(37, 2 * 19, -1, 1, 23);
  using Add = void (*)(Kernels<T>*);
  const auto results = [&](Add add) {
    Kernels<T> table{};
    add(&table);
    std::vector<T> all(rows * columns * 28);
    T* out = all.data();
    table.spline(rows, columns, x.data(), parameters.data(), 8, T(3), out);
    out += 2 * rows * columns;
    table.spline_inverse(rows, columns, x.data(), parameters.data(), 8, T(3), out);
    out += 2 * rows * columns;
    table.spline_backward(rows, columns, x.data(), parameters.data(), adjoint.data(), 8, T(3), out);
    return all;
  };
  const std::vector<T> base = results(&baseline::add_spline_kernels);
  CHECK(largest(Values(base.begin(), base.end())) > 1);
  if (instruction_set() == InstructionSet::baseline) return;
  const std::vector<T> with_avx2 = results(&avx2::add_spline_kernels);
  double worst = 0;
  for (std::size_t i = 0; i < base.size(); ++i)
    worst = std::max(
        worst, std::abs(double(with_avx2[i] - base[i])) / std::max(1.0, std::abs(double(base[i]))));
  CHECK(worst < (sizeof(T) == 4 ? 1e-5 : 1e-13));
  if (instruction_set() == InstructionSet::avx512)
    CHECK(results(&avx512::add_spline_kernels) == with_avx2);
}

TEST_CASE("splines refuse shapes that do not fit", "[spline]") {
  Graph graph;
  const Expr x = graph.input("x", 4, 2), theta = graph.input("p", 4, 46);
  CHECK_NOTHROW(spline_encode(x, theta, {8, 3}));
  CHECK_THROWS_AS(spline_encode(x, theta, {7, 3}), std::invalid_argument);
  CHECK_THROWS_AS(spline_decode(x, graph.input("q", 3, 46), {8, 3}), std::invalid_argument);
  CHECK_THROWS_AS(spline_encode(x, graph.input("q", 4, 388), {65, 3}), std::invalid_argument);
  CHECK_THROWS_AS(spline_encode(x, theta, {0, 3}), std::invalid_argument);
  CHECK_THROWS_AS(spline_encode(x, theta, {8, -1}), std::invalid_argument);
  CHECK_THROWS_AS(spline_encode(x, theta, {8, std::nan("")}), std::invalid_argument);
}
