// Every operator's gradient, second gradient and tangent against central differences in float64.
#include <catch2/catch.hpp>
#include <cmath>
#include <functional>
#include <limits>

#include "base/random.hpp"
#include "graph/convolution.hpp"
#include "graph/evaluate.hpp"

using namespace pushforward;

namespace {

using Values = std::vector<double>;

struct Case {
  std::string name;
  int rows, columns;
  double low, high;                           // where the operands are drawn from
  std::function<Expr(Expr x, Expr y)> build;  // x, y: rows x columns
};

Values draw(int rows, int columns, double low, double high, std::uint64_t seed) {
  Values values(static_cast<std::size_t>(rows * columns));
  Random(seed, Stream::evaluation)
      .fill_uniform(values.data(), static_cast<std::size_t>(rows),
                    static_cast<std::size_t>(columns), 0);
  for (double& v : values) v = low + (high - low) * v;
  return values;
}

// A scalar function with all directions of the result visible: sum of w_i out_i.
Expr weighed(Expr out) {
  Values weights(static_cast<std::size_t>(out.rows() * out.columns()));
  for (std::size_t i = 0; i < weights.size(); ++i) weights[i] = std::cos(1.0 + 0.7 * double(i));
  return sum(out * out.graph().constant(out.rows(), out.columns(), weights));
}

double difference(const std::function<double(const Values&)>& f, Values at, std::size_t i) {
  // Fourth-order central difference.
  const double h = 1e-3 * std::max(1.0, std::abs(at[i]));
  const double x = at[i];
  const auto value = [&](double step) {
    at[i] = x + step;
    return f(at);
  };
  return (8 * (value(h) - value(-h)) - (value(2 * h) - value(-2 * h))) / (12 * h);
}

void check_close(double got, double expected, double scale) {
  CHECK(std::abs(got - expected) <= 1e-6 * std::max(std::abs(expected), scale));
}

// Images of 3 x 2 pixels to such of 2 x 1.
const ConvolutionGeometry odd_geometry{3, 2, 2, 2, 2, 1, 0, 0, 1};

const std::vector<Case> cases = {
    {"add", 3, 4, -2, 2, [](Expr x, Expr y) { return x + y; }},
    {"add row", 3, 4, -2, 2, [](Expr x, Expr y) { return x + sum_rows(y) * sum_columns(x); }},
    {"subtract", 3, 4, -2, 2, [](Expr x, Expr y) { return (x - y) * x - sum_columns(y); }},
    {"multiply", 3, 4, -2, 2, [](Expr x, Expr y) { return x * y * x; }},
    {"multiply column", 3, 4, -2, 2, [](Expr x, Expr y) { return x * sum_columns(y); }},
    {"multiply row", 3, 4, -2, 2, [](Expr x, Expr y) { return sum_rows(x) * y; }},
    {"divide", 3, 4, 0.5, 2, [](Expr x, Expr y) { return x / y; }},
    {"divide spread", 3, 4, 0.5, 2, [](Expr x, Expr y) { return sum_columns(x) / sum_rows(y); }},
    {"affine", 3, 4, -2, 2, [](Expr x, Expr y) { return (2.0 * x - 3.0) * (1.0 - y / 4.0); }},
    {"exp", 3, 4, -2, 2, [](Expr x, Expr y) { return exp(x * y); }},
    {"log", 3, 4, 0.5, 3, [](Expr x, Expr y) { return log(x * y); }},
    {"tanh", 3, 4, -2, 2, [](Expr x, Expr y) { return tanh(x + y); }},
    {"sigmoid", 3, 4, -2, 2, [](Expr x, Expr y) { return sigmoid(x) * y; }},
    {"softplus", 3, 4, -2, 2, [](Expr x, Expr y) { return softplus(x - y); }},
    {"silu", 3, 4, -2, 2, [](Expr x, Expr y) { return silu(x) * y; }},
    {"relu", 3, 4, 0.5, 2, [](Expr x, Expr y) { return relu(x) * y + relu(-x); }},
    {"sqrt", 3, 4, 0.5, 3, [](Expr x, Expr y) { return sqrt(x * y); }},
    {"square", 3, 4, -2, 2, [](Expr x, Expr y) { return square(x) * y; }},
    {"reciprocal", 3, 4, 0.5, 3, [](Expr x, Expr y) { return reciprocal(x) * y; }},
    {"abs", 3, 4, 0.5, 2, [](Expr x, Expr y) { return abs(-x) * abs(y); }},
    {"sin", 3, 4, -4, 4, [](Expr x, Expr y) { return sin(x * y); }},
    {"cos", 3, 4, -4, 4, [](Expr x, Expr y) { return cos(x) * y; }},
    {"erf", 3, 4, -2, 2, [](Expr x, Expr y) { return erf(x) * y; }},
    {"log1p", 3, 4, -0.5, 2, [](Expr x, Expr y) { return log1p(x) * y; }},
    {"expm1", 3, 4, -2, 2, [](Expr x, Expr y) { return expm1(x) * y; }},
    {"lgamma", 3, 4, 0.5, 12, [](Expr x, Expr y) { return lgamma(x) * y; }},
    {"select", 3, 4, 0.5, 2,
     [](Expr x, Expr y) { return select(x - 1.2, square(x) * y, x * exp(y)); }},
    {"sign and heaviside", 3, 4, 0.5, 2,
     [](Expr x, Expr y) { return x * sign(-y) + y * heaviside(x); }},
    {"matmul", 4, 4, -1, 1, [](Expr x, Expr y) { return matmul(x, matmul(y, x)); }},
    {"matmul bias", 4, 4, -1, 1, [](Expr x, Expr y) { return tanh(matmul(x, y) + sum_rows(y)); }},
    {"matmul_transposed", 4, 3, -1, 1,
     [](Expr x, Expr y) { return square(matmul_transposed(x, y)); }},
    {"masked_matmul", 3, 4, -1, 1,
     [](Expr x, Expr y) {
       const Expr w = matmul_transposed(square(y), x);  // 4 x 4: two groups of a staircase of two
       return square(masked_matmul(x, w, {1, 3}));
     }},
    {"masked_matmul_back", 3, 4, -1, 1,
     [](Expr x, Expr y) {
       return square(masked_matmul_back(x, matmul_transposed(square(y), x), {0, 3}));
     }},
    {"masked_outer", 3, 4, -1, 1,
     [](Expr x, Expr y) {
       return square(masked_outer(x, tanh(y) * x, {2, 2}));
     }},
    {"inverse_lower", 3, 3, 0.5, 2,
     [](Expr x, Expr y) { return matmul(inverse_lower(x * x), y) + inverse_lower(y); }},
    {"transpose", 3, 4, -1, 1, [](Expr x, Expr y) { return matmul(x * x, transpose(y)); }},
    {"sums", 3, 4, -1, 1,
     [](Expr x, Expr y) { return exp(sum_columns(x)) * sum_rows(y * y) + tanh(sum(x * y)); }},
    {"broadcast", 3, 4, -1, 1, [](Expr x, Expr y) { return broadcast(exp(sum(x)), 3, 4) * y; }},
    {"logsumexp", 3, 4, -2, 2, [](Expr x, Expr y) { return logsumexp_columns(x * y); }},
    {"gather", 3, 4, -2, 2,
     [](Expr x, Expr y) {
       return gather_columns(x * x, {3, 0, 0}) * gather_columns(y, {1, 2, 0});
     }},
    {"scatter", 3, 4, -2, 2,
     [](Expr x, Expr y) {
       return exp(scatter_columns(x * y, {4, 0, 4, 2}, 5));
     }},
    {"concatenate", 3, 4, -2, 2,
     [](Expr x, Expr y) {
       return square(hstack({x, slice_columns(y, 1, 2)}));
     }},
    {"reshape", 3, 4, -2, 2,
     [](Expr x, Expr y) {
       return square(reshape(x, 4, 3)) * transpose(y) + reshape(reshape(x * y, 2, 6), 4, 3);
     }},
    {"sum_row_blocks", 6, 2, -1, 1,
     [](Expr x, Expr y) { return exp(sum_row_blocks(x * y, 3)) * sum_row_blocks(x, 3); }},
    {"repeat_rows", 6, 2, -1, 1,
     [](Expr x, Expr y) {
       const Expr few = sum_row_blocks(x, 2);
       return repeat_rows(square(few), 2) * y - tanh(x) / (2.0 + repeat_rows(sin(few), 2));
     }},
    {"batched_matmul", 6, 2, -1, 1,
     [](Expr x, Expr y) {
       const Expr attended = batched_matmul(tanh(batched_matmul_by_transposed(x, y, 2)), y, 2);
       return batched_matmul(attended, batched_matmul_transposed(x, y, 2), 2);
     }},
    {"convolution", 12, 2, -1, 1,
     [](Expr x, Expr y) { return square(convolution(odd_geometry, x, reshape(y, 8, 3))); }},
    {"convolution_back", 12, 2, -1, 1,
     [](Expr x, Expr y) {
       return square(convolution_back(odd_geometry, reshape(x, 8, 3), reshape(y, 8, 3)));
     }},
    {"convolution_weights", 12, 2, -1, 1,
     [](Expr x, Expr y) {
       return square(convolution_weights(odd_geometry, x, sum_row_blocks(reshape(y, 8, 3), 2)));
     }},
};

}  // namespace

TEST_CASE("gradients agree with central differences", "[gradient]") {
  for (const Case& c : cases) {
    INFO(c.name);
    Graph graph;
    const Expr x = graph.input("x", c.rows, c.columns), y = graph.input("y", c.rows, c.columns);
    const Expr f = weighed(c.build(x, y));
    const std::vector<Expr> g = gradient(f, {x, y});
    const Values at = draw(c.rows, c.columns, c.low, c.high, 1);
    const Values other = draw(c.rows, c.columns, c.low, c.high, 2);
    Evaluator<double> value({x, y}, {}, {f});
    const auto of_x = [&](const Values& v) {
      double out;
      value.run(0, {v.data(), other.data()}, {&out});
      return out;
    };
    const auto of_y = [&](const Values& v) {
      double out;
      value.run(0, {at.data(), v.data()}, {&out});
      return out;
    };
    const Values gx = evaluate<double>(g[0], {x, y}, {at, other});
    const Values gy = evaluate<double>(g[1], {x, y}, {at, other});
    for (std::size_t i = 0; i < at.size(); ++i) {
      check_close(gx[i], difference(of_x, at, i), 1e-3);
      check_close(gy[i], difference(of_y, other, i), 1e-3);
    }
  }
}

TEST_CASE("second gradients agree with central differences of gradients", "[gradient]") {
  for (const Case& c : cases) {
    INFO(c.name);
    Graph graph;
    const Expr x = graph.input("x", c.rows, c.columns), y = graph.input("y", c.rows, c.columns);
    const std::vector<Expr> g = gradient(weighed(c.build(x, y)), {x, y});
    const Expr f = weighed(g[0]) + 0.5 * weighed(g[1]);
    const std::vector<Expr> h = gradient(f, {x, y});
    const Values at = draw(c.rows, c.columns, c.low, c.high, 3);
    const Values other = draw(c.rows, c.columns, c.low, c.high, 4);
    Evaluator<double> value({x, y}, {}, {f});
    const auto of_x = [&](const Values& v) {
      double out;
      value.run(0, {v.data(), other.data()}, {&out});
      return out;
    };
    const Values hx = evaluate<double>(h[0], {x, y}, {at, other});
    for (std::size_t i = 0; i < at.size(); ++i) check_close(hx[i], difference(of_x, at, i), 1e-2);
  }
}

TEST_CASE("a tangent is the gradient seen along a direction", "[gradient]") {
  for (const Case& c : cases) {
    INFO(c.name);
    Graph graph;
    const Expr x = graph.input("x", c.rows, c.columns), y = graph.input("y", c.rows, c.columns);
    const Expr vx = graph.input("vx", c.rows, c.columns), vy = graph.input("vy", c.rows, c.columns);
    const Expr f = weighed(c.build(x, y));
    const std::vector<Expr> g = gradient(f, {x, y});
    const Expr along = sum(g[0] * vx) + sum(g[1] * vy);
    const Expr t = tangent({f}, {x, y}, {vx, vy})[0];
    const std::vector<Values> values = {
        draw(c.rows, c.columns, c.low, c.high, 5), draw(c.rows, c.columns, c.low, c.high, 6),
        draw(c.rows, c.columns, -1, 1, 7), draw(c.rows, c.columns, -1, 1, 8)};
    const double a = evaluate<double>(along, {x, y, vx, vy}, values)[0];
    const double b = evaluate<double>(t, {x, y, vx, vy}, values)[0];
    CHECK(b == Approx(a).epsilon(1e-10).margin(1e-10));
    // Forward over reverse and reverse over forward agree too.
    const Expr t_of_g = tangent({g[0]}, {x, y}, {vx, vy})[0];
    const Expr g_of_t = gradient(t, x);
    const Values p = evaluate<double>(t_of_g, {x, y, vx, vy}, values);
    const Values q = evaluate<double>(g_of_t, {x, y, vx, vy}, values);
    for (std::size_t i = 0; i < p.size(); ++i)
      CHECK(q[i] == Approx(p[i]).epsilon(1e-9).margin(1e-9));
  }
}

TEST_CASE("rows have gradients of their own", "[gradient]") {
  Graph graph;
  const Expr x = graph.input("x", 5, 3);
  const Expr f = logsumexp_columns(square(x));
  const Values at = draw(5, 3, -2, 2, 9);
  const Values all = evaluate<double>(gradient(f, x), {x}, {at});
  Graph one_graph;
  const Expr one = one_graph.input("x", 1, 3);
  for (std::size_t row = 0; row < 5; ++row) {
    const Values at_row(at.begin() + 3 * long(row), at.begin() + 3 * long(row) + 3);
    const Values g =
        evaluate<double>(gradient(logsumexp_columns(square(one)), one), {one}, {at_row});
    for (std::size_t j = 0; j < 3; ++j) CHECK(g[j] == all[3 * row + j]);
  }
}

TEST_CASE("a sum of exponentials of -infinity is zero, its logarithm -infinity", "[gradient]") {
  constexpr double infinity = std::numeric_limits<double>::infinity();
  Graph graph;
  const Expr x = graph.input("x", 3, 2);
  const Values at = {-infinity, -infinity, -infinity, 1, -1e300, -infinity};
  CHECK(evaluate<double>(logsumexp_columns(x), {x}, {at}) == Values{-infinity, 1, -1e300});
  const float low = -std::numeric_limits<float>::infinity();
  CHECK(evaluate<float>(logsumexp_columns(x), {x}, {{low, low, low, 1, -1e30f, low}}) ==
        std::vector<float>{low, 1, -1e30f});
}

TEST_CASE("the branch not chosen leaks no NaN", "[gradient]") {
  Graph graph;
  const Expr x = graph.input("x", 1, 2);
  const Expr f = select(x, log(x), square(x));
  const Values at = {-1.0, 2.0};
  const Values value = evaluate<double>(f, {x}, {at});
  CHECK(value[0] == 1.0);
  CHECK(value[1] == Approx(std::log(2.0)));
  // The gradient sent into log's branch is 0 there; 0 / -1 is finite.
  const Values g = evaluate<double>(gradient(f, x), {x}, {at});
  CHECK(g[0] == -2.0);
  CHECK(g[1] == Approx(0.5));
}

TEST_CASE("equal expressions are one expression", "[graph]") {
  Graph graph;
  const Expr x = graph.input("x", 4, 2), y = graph.input("y", 4, 2);
  CHECK(x + y == y + x);
  CHECK(exp(x * y) == exp(y * x));
  CHECK(x * 1.0 == x);
  CHECK(x + graph.constant(0) == x);
  CHECK(transpose(transpose(x)) == x);
  CHECK((2.0 * x + 1.0) * 3.0 == 6.0 * x + 3.0);
  CHECK(gradient(sum(square(x)), x) == 2.0 * x);
  CHECK_THROWS_AS(x + graph.input("z", 3, 2), std::invalid_argument);
  CHECK_THROWS_AS(matmul(x, y), std::invalid_argument);
}
