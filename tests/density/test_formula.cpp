// Formulas: values and gradients against arithmetic of the C library, what is refused, and the
// integrals of the named targets.
#include <boost/math/distributions/beta.hpp>
#include <boost/math/distributions/binomial.hpp>
#include <boost/math/distributions/cauchy.hpp>
#include <boost/math/distributions/exponential.hpp>
#include <boost/math/distributions/gamma.hpp>
#include <boost/math/distributions/inverse_gamma.hpp>
#include <boost/math/distributions/laplace.hpp>
#include <boost/math/distributions/logistic.hpp>
#include <boost/math/distributions/lognormal.hpp>
#include <boost/math/distributions/normal.hpp>
#include <boost/math/distributions/poisson.hpp>
#include <boost/math/distributions/students_t.hpp>
#include <catch2/catch.hpp>
#include <cmath>

#include "base/constants.hpp"
#include "base/error.hpp"
#include "density/analytic_model.hpp"
#include "density/distribution.hpp"
#include "density/evaluate.hpp"
#include "density/formula/formula_density.hpp"
#include "density/formula/value.hpp"
#include "temporary_file.hpp"

using namespace pushforward;
using Catch::Matchers::Contains;

namespace {

FormulaDensity formula(const std::string& text, int dimension,
                       const std::vector<ModelArray>& data = {}, const Bounds& bounds = {},
                       const std::string& names = "") {
  FormulaSource source;
  source.text = text;
  source.dimension = dimension;
  source.data = data;
  source.bounds = bounds;
  if (!names.empty()) source.names = formula_column_names(names);
  return FormulaDensity(source, "formula", ErrorKind::usage);
}

double value(const std::string& text, const std::vector<double>& x = {1},
             const std::vector<ModelArray>& data = {}) {
  return evaluate(formula(text + " + 0 * x[1]", int(x.size()), data), x).value[0];
}

std::string complaint(const std::string& text, int dimension = 2,
                      const std::vector<ModelArray>& data = {}) {
  try {
    static_cast<void>(formula(text, dimension, data));
  } catch (const Error& error) {
    CHECK(error.exit_status() == 2);
    return error.what();
  }
  return "none";
}

ModelArray vector_of(const std::string& name, const std::vector<double>& values) {
  return {name, Array::of(values, {values.size()})};
}

double square_of(double v) { return v * v; }

double log_density(const Density& density, const std::vector<double>& x) {
  return evaluate(density, x).value[0];
}

// The logarithm of the integral over a rectangle, by the trapezoidal rule, which is exact to many
// digits for a smooth function that has died away at the edges.
double log_integral(const Density& density, double left, double right, double low, double high,
                    int points) {
  double sum = 0;
  const double dx = (right - left) / points, dy = (high - low) / points;
  for (int i = 0; i < points; ++i) {
    std::vector<double> x;
    for (int j = 0; j < points; ++j) {
      x.push_back(left + (i + 0.5) * dx);
      x.push_back(low + (j + 0.5) * dy);
    }
    for (const double v : evaluate(density, x).value) sum += std::exp(v);
  }
  return std::log(sum * dx * dy);
}

std::unique_ptr<AnalyticDensity> named(const std::string& name, std::size_t dimension = 2) {
  Distribution distribution;
  distribution.name = name;
  distribution.dimension = dimension;
  return make_density(distribution);
}

}  // namespace

TEST_CASE("formulas are arithmetic", "[formula]") {
  CHECK(value("1 + 2 * 3 - 4 / 8") == 6.5);
  CHECK(value("-2^2") == -4);
  CHECK(value("2^3^2") == 512);
  CHECK(value("2^-1") == 0.5);
  CHECK(value("--3") == 3);
  CHECK(value("10 - 2 - 3") == 5);
  CHECK(value("8 / 2 / 2") == 2);
  CHECK(value("1.5e2 + .5") == 150.5);
  CHECK(value("let a = 2; let b = a * a; a + b") == 6);
  CHECK(value("# a comment\n 3 # another\n") == 3);
  CHECK(value("pi") == pi);
  CHECK(value("x[2] * x[3]", {1, -3, 5}) == -15);
  CHECK(value("x[3]^3", {1, -3, -2}) == -8);
  CHECK(value("x[3]^-2", {1, -3, -2}) == 0.25);
  CHECK(value("x[3]^0", {1, -3, -2}) == 1);
  CHECK(value("x[2]^x[3]", {1, 3, -2}) == Approx(1.0 / 9));
  CHECK(value("x[2]^2.5", {1, 3}) == Approx(std::pow(3, 2.5)));
  CHECK(value("sum(x[1:4:2])", {1, 2, 3, 4, 5}) == 4);
  CHECK(value("sum(x[2:4] * [1, 10, 100])", {1, 2, 3, 4, 5}) == 432);
}

TEST_CASE("functions of formulas agree with the C library", "[formula]") {
  const std::vector<double> x = {0.7, -1.25, 2.5};
  const auto of = [&](const std::string& text) { return value(text, x); };
  CHECK(of("exp(x[2])") == Approx(std::exp(-1.25)));
  CHECK(of("log(x[1])") == Approx(std::log(0.7)));
  CHECK(of("log1p(x[1])") == Approx(std::log1p(0.7)));
  CHECK(of("expm1(x[1])") == Approx(std::expm1(0.7)));
  CHECK(of("sqrt(x[3])") == Approx(std::sqrt(2.5)));
  CHECK(of("abs(x[2])") == 1.25);
  CHECK(of("sin(x[1]) + cos(x[3]) + tan(x[2])") ==
        Approx(std::sin(0.7) + std::cos(2.5) + std::tan(-1.25)));
  CHECK(of("tanh(x[1])") == Approx(std::tanh(0.7)));
  CHECK(of("sigmoid(x[1])") == Approx(1 / (1 + std::exp(-0.7))));
  CHECK(of("softplus(x[1])") == Approx(std::log1p(std::exp(0.7))));
  CHECK(of("erf(x[1])") == Approx(std::erf(0.7)));
  CHECK(of("lgamma(x[1])") == Approx(std::lgamma(0.7)));
  CHECK(of("sum(x)") == Approx(1.95));
  CHECK(of("mean(x)") == Approx(0.65));
  CHECK(of("dot(x, x)") == Approx(8.3025));
  CHECK(of("norm(x)") == Approx(std::sqrt(8.3025)));
  CHECK(of("max(x)") == 2.5);
  CHECK(of("min(x)") == -1.25);
  CHECK(of("sum(max(x, 0))") == Approx(3.2));
  CHECK(of("min(x[1], x[2])") == -1.25);
  CHECK(of("logsumexp(x)") == Approx(std::log(std::exp(0.7) + std::exp(-1.25) + std::exp(2.5))));
  CHECK(of("logsumexp(x[1], 3)") == Approx(std::log(std::exp(0.7) + std::exp(3))));
  CHECK(of("dot(concat(x, 1), [1, 10, 100, 1000])") == Approx(0.7 - 12.5 + 250 + 1000));
  CHECK(of("sum(slice(x, 2, 3))") == 1.25);
  CHECK(of("dot(roll(x, 1), [1, 10, 100])") == Approx(2.5 + 7 - 125));
  CHECK(value("dot(roll(x, -1, 2), [1, 10, 100, 1000])", {1, 2, 3, 4}) == 3412);
  CHECK(of("where(x[2], 3, 4)") == 4);
  const ModelArray matrix = {"A", Array::of(std::vector<double>{1, 2, 3, 4, 5, 6}, {2, 3})};
  CHECK(value("dot(matmul(A, x), [1, 10])", x, {matrix}) ==
        Approx((0.7 - 2.5 + 7.5) + 10 * (2.8 - 6.25 + 15)));
}

TEST_CASE("log densities of formulas are normalised as Boost's", "[formula]") {
  namespace bm = boost::math;
  const auto of = [&](const std::string& text) { return value(text, {0.3}); };
  const auto log_pdf = [](const auto& law, double v) { return std::log(bm::pdf(law, v)); };
  CHECK(of("normal_lpdf(x, 1, 2)") == Approx(log_pdf(bm::normal(1, 2), 0.3)));
  CHECK(of("half_normal_lpdf(x, 2)") == Approx(log_pdf(bm::normal(0, 2), 0.3) + std::log(2.0)));
  CHECK(of("lognormal_lpdf(x, 1, 2)") == Approx(log_pdf(bm::lognormal(1, 2), 0.3)));
  CHECK(of("student_t_lpdf(x, 3, 0, 1)") == Approx(log_pdf(bm::students_t(3), 0.3)));
  CHECK(of("student_t_lpdf(x, 3, 1, 2)") ==
        Approx(log_pdf(bm::students_t(3), -0.35) - std::log(2.0)));
  CHECK(of("cauchy_lpdf(x, 1, 2)") == Approx(log_pdf(bm::cauchy(1, 2), 0.3)));
  CHECK(of("half_cauchy_lpdf(x, 2)") == Approx(log_pdf(bm::cauchy(0, 2), 0.3) + std::log(2.0)));
  CHECK(of("laplace_lpdf(x, 1, 2)") == Approx(log_pdf(bm::laplace(1, 2), 0.3)));
  CHECK(of("logistic_lpdf(x, 1, 2)") == Approx(log_pdf(bm::logistic(1, 2), 0.3)));
  CHECK(of("exponential_lpdf(x, 2)") == Approx(log_pdf(bm::exponential(2), 0.3)));
  CHECK(of("gamma_lpdf(x, 2.5, 3)") ==
        Approx(log_pdf(bm::gamma_distribution<>(2.5, 1.0 / 3), 0.3)));
  CHECK(of("inverse_gamma_lpdf(x, 2.5, 3)") ==
        Approx(log_pdf(bm::inverse_gamma_distribution<>(2.5, 3), 0.3)));
  CHECK(of("beta_lpdf(x, 2.5, 3)") == Approx(log_pdf(bm::beta_distribution<>(2.5, 3), 0.3)));
  const double p = 1 / (1 + std::exp(-0.3));
  CHECK(of("bernoulli_logit_lpmf([0, 1, 1], x)") == Approx(std::log(1 - p) + 2 * std::log(p)));
  CHECK(of("binomial_logit_lpmf(3, 10, x)") == Approx(log_pdf(bm::binomial(10, p), 3)));
  CHECK(of("poisson_log_lpmf(3, x)") == Approx(log_pdf(bm::poisson(std::exp(0.3)), 3)));
  CHECK(value("half_cauchy_lpdf(x, 2)", {-0.3}) == -HUGE_VAL);
}

TEST_CASE("every function of formulas has the gradient of its differences", "[formula]") {
  const std::vector<std::string> texts = {
      "sum(x^3 + 2^x + x^x)",
      "norm(x) + max(x) - min(x, [0.3, 0.6, 2])",
      "logsumexp(x, roll(x, 1))",
      "student_t_lpdf(x, 3 + x, x, 1 + x) + gamma_lpdf(x, x, 2)",
      "beta_lpdf(x / 3, 1 + x, 2) + binomial_logit_lpmf(2, 5, x)",
      "sum(tan(x) * expm1(x) + log1p(x) * lgamma(x)) + where(x[1] - 0.5, x[2]^2, x[3])"};
  const std::vector<double> at = {0.4, 0.9, 1.3};
  for (const std::string& text : texts) {
    INFO(text);
    const std::string whole = text.find("min(x, [") != std::string::npos
                                  ? "norm(x) + max(x) - sum(min(x, [0.3, 0.6, 2]))"
                                  : text;
    const FormulaDensity density = formula(whole, 3);
    const std::vector<double> slope = evaluate(density, at).gradient;
    for (std::size_t j = 0; j < at.size(); ++j) {
      const double h = 1e-5;
      std::vector<double> up = at, down = at;
      up[j] += h;
      down[j] -= h;
      const double difference = (log_density(density, up) - log_density(density, down)) / (2 * h);
      CHECK(slope[j] == Approx(difference).epsilon(1e-6).margin(1e-8));
    }
  }
  // At the origin, where the length has no slope, it counts as 0.
  CHECK(evaluate(formula("norm(x)", 2), {0, 0}).gradient == std::vector<double>{0, 0});
}

TEST_CASE("what is no formula is told by its column", "[formula]") {
  CHECK_THAT(complaint("x[1] +"), Contains("column 7: a number, a name or ( should stand here"));
  CHECK_THAT(complaint("x[1] x[2]"), Contains("column 6: an operator should stand here, not 'x'"));
  CHECK_THAT(complaint("(x[1]"), Contains("column 6: an operator or ) should stand here"));
  CHECK_THAT(complaint("x[1] $ 2"), Contains("column 6: an operator should stand here, not '$'"));
  CHECK_THAT(complaint("x[0]"), Contains("column 3: elements are counted from 1"));
  CHECK_THAT(complaint("x[3]"), Contains("column 2: a vector of 2 numbers has no element 3"));
  CHECK_THAT(complaint("x[2:1] * x"), Contains("column 2: a range runs from"));
  CHECK_THAT(complaint("x"), Contains("column 1: the result is a vector of 2 numbers"));
  CHECK_THAT(complaint("1 + 1"), Contains("does not depend on x"));
  CHECK_THAT(complaint("sum(x * [1, 2, 3])"), Contains("column 7: a vector of 2 numbers and a"));
  CHECK_THAT(complaint("foo(x)"), Contains("column 1: there is no function 'foo'; there are exp"));
  CHECK_THAT(complaint("sum(y)"), Contains("column 5: there is no 'y'; there are pi, x"));
  CHECK_THAT(complaint("sum + 1"), Contains("'sum' is a function: sum(v)"));
  CHECK_THAT(complaint("dot(x)"), Contains("1 argument, it should be dot(v, w)"));
  CHECK_THAT(complaint("let a = 1; let a = 2; sum(x)"), Contains("column 16: 'a' has a value"));
  CHECK_THAT(complaint("let a = 1 sum(x)"), Contains("column 11: an operator or ; should"));
  CHECK_THAT(complaint("1 + (let a = 1; a)"), Contains("column 6: let stands before"));
  CHECK_THAT(complaint("let a = 1;\nsum(x) +* 2"), Contains("line 2, column 9: "));
  CHECK_THAT(complaint("matmul(x, x)"), Contains("needs a matrix of data"));
  CHECK_THAT(complaint("roll(x, x[1])"), Contains("the shift should be a whole number"));
  CHECK_THAT(complaint("1e999 * sum(x)"), Contains("column 1: this number is none"));
  CHECK_THAT(complaint("1 / 0 * sum(x)"), Contains("column 3: this is no finite number"));
  CHECK_THAT(complaint(""), Contains("column 1: a number, a name or ( should stand here, not the"));
  CHECK_THAT(complaint("caf\xc3\xa9 + x[1]"), Contains("column 4: an operator should stand here"));
  const ModelArray matrix = {"A", Array::of(std::vector<double>(6, 1.0), {2, 3})};
  CHECK_THAT(complaint("sum(A)", 2, {matrix}), Contains("only matmul takes a matrix"));
  CHECK_THAT(complaint("sum(matmul(A, x))", 2, {matrix}), Contains("needs a vector of 3 numbers"));
  CHECK_THAT(complaint("sum(x)", 2, {matrix, matrix}), Contains("data A: the name is taken"));
  CHECK_THAT(complaint("sum(x)", 2, {vector_of("b", {1, NAN})}), Contains("not finite"));
}

TEST_CASE("no text is too deep or too long for the reader of formulas", "[formula]") {
  for (const char* part : {"(", "-", "[", "sum(", "2^", "x[1]^-"}) {
    std::string text;
    while (text.size() < 40000) text += part;
    CHECK_THAT(complaint(text), Contains("deep"));
  }
  std::string chain = "x[1]";
  while (chain.size() < 40000) chain += " + x[1]";
  CHECK(complaint(chain) == "none");
  CHECK_THAT(complaint(std::string(60000, ' ') + "x[1]"), Contains("50000 bytes at most"));
}

TEST_CASE("columns have names, and vectors of names", "[formula]") {
  const FormulaDensity density =
      formula("a + 10 * b[1] + 100 * b[2] + 1000 * sum(c)", 4, {}, {}, "a,b[2],c");
  CHECK(log_density(density, {1, 2, 3, 4}) == 4321);
  CHECK(density.column_names() == std::vector<std::string>{"a", "b.1", "b.2", "c"});
  CHECK(log_density(formula("x - y", 2, {}, {}, "x,y"), {5, 3}) == 2);
  for (const char* wrong : {"a,a", "a,", "1a", "a[0]", "a[", "a[x]", "a b", "a[2]b"})
    CHECK_THROWS_AS(formula_column_names(wrong), Error);
}

TEST_CASE("bounds: the density of rows is zero outside, and chains see its unbounded form",
          "[formula][bounds]") {
  const Bounds bounds = {{-HUGE_VAL, 0, -HUGE_VAL, -2}, {HUGE_VAL, HUGE_VAL, 3, 5}};
  const FormulaDensity density = formula("normal_lpdf(x, 0.5, 2) + log(x[2])", 4, {}, bounds);
  const std::vector<double> x = {-1, 0.25, -4, 4.5};
  CHECK(std::isfinite(log_density(density, x)));
  for (const std::vector<double>& out : {std::vector<double>{-1, -0.25, -4, 4.5},
                                         {-1, 0.25, 3.5, 4.5},
                                         {-1, 0.25, -4, 5.5},
                                         {-1, 0.25, -4, -2.5}})
    CHECK(log_density(density, out) == -HUGE_VAL);
  std::vector<double> y;
  for (std::size_t j = 0; j < 4; ++j) y.push_back(bounds.to_unbounded(j, x[j]));
  double log_jacobian = 0;
  for (std::size_t j = 0; j < 4; ++j) {
    CHECK(bounds.to_bounded(j, y[j]) == Approx(x[j]));
    const double h = 1e-5;
    log_jacobian += std::log(
        std::abs((bounds.to_bounded(j, y[j] + h) - bounds.to_bounded(j, y[j] - h)) / (2 * h)));
  }
  CHECK(log_density(density.unbounded(), y) ==
        Approx(log_density(density, x) + log_jacobian).epsilon(1e-9));
}

TEST_CASE("a formula comes back from its file", "[formula]") {
  const Bounds bounds = {{0, -HUGE_VAL}, {HUGE_VAL, HUGE_VAL}};
  const FormulaDensity density =
      formula("let m = mean(w);\nnormal_lpdf(a, m, 2) + normal_lpdf(b, 0, a)", 2,
              {vector_of("w", {1, 2, 6})}, bounds, "a,b");
  const TemporaryFile file;
  ContainerWriter writer(file.path, "model", {});
  write_analytic_model(writer, "formula", density);
  writer.commit();
  const auto back = read_analytic_model(ContainerReader(file.path));
  const std::vector<double> x = {0.5, -1, 2, 3};
  CHECK(evaluate(*back, x).value == evaluate(density, x).value);
  CHECK(back->column_names() == density.column_names());
  CHECK(back->bounds().lower == bounds.lower);
  CHECK(log_density(*back, {-1, 0}) == -HUGE_VAL);
}

TEST_CASE("named targets have the integrals of the manual", "[formula][targets]") {
  CHECK(log_integral(*named("u1"), -6, 6, -6, 6, 400) == Approx(1.877502).margin(2e-6));
  CHECK(log_integral(*named("u2"), -4, 4, -5, 5, 400) == Approx(2.082089).margin(2e-6));
  CHECK(log_integral(*named("u3"), -4, 4, -8, 5, 400) == Approx(2.641705).margin(2e-6));
  CHECK(log_integral(*named("u4"), -4, 4, -8, 5, 400) == Approx(2.710698).margin(2e-6));
  CHECK(log_integral(*named("double-well"), -5, 5, -8, 8, 400) ==
        Approx(std::log(11784.50927) + 0.5 * log_two_pi).margin(2e-7));
  CHECK(log_integral(*named("rosenbrock"), -19, 21, -8, 500, 4000) ==
        Approx(std::log(2 * pi)).margin(2e-4));
  const double s = 0.4, r = 2;
  const double ring = 2 * pi *
                      (s * s * std::exp(-0.5 * r * r / (s * s)) +
                       r * s * std::sqrt(pi / 2) * (1 + std::erf(r / (s * std::sqrt(2.0)))));
  CHECK(log_integral(*named("ring"), -6, 6, -6, 6, 400) == Approx(std::log(ring)).margin(2e-6));
}

TEST_CASE("pairs of a target are independent", "[targets]") {
  for (const char* name : {"double-well", "rosenbrock"}) {
    const auto two = named(name), four = named(name, 4);
    CHECK(log_density(*four, {0.3, 1, -0.5, 2}) ==
          Approx(log_density(*two, {0.3, 1}) + log_density(*two, {-0.5, 2})));
    CHECK_THROWS_AS(named(name, 3), Error);
  }
}

TEST_CASE("a lattice field without coupling is the Gaussian of its action", "[targets]") {
  Distribution distribution;
  distribution.name = "phi4";
  distribution.size = 4;
  distribution.mass = 0.5;
  distribution.coupling = 0.25;
  const auto density = make_density(distribution);
  std::vector<double> phi;
  for (int i = 0; i < 16; ++i) phi.push_back(std::sin(1.0 + i * i));
  double action = 0;
  for (std::size_t i = 0; i < 4; ++i)
    for (std::size_t j = 0; j < 4; ++j) {
      const double here = phi[4 * i + j];
      const double neighbours = phi[4 * ((i + 1) % 4) + j] + phi[4 * ((i + 3) % 4) + j] +
                                phi[4 * i + (j + 1) % 4] + phi[4 * i + (j + 3) % 4];
      action += here * (4 * here - neighbours) + 0.5 * here * here + 0.25 * std::pow(here, 4);
    }
  CHECK(log_density(*density, phi) == Approx(-action));
}

// Given mu and tau, the effects are independent and normal, so p(mu, tau) is the joint density over
// that of the effects at any point.
TEST_CASE("eight schools have the means of the quadrature", "[targets]") {
  const auto density = named("eight-schools");
  const double y[] = {28, 8, -3, 7, -1, 1, 18, 12}, sd[] = {15, 10, 16, 11, 9, 11, 10, 18};
  double sum = 0, mu_sum = 0, tau_sum = 0;
  const int points = 400;
  for (int i = 0; i < points; ++i) {
    const double mu = -30 + 60 * (i + 0.5) / points;
    std::vector<double> rows;
    for (int j = 0; j < points; ++j) {
      rows.push_back(mu);
      rows.push_back(std::exp(-12 + 18 * (j + 0.5) / points));
      rows.insert(rows.end(), 8, 0.0);
    }
    const std::vector<double> joint = evaluate(*density, rows).value;
    for (std::size_t j = 0; j < joint.size(); ++j) {
      const double tau = rows[10 * j + 1];
      double effects = 0;
      for (int k = 0; k < 8; ++k) {
        const double precision = 1 / (tau * tau) + 1 / square_of(sd[k]);
        const double mean = (mu / (tau * tau) + y[k] / square_of(sd[k])) / precision;
        effects += 0.5 * (std::log(precision) - log_two_pi - precision * mean * mean);
      }
      const double weight = std::exp(joint[j] - effects + 50) * tau;  // in log tau
      sum += weight;
      mu_sum += weight * mu;
      tau_sum += weight * tau;
    }
  }
  CHECK(mu_sum / sum == Approx(4.39682).margin(2e-4));
  CHECK(tau_sum / sum == Approx(3.59771).margin(2e-3));
}
