// Analytic densities: they integrate to 1, their scores are their slopes, their noised forms are
// the formula.
#include <catch2/catch.hpp>
#include <cmath>

#include "density/banana.hpp"
#include "density/evaluate.hpp"
#include "density/funnel.hpp"
#include "density/gaussian_mixture.hpp"

using namespace pushforward;

namespace {

// Two correlated components of different shape and weight.
MixtureParameters tilted() {
  return make_mixture(
      Array::of(std::vector<double>{0.3, 0.7}, {2}),
      Array::of(std::vector<double>{1, -0.5, -1, 0.5}, {2, 2}),
      Array::of(std::vector<double>{0.5, 0.3, 0.3, 0.4, 0.2, -0.1, -0.1, 0.6}, {2, 2, 2}),
      {"weights", "means", "covariances"});
}

// Integral of exp(log density) over a rectangle by the trapezoidal rule, which is exact to rounding
// for smooth functions that vanish at the edges.
double integral(const Density& density, double x0, double x1, double y0, double y1, int cells) {
  const double dx = (x1 - x0) / cells, dy = (y1 - y0) / cells;
  double sum = 0;
  for (int i = 0; i <= cells; ++i) {
    std::vector<double> line;
    for (int j = 0; j <= cells; ++j) {
      line.push_back(x0 + i * dx);
      line.push_back(y0 + j * dy);
    }
    for (double value : evaluate(density, line).value) sum += std::exp(value);
  }
  return sum * dx * dy;
}

// log of the mixture after x -> scale x + deviation z, written out for two dimensions.
double noised_by_hand(const MixtureParameters& m, double x, double y, double scale,
                      double deviation) {
  double density = 0;
  for (std::size_t k = 0; k < m.components(); ++k) {
    const double* c = &m.covariances(k, 0, 0);
    const double s = scale * scale, t = deviation * deviation;
    const double a = s * c[0] + t, b = s * c[1], d = s * c[3] + t, det = a * d - b * b;
    const double u = x - scale * m.means(k, 0), v = y - scale * m.means(k, 1);
    density += m.weights(k) * std::exp(-0.5 * (d * u * u - 2 * b * u * v + a * v * v) / det) /
               (2 * 3.14159265358979323846 * std::sqrt(det));
  }
  return std::log(density);
}

void check_score(const Density& density, const std::vector<double>& points) {
  const int d = density.dimension();
  const Evaluated at = evaluate(density, points);
  for (std::size_t i = 0; i < points.size(); ++i) {
    const double h = 1e-5;
    std::vector<double> up = points, down = points;
    up[i] += h;
    down[i] -= h;
    const std::size_t row = i / static_cast<std::size_t>(d);
    const double slope =
        (evaluate(density, up).value[row] - evaluate(density, down).value[row]) / (2 * h);
    CHECK(at.gradient[i] == Approx(slope).epsilon(1e-6).margin(1e-6));
  }
}

}  // namespace

TEST_CASE("two-dimensional densities integrate to one") {
  CHECK(integral(GaussianMixture(eight_gaussians()), -7, 7, -7, 7, 400) == Approx(1).margin(1e-9));
  CHECK(integral(GaussianMixture(twenty_five_gaussians(0.05)), -2, 2, -2, 2, 400) ==
        Approx(1).margin(1e-9));
  CHECK(integral(GaussianMixture(correlated_gaussian(2, 0.9)), -9, 9, -9, 9, 600) ==
        Approx(1).margin(1e-9));
  CHECK(integral(GaussianMixture(tilted()), -8, 8, -8, 8, 400) == Approx(1).margin(1e-9));
  CHECK(integral(Banana(2), -14, 14, -8, 56, 1000) == Approx(1).margin(1e-6));
}

TEST_CASE("the funnel integrates to one") {
  // Its width runs over orders of magnitude: integrate the neck, and across it in units of width.
  const Funnel funnel(2);
  double sum = 0;
  const double dx = 0.05, dt = 0.05;
  for (double neck = -24; neck <= 24; neck += dx) {
    const double width = std::exp(neck / 2);
    std::vector<double> line;
    for (double t = -9; t <= 9; t += dt) {
      line.push_back(neck);
      line.push_back(t * width);
    }
    for (double value : evaluate(funnel, line).value) sum += std::exp(value) * width;
  }
  CHECK(sum * dx * dt == Approx(1).margin(1e-9));
}

TEST_CASE("scores are the slopes of log densities") {
  const std::vector<double> plane = {0.3, -0.7, 1.9, 1.2, -2.5, 0.1, 0, 0, 3, -3};
  check_score(GaussianMixture(eight_gaussians()), plane);
  check_score(GaussianMixture(tilted()), plane);
  check_score(Funnel(2), plane);
  check_score(Banana(2), plane);
  const std::vector<double> space = {0.3, -0.7, 1.9, 1.2, -2.5, 0.1, 2.2, -0.4};
  check_score(GaussianMixture(correlated_gaussian(4, -0.2)), space);
  check_score(Funnel(4), space);
  check_score(Banana(4), space);
}

TEST_CASE("log densities at a point") {
  const double log_two_pi = std::log(2 * 3.14159265358979323846);
  // N(0, I) in one dimension, and three of the funnel at neck 2.
  CHECK(evaluate(GaussianMixture(correlated_gaussian(1, 0)), {1.5}).value[0] ==
        Approx(-0.5 * log_two_pi - 1.125));
  CHECK(evaluate(Funnel(3), {2, 1, -3}).value[0] ==
        Approx(-1.5 * log_two_pi - std::log(3.0) - 4.0 / 18 - 2 - 5 * std::exp(-2.0)));
  CHECK(evaluate(Banana(3), {2, 3, -1}).value[0] ==
        Approx(-1.5 * log_two_pi - std::log(2.0) - 0.5 * (1 + 4 + 1)));
}

TEST_CASE("far away a mixture is finite and its score points back") {
  const Evaluated far = evaluate(GaussianMixture(eight_gaussians()), {200, 0});
  CHECK(std::isfinite(far.value[0]));
  CHECK(far.gradient[0] < 0);
}

TEST_CASE("the noised density of a mixture is the formula, each row with its own noise") {
  const std::vector<double> x = {0.3, -0.7, 1.9, 1.2, -2.5, 0.1, 0, 0, 3, -3};
  const std::vector<double> scales = {1, 0.5, 0.9, 0.1, 1}, deviations = {0.2, 1, 3, 0.9, 0};
  for (const MixtureParameters& m : {tilted(), eight_gaussians(0.9), twenty_five_gaussians(0.4)}) {
    const GaussianMixture mixture(m);
    const Evaluated got = evaluate(2, x, [&](Scope scope, Expr in) {
      return mixture.noised_log_density(scope, in, scope.graph().constant(5, 1, scales),
                                        scope.graph().constant(5, 1, deviations));
    });
    for (std::size_t i = 0; i < 5; ++i)
      CHECK(got.value[i] ==
            Approx(noised_by_hand(m, x[2 * i], x[2 * i + 1], scales[i], deviations[i]))
                .epsilon(1e-10));
    const Evaluated one = evaluate(2, x, [&](Scope scope, Expr in) {
      return mixture.noised_log_density(scope, in, scope.graph().constant(0.5),
                                        scope.graph().constant(1));
    });
    CHECK(one.value[1] == Approx(got.value[1]).epsilon(1e-12));
    CHECK(one.gradient[2] == Approx(got.gradient[2]).epsilon(1e-12));
    const Evaluated clean = evaluate(mixture, x);
    CHECK(clean.value[4] == Approx(got.value[4]).epsilon(1e-10));  // scale 1, deviation 0
  }
}

TEST_CASE("far from 0 a noised mixture has the density of one near 0, in float too") {
  const std::vector<double> x = {0.3, -0.7, 1.9, 1.2, -2.5, 0.1};
  for (const MixtureParameters& m : {tilted(), eight_gaussians(0.9)})
    for (const double scale : {1.0, 0.5}) {
      MixtureParameters far = m;
      far.means += 1 << 24;
      const GaussianMixture mixture(far), near(m);
      const std::vector<double> origin = mixture.origin();
      REQUIRE(origin.size() == 2);
      std::vector<double> shifted = x;
      for (std::size_t i = 0; i < x.size(); ++i) shifted[i] -= scale * (origin[i % 2] - (1 << 24));
      const auto noised = [&](const GaussianMixture& one) {
        return [&one, scale](Scope scope, Expr in) {
          return one.noised_log_density(scope, in, scope.graph().constant(scale),
                                        scope.graph().constant(0.5));
        };
      };
      const Evaluated got = evaluate<float>(2, shifted, noised(mixture));
      const Evaluated want = evaluate(2, x, noised(near));
      for (std::size_t i = 0; i < 3; ++i)
        CHECK(got.value[i] == Approx(want.value[i]).epsilon(1e-4));
    }
  const ColumnScales scales = column_scales(eight_gaussians(0.9));
  CHECK(scales.mean[0] == Approx(0).margin(1e-12));
  CHECK(scales.deviation[1] == Approx(std::sqrt(8 / (1.414 * 1.414) + 0.81)));
}

TEST_CASE("components of one mixture may differ in size") {
  MixtureParameters m = eight_gaussians(0.9);
  for (std::size_t k = 0; k < 8; ++k)
    for (std::size_t i : {0u, 1u}) m.covariances(k, i, i) = 0.2 + 0.1 * static_cast<double>(k);
  const GaussianMixture mixture(m);
  const std::vector<double> x = {0.3, -0.7, 1.9, 1.2};
  const Evaluated clean = evaluate(mixture, x);
  const Evaluated noised = evaluate(2, x, [&](Scope scope, Expr in) {
    return mixture.noised_log_density(scope, in, scope.graph().constant(0.7),
                                      scope.graph().constant(0.6));
  });
  for (std::size_t i = 0; i < 2; ++i) {
    CHECK(clean.value[i] == Approx(noised_by_hand(m, x[2 * i], x[2 * i + 1], 1, 0)));
    CHECK(noised.value[i] == Approx(noised_by_hand(m, x[2 * i], x[2 * i + 1], 0.7, 0.6)));
  }
}

TEST_CASE("float and double agree to the precision of float") {
  const std::vector<double> x = {0.3, -0.7, 1.9, 1.2, -2.5, 0.1, 1.4, -1.4};
  for (const MixtureParameters& m : {tilted(), twenty_five_gaussians()}) {
    const GaussianMixture mixture(m);
    const Evaluated exact = evaluate(mixture, x), single = evaluate<float>(mixture, x);
    for (std::size_t i = 0; i < 4; ++i)
      CHECK(single.value[i] == Approx(exact.value[i]).epsilon(1e-5));
  }
}
