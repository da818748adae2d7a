#include <boost/math/special_functions/digamma.hpp>
#include <boost/math/special_functions/gamma.hpp>
#include <boost/math/special_functions/trigamma.hpp>
#include <catch2/catch.hpp>
#include <cmath>
#include <limits>

#include "base/random.hpp"
#include "graph/convolution.hpp"
#include "graph/evaluate.hpp"
#include "graph/kernels/kernels.hpp"

using namespace pushforward;

namespace {

template <class T>
std::vector<T> normals(std::size_t rows, std::size_t columns, std::uint64_t seed) {
  std::vector<T> values(rows * columns);
  Random(seed, Stream::evaluation).fill_normal(values.data(), rows, columns, 0);
  return values;
}

// A random expression over a few operators, deep enough to reuse buffers in many ways.
Expr random_expression(Graph& graph, std::vector<Expr> pool, std::uint64_t seed, int steps) {
  const Random random(seed, Stream::evaluation);
  for (int i = 0; i < steps; ++i) {
    const auto pick = [&](std::uint32_t element) {
      return pool[random.below(pool.size(), static_cast<std::uint64_t>(i), 0, element)];
    };
    const Expr a = pick(0), b = pick(1);
    switch (random.below(12, static_cast<std::uint64_t>(i), 0, 2)) {
      case 0:
        pool.push_back(tanh(a));
        break;
      case 1:
        pool.push_back(a * 0.5 - b);
        break;
      case 2:
        pool.push_back(a * tanh(b));
        break;
      case 3:
        pool.push_back(a + sum_rows(b) * 0.1);
        break;
      case 4:
        pool.push_back(a - sum_columns(b) * 0.1);
        break;
      case 5:
        pool.push_back(tanh(matmul(a, matmul_transposed(b, a) * 0.05) + sum_rows(b)));
        break;
      case 6:
        pool.push_back(gather_columns(a, {2, 1, 0, 3}));
        break;
      case 7:
        pool.push_back(sigmoid(b) + stop_gradient(a));
        break;
      case 8:
        pool.push_back(reshape(reshape(a, 2, 10) - 0.5 * reshape(tanh(b), 2, 10), 5, 4));
        break;
      case 9:
        pool.push_back(reshape(transpose(reshape(a, 4, 5)), 5, 4) * 0.3 + b);
        break;
      case 10: {
        const Expr pairs = reshape(a, 10, 2), sums = 0.1 * sum_row_blocks(pairs, 5);
        pool.push_back(reshape(pairs * repeat_rows(sums, 5) + reshape(b, 10, 2), 5, 4));
        break;
      }
      default:
        pool.push_back(scatter_columns(a, {1, 1, 2, 3}, 4));
        break;
    }
  }
  Expr all = graph.constant(0);
  for (const Expr e : pool) all = all + e;
  return all;
}

}  // namespace

TEST_CASE("planned buffers give what unshared buffers give", "[plan]") {
  for (std::uint64_t seed = 1; seed <= 40; ++seed) {
    Graph graph;
    const Expr x = graph.input("x", 5, 4), y = graph.input("y", 5, 4);
    const Expr f = random_expression(graph, {x, y}, seed, 25);
    const std::vector<Expr> g = gradient(sum(f), {x, y});
    const std::vector<double> vx = normals<double>(5, 4, seed),
                              vy = normals<double>(5, 4, seed + 100);
    Evaluator<double> together({x, y}, {}, {f, g[0], g[1], f});
    std::vector<double> out[4];
    for (auto& o : out) o.resize(20);
    together.run(0, {vx.data(), vy.data()},
                 {out[0].data(), out[1].data(), out[2].data(), out[3].data()});
    // Alone, each output is another plan with other lifetimes.
    CHECK(out[0] == out[3]);
    CHECK(out[0] == evaluate<double>(f, {x, y}, {vx, vy}));
    CHECK(out[1] == evaluate<double>(g[0], {x, y}, {vx, vy}));
    CHECK(out[2] == evaluate<double>(g[1], {x, y}, {vx, vy}));
  }
}

TEST_CASE("what depends on parameters alone is prepared once", "[plan]") {
  Graph graph;
  const Expr w = graph.parameter("w", 3, 2), b = graph.parameter("b", 1, 2);
  const Expr x = graph.input("x", 4, 3);
  const Expr y = matmul(x, exp(w)) + tanh(b);
  Evaluator<double> evaluator({x}, {w, b}, {y, sum(square(w)), transpose(w)});
  CHECK(evaluator.plan().parameter_count() == 8);
  std::vector<double> parameters = {0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 1, 2};
  const std::vector<double> in = normals<double>(4, 3, 1);
  for (int turn = 0; turn < 2; ++turn) {
    evaluator.set_parameters(parameters);
    std::vector<double> out(8), turned(6);
    double squares = 0;
    evaluator.run(0, {in.data()}, {out.data(), &squares, turned.data()});
    double expected = 0;
    for (int i = 0; i < 6; ++i) expected += parameters[std::size_t(i)] * parameters[std::size_t(i)];
    CHECK(squares == Approx(expected));
    CHECK(turned[1] == parameters[2]);
    for (std::size_t r = 0; r < 4; ++r)
      for (std::size_t c = 0; c < 2; ++c) {
        double sum_of = std::tanh(parameters[6 + c]);
        for (std::size_t k = 0; k < 3; ++k)
          sum_of += in[r * 3 + k] * std::exp(parameters[k * 2 + c]);
        CHECK(out[r * 2 + c] == Approx(sum_of).epsilon(1e-13));
      }
    for (double& p : parameters) p *= 1.5;
  }
}

TEST_CASE("convolutions of parameters alone are computed where they have a workspace", "[plan]") {
  const ConvolutionGeometry geometry{4, 4, 3, 3, 1, 1, 1, 1, 1};
  Graph graph;
  const Expr x = graph.parameter("x", 16, 32), w = graph.parameter("w", 9 * 32, 16);
  const Expr y = graph.input("x", 16, 32);
  std::vector<float> parameters = normals<float>(1, 16 * 32 + 9 * 32 * 16, 1);
  const auto run = [&](Expr out) {
    Evaluator<float> evaluator({y}, {x, w}, {out});
    evaluator.bind_parameters(parameters.data());
    std::vector<float> values(std::size_t(out.rows() * out.columns()));
    evaluator.run(0, {parameters.data()}, {values.data()});
    return values;
  };
  CHECK(run(convolution(geometry, x, w)) == run(convolution(geometry, y, w)));
}

TEMPLATE_TEST_CASE("matrix products are right at every edge", "[kernels]", float, double) {
  const double tolerance = sizeof(TestType) == 4 ? 1e-4 : 1e-12;
  for (const int m : {1, 2, 5, 6, 7, 13, 64})
    for (const int n : {1, 2, 7, 8, 9, 16, 17, 33, 64})
      for (const int k : {1, 2, 3, 64, 255, 256, 257, 600}) {
        if (k > 64 && n > 17) continue;
        Graph graph;
        const Expr a = graph.input("a", m, k), b = graph.input("b", k, n);
        const Expr at = graph.input("at", k, m), bias = graph.input("bias", 1, n);
        const auto M = std::size_t(m), N = std::size_t(n), K = std::size_t(k);
        const auto va = normals<TestType>(M, K, 1), vb = normals<TestType>(K, N, 2);
        const auto vt = normals<TestType>(K, M, 3), vc = normals<TestType>(1, N, 4);
        const auto plain = evaluate<TestType>(matmul(a, b) + bias, {a, b, bias}, {va, vb, vc});
        const auto turned = evaluate<TestType>(matmul_transposed(at, b), {at, b}, {vt, vb});
        double worst = 0;
        for (std::size_t i = 0; i < M; ++i)
          for (std::size_t j = 0; j < N; ++j) {
            double p = double(vc[j]), t = 0;
            for (std::size_t d = 0; d < K; ++d) {
              p += double(va[i * K + d]) * double(vb[d * N + j]);
              t += double(vt[d * M + i]) * double(vb[d * N + j]);
            }
            worst = std::max({worst, std::abs(p - double(plain[i * N + j])),
                              std::abs(t - double(turned[i * N + j]))});
          }
        INFO(m << " " << n << " " << k);
        CHECK(worst < tolerance * std::sqrt(double(k)));
      }
}

TEST_CASE("a row's result does not depend on its place among other rows", "[kernels]") {
  for (const int n : {1, 2, 3, 37})
    for (const int k : {1, 2, 300}) {
      std::vector<float> alone;
      for (const int rows : {1, 2, 3, 6, 11, 64}) {
        Graph graph;
        const Expr a = graph.input("a", rows, k), b = graph.input("b", k, n);
        const Expr y = logsumexp_columns(tanh(matmul(a, b)));
        const auto vb = normals<float>(std::size_t(k), std::size_t(n), 2);
        const auto row = normals<float>(1, std::size_t(k), 5);
        const auto others = normals<float>(std::size_t(rows), std::size_t(k), 6);
        for (std::size_t place = 0; place < std::size_t(rows); ++place) {
          std::vector<float> with = others;
          std::copy(row.begin(), row.end(), with.begin() + long(place) * k);
          const auto out = evaluate<float>(y, {a, b}, {with, vb});
          if (alone.empty()) alone = {out[place]};
          CHECK(out[place] == alone[0]);
        }
      }
    }
}

TEST_CASE("every element of a product's row is independent of the rows beside it", "[kernels]") {
  for (const std::size_t n : {3, 8, 21, 33})
    for (const std::size_t k : {3, 5, 40, 300}) {
      INFO(n << " columns of " << k);
      const std::size_t rows = 13;
      const auto a = normals<float>(rows, k, 1), b = normals<float>(k, n, 2);
      const auto product = [&](std::size_t first, std::size_t count) {
        std::vector<float> out(count * n);
        kernels<float>().matmul(count, n, k, a.data() + first * k, k, 1, b.data(), nullptr,
                                out.data());
        return out;
      };
      const std::vector<float> all = product(0, rows);
      for (std::size_t count = 3; count <= rows; ++count) {
        const std::vector<float> last = product(rows - count, count);
        CHECK(std::equal(last.begin(), last.end(), all.end() - static_cast<long>(count * n)));
      }
    }
}

TEMPLATE_TEST_CASE("elementary functions agree with the C library", "[kernels]", float, double) {
  using T = TestType;
  struct Function {
    const char* name;
    Expr (*build)(Expr);
    double (*reference)(double);
    double low, high;
    double ulps;  // allowed error, in units in the last place of the result (or of 1e-30)
  };
  const std::vector<Function> functions = {
      {"exp", exp, std::exp, -80, 80, 2.5},
      {"log", log, std::log, 1e-6, 1e6, 2.5},
      {"tanh", tanh, std::tanh, -6, 6, 3},
      {"sigmoid", sigmoid, [](double x) { return 1 / (1 + std::exp(-x)); }, -30, 30, 4},
      {"softplus", softplus,
       [](double x) { return std::max(x, 0.0) + std::log1p(std::exp(-std::abs(x))); }, -30, 30, 4},
      {"silu", silu, [](double x) { return x / (1 + std::exp(-x)); }, -30, 30, 5},
      {"sqrt", sqrt, std::sqrt, 0, 1e6, 0.51},
      {"erf", erf, std::erf, -7, 7, 3},
      {"erf of small numbers", erf, std::erf, -1e-3, 1e-3, 3},
      {"log1p", log1p, std::log1p, -0.99, 20, 3},
      {"log1p of small numbers", log1p, std::log1p, -1e-3, 1e-3, 3},
      {"expm1", expm1, std::expm1, -30, 30, 4},
      {"expm1 of small numbers", expm1, std::expm1, -1e-3, 1e-3, 4},
  };
  const int n = 20011;
  for (const Function& f : functions) {
    INFO(f.name);
    std::vector<T> x(n);
    for (int i = 0; i < n; ++i) x[std::size_t(i)] = T(f.low + (f.high - f.low) * i / (n - 1));
    Graph graph;
    const Expr in = graph.input("x", 1, n);
    const std::vector<T> y = evaluate<T>(f.build(in), {in}, {x});
    double worst = 0;
    for (std::size_t i = 0; i < std::size_t(n); ++i) {
      const double expected = f.reference(double(x[i]));
      const double ulp = std::abs(expected) * double(std::numeric_limits<T>::epsilon()) + 1e-37;
      worst = std::max(worst, std::abs(double(y[i]) - expected) / ulp);
    }
    CHECK(worst < f.ulps);
  }
  // Sine and cosine: absolute error, as their zeros are where reduction loses digits.
  std::vector<T> x(n);
  for (int i = 0; i < n; ++i) x[std::size_t(i)] = T(-1000.0 + 2000.0 * i / (n - 1));
  Graph graph;
  const Expr in = graph.input("x", 1, n);
  const std::vector<T> s = evaluate<T>(sin(in), {in}, {x}), c = evaluate<T>(cos(in), {in}, {x});
  double worst = 0;
  for (std::size_t i = 0; i < std::size_t(n); ++i)
    worst = std::max({worst, std::abs(double(s[i]) - std::sin(double(x[i]))),
                      std::abs(double(c[i]) - std::cos(double(x[i])))});
  CHECK(worst < 2 * double(std::numeric_limits<T>::epsilon()));
}

TEMPLATE_TEST_CASE("the gamma function's logarithm and derivatives agree with Boost's", "[kernels]",
                   float, double) {
  using T = TestType;
  struct Function {
    const char* name;
    Expr (*build)(Expr);
    double (*reference)(double);
  };
  const std::vector<Function> functions = {
      {"lgamma", lgamma, [](double x) { return boost::math::lgamma(x); }},
      {"digamma", digamma, [](double x) { return boost::math::digamma(x); }},
      {"trigamma", trigamma, [](double x) { return boost::math::trigamma(x); }}};
  std::vector<T> x;
  for (double at = 1e-6; at < 1e5; at *= 1.003) x.push_back(T(at));
  for (int i = 1; i < 3000; ++i) x.push_back(T(i / 100.0));
  for (const Function& f : functions) {
    INFO(f.name);
    Graph graph;
    const Expr in = graph.input("x", 1, int(x.size()));
    const std::vector<T> y = evaluate<T>(f.build(in), {in}, {x});
    double worst = 0;
    for (std::size_t i = 0; i < x.size(); ++i) {
      const double expected = f.reference(double(x[i]));
      const double scale = std::max({1.0, double(x[i]), std::abs(expected)});
      worst = std::max(worst, std::abs(double(y[i]) - expected) /
                                  (scale * double(std::numeric_limits<T>::epsilon())));
    }
    CHECK(worst < 32);
    const T infinity = std::numeric_limits<T>::infinity();
    Graph edges;
    const Expr edge = edges.input("x", 1, 3);
    const std::vector<T> e = evaluate<T>(f.build(edge), {edge}, {{T(0), T(-1.5), infinity}});
    CHECK(std::isinf(e[0]));
    CHECK(std::isnan(e[1]));
    CHECK(e[2] == (f.build == trigamma ? T(0) : infinity));
  }
}

TEMPLATE_TEST_CASE("elementary functions at the edges of their domains", "[kernels]", float,
                   double) {
  using T = TestType;
  const T infinity = std::numeric_limits<T>::infinity(), nan = std::numeric_limits<T>::quiet_NaN();
  const T tiny = std::numeric_limits<T>::denorm_min(), least = std::numeric_limits<T>::min();
  const std::vector<T> x = {-infinity, T(-1e4), T(-0.0), T(0),     tiny,
                            least,     T(1),    T(1e4),  infinity, nan};
  const int n = static_cast<int>(x.size());
  Graph graph;
  const Expr in = graph.input("x", 1, n);
  const auto at = [&](Expr y) { return evaluate<T>(y, {in}, {x}); };
  const std::vector<T> e = at(exp(in)), l = at(log(in)), t = at(tanh(in)), g = at(sigmoid(in)),
                       p = at(softplus(in)), r = at(erf(in)), u = at(log1p(in)), m = at(expm1(in));
  CHECK(e[0] == 0);
  CHECK(e[1] == 0);
  CHECK(e[3] == 1);
  CHECK(e[7] == infinity);
  CHECK(e[8] == infinity);
  CHECK(std::isnan(e[9]));
  CHECK(std::isnan(l[0]));
  CHECK(std::isnan(l[1]));
  CHECK(l[2] == -infinity);
  CHECK(l[3] == -infinity);
  CHECK(double(l[4]) == Approx(std::log(double(tiny))));
  CHECK(double(l[5]) == Approx(std::log(double(least))));
  CHECK(l[6] == 0);
  CHECK(l[8] == infinity);
  CHECK(std::isnan(l[9]));
  CHECK(t[0] == -1);
  CHECK(t[3] == 0);
  CHECK(t[8] == 1);
  CHECK(std::isnan(t[9]));
  CHECK(g[0] == 0);
  CHECK(g[8] == 1);
  CHECK(std::isnan(g[9]));
  CHECK(p[1] == 0);
  CHECK(p[7] == T(1e4));
  CHECK(std::isnan(p[9]));
  CHECK(r[0] == -1);
  CHECK(r[1] == -1);
  CHECK(std::signbit(r[2]));
  CHECK(r[3] == 0);
  CHECK(double(r[5]) == Approx(std::erf(double(least))));
  CHECK(r[7] == 1);
  CHECK(r[8] == 1);
  CHECK(std::isnan(u[0]));
  CHECK(u[3] == 0);
  CHECK(double(u[5]) == Approx(double(least)));
  CHECK(u[8] == infinity);
  CHECK(std::isnan(u[9]));
  CHECK(m[0] == -1);
  CHECK(m[3] == 0);
  CHECK(double(m[5]) == Approx(double(least)));
  CHECK(m[8] == infinity);
  CHECK(std::isnan(m[9]));
  CHECK(std::isnan(r[9]));
}
