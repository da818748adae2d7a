// Named rows: pure functions of (seed, row), with the moments and the laws they claim.
#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>

#include "density/banana.hpp"
#include "density/evaluate.hpp"
#include "density/funnel.hpp"
#include "density/named_rows.hpp"
#include "density/shapes.hpp"

using namespace pushforward;

namespace {

constexpr double pi = 3.14159265358979323846;

std::unique_ptr<RowGenerator> make(const std::string& name, std::uint64_t seed) {
  if (name == "gaussian") return make_gaussian_rows(3, 0.5, seed);
  if (name == "funnel") return make_funnel_rows(3, seed);
  if (name == "banana") return make_banana_rows(3, seed);
  if (name == "8gaussians") return make_mixture_rows(eight_gaussians(), seed);
  if (name == "25gaussians") return make_mixture_rows(twenty_five_gaussians(), seed);
  return make_planar_rows(name, seed, std::nullopt);
}

std::vector<double> rows_of(const RowGenerator& rows, std::size_t count, std::uint64_t first = 0) {
  std::vector<double> x(count * rows.dimension());
  rows.fill(x.data(), nullptr, count, first);
  return x;
}

struct Moments {
  std::vector<double> mean, error;  // with its standard error
};
// Of f(row), for each number that f appends.
template <class F>
Moments moments(const RowGenerator& rows, std::size_t count, F f) {
  const std::vector<double> x = rows_of(rows, count);
  std::vector<double> sum, squares, values;
  for (std::size_t i = 0; i < count; ++i) {
    values.clear();
    f(&x[i * rows.dimension()], &values);
    sum.resize(values.size());
    squares.resize(values.size());
    for (std::size_t k = 0; k < values.size(); ++k) {
      sum[k] += values[k];
      squares[k] += values[k] * values[k];
    }
  }
  Moments result;
  const double n = static_cast<double>(count);
  for (std::size_t k = 0; k < sum.size(); ++k) {
    result.mean.push_back(sum[k] / n);
    const double variance = squares[k] / n - result.mean[k] * result.mean[k];
    result.error.push_back(std::sqrt(std::max(variance, 0.0) / n));
  }
  return result;
}

// Means and second moments of the plane against exact values, within five standard errors.
void check_plane(const std::string& name, const std::vector<double>& exact) {
  const Moments got = moments(*make(name, 11), 200000, [](const double* x, auto* out) {
    *out = {x[0], x[1], x[0] * x[0], x[1] * x[1], x[0] * x[1]};
  });
  for (std::size_t k = 0; k < exact.size(); ++k) {
    INFO(name << " moment " << k);
    CHECK(std::abs(got.mean[k] - exact[k]) < 5 * got.error[k]);
  }
}

// The mean log density of rows is minus the entropy of the law they claim.
void check_entropy(const RowGenerator& rows, const Density& law, double entropy) {
  const std::vector<double> x = rows_of(rows, 100000);
  const Evaluated at = evaluate(law, x);
  double sum = 0, squares = 0;
  for (double value : at.value) {
    sum += value;
    squares += value * value;
  }
  const double n = static_cast<double>(at.value.size()), mean = sum / n;
  const double error = std::sqrt((squares / n - mean * mean) / n);
  CHECK(std::abs(mean + entropy) < 5 * error);
}

}  // namespace

TEST_CASE("rows are functions of seed and row alone") {
  for (const char* name : {"moons", "circles", "checkerboard", "pinwheel", "spirals", "rings",
                           "8gaussians", "25gaussians", "gaussian", "funnel", "banana"}) {
    INFO(name);
    const auto rows = make(name, 7);
    const std::size_t d = rows->dimension();
    const std::vector<double> twenty = rows_of(*rows, 20), ten = rows_of(*rows, 10);
    CHECK(std::equal(ten.begin(), ten.end(), twenty.begin()));
    const std::vector<double> tail = rows_of(*rows, 13, 7);
    CHECK(
        std::equal(tail.begin(), tail.end(), twenty.begin() + static_cast<std::ptrdiff_t>(7 * d)));
    CHECK(rows_of(*make(name, 8), 20) != twenty);
  }
}

TEST_CASE("moments of the planar rows") {
  const double sine = 2 / pi;  // mean of sin over a half turn
  const double moon_xx = 4 * (0.5 * 0.5 + 0.5 * (1 + 0.5)) - 2 * 2 * 0.5 + 1 + 0.04;
  const double moon_yy = 4 * (0.5 * 0.5 + 0.5 * (0.25 - sine + 0.5)) - 0.4 * 2 * 0.25 + 0.04 + 0.04;
  check_plane("moons", {0, 0.3, moon_xx, moon_yy});
  const double circle = (9 + 2.25) / 4 + 0.24 * 0.24;
  check_plane("circles", {0, 0, circle, circle, 0});
  const double ring = 0.75 * 0.75 * (1 + 4 + 9 + 16) / 8 + 0.0064;
  check_plane("rings", {0, 0, ring, ring, 0});
  // Uniform in [-4, 4] each, and independent in second moments but for the pattern.
  check_plane("checkerboard", {0, 0, 16.0 / 3, 16.0 / 3});
  const double eight = 0.5 * std::pow(4 / 1.414, 2) + std::pow(0.5 / 1.414, 2);
  check_plane("8gaussians", {0, 0, eight, eight, 0});
  const double many = (8 + std::pow(0.05, 2)) / (2.828 * 2.828);
  check_plane("25gaussians", {0, 0, many, many, 0});
}

TEST_CASE("moments of pinwheel and spirals by their definitions") {
  // E r^2 for r normal along (1, 0.3) and across (0, 0.1), times the scale 2.
  const auto radius = [](const double* x, auto* out) { *out = {x[0] * x[0] + x[1] * x[1]}; };
  const Moments wheel = moments(*make("pinwheel", 3), 200000, radius);
  CHECK(std::abs(wheel.mean[0] - 4 * (1 + 0.09 + 0.01)) < 5 * wheel.error[0]);
  // |arm|^2 = t^2 + t (sin t - cos t) / 2 + 1/6, with t = 3 pi sqrt(u); over nine, plus the noise.
  double exact = 0;
  const int cells = 100000;
  for (int i = 0; i < cells; ++i) {
    const double t = 3 * pi * std::sqrt((i + 0.5) / cells);
    exact += (t * t + 0.5 * t * (std::sin(t) - std::cos(t)) + 1.0 / 6) / 9 / cells;
  }
  const Moments arms = moments(*make("spirals", 3), 200000, radius);
  CHECK(std::abs(arms.mean[0] - exact - 0.02) < 5 * arms.error[0]);
}

TEST_CASE("without noise rows lie where they should") {
  const auto moons = make_planar_rows("moons", 1, 0.0);
  std::vector<double> x(2000);
  std::vector<std::int32_t> label(1000);
  moons->fill(x.data(), label.data(), 1000, 0);
  int upper = 0;
  for (std::size_t i = 0; i < 1000; ++i) {
    const double a = (x[2 * i] + 1) / 2 - label[i], b = (x[2 * i + 1] + 0.2) / 2 - 0.5 * label[i];
    CHECK(std::hypot(a, b) == Approx(1));
    upper += label[i];
  }
  CHECK(std::abs(upper - 500) < 80);
  const std::vector<double> board = rows_of(*make("checkerboard", 1), 1000);
  for (std::size_t i = 0; i < 1000; ++i) {
    const int cell =
        static_cast<int>(std::floor(board[2 * i] / 2) + std::floor(board[2 * i + 1] / 2));
    CHECK(cell % 2 == 0);
  }
  const std::vector<double> rings = rows_of(*make_planar_rows("rings", 1, 0.0), 100);
  for (std::size_t i = 0; i < 100; ++i) {
    const double r = std::hypot(rings[2 * i], rings[2 * i + 1]) / 0.75;
    CHECK(std::abs(r - std::round(r)) < 1e-12);
  }
}

TEST_CASE("rows follow the models of the same name") {
  const double normal = 0.5 * std::log(2 * pi * std::exp(1.0));  // entropy of N(0, 1)
  check_entropy(*make_gaussian_rows(3, 0.5, 2), GaussianMixture(correlated_gaussian(3, 0.5)),
                3 * normal + 0.5 * std::log(0.5));  // determinant (1 - r)^2 (1 + 2 r)
  check_entropy(*make_funnel_rows(3, 2), Funnel(3), 3 * normal + std::log(3.0));
  check_entropy(*make_banana_rows(3, 2), Banana(3), 3 * normal + std::log(2.0));
  // The 25 modes are 80 deviations apart: the entropy of one, plus log 25.
  check_entropy(*make_mixture_rows(twenty_five_gaussians(), 2),
                GaussianMixture(twenty_five_gaussians()),
                2 * (normal + std::log(0.05 / 2.828)) + std::log(25.0));
}

TEST_CASE("mixture rows have the covariances and weights asked for") {
  const MixtureParameters m = make_mixture(
      Array::of(std::vector<double>{0.3, 0.7}, {2}),
      Array::of(std::vector<double>{5, -5, -5, 5}, {2, 2}),
      Array::of(std::vector<double>{0.5, 0.3, 0.3, 0.4, 0.2, -0.1, -0.1, 0.6}, {2, 2, 2}),
      {"w", "m", "c"});
  const std::size_t n = 100000;
  std::vector<double> x(2 * n);
  std::vector<std::int32_t> label(n);
  make_mixture_rows(m, 5)->fill(x.data(), label.data(), n, 0);
  for (std::size_t k = 0; k < 2; ++k) {
    double count = 0, xx = 0, xy = 0, yy = 0;
    for (std::size_t i = 0; i < n; ++i) {
      if (label[i] != static_cast<std::int32_t>(k)) continue;
      const double u = x[2 * i] - m.means(k, 0), v = x[2 * i + 1] - m.means(k, 1);
      count += 1;
      xx += u * u;
      xy += u * v;
      yy += v * v;
    }
    CHECK(count / static_cast<double>(n) == Approx(m.weights(k)).margin(0.008));
    CHECK(xx / count == Approx(m.covariances(k, 0, 0)).margin(0.02));
    CHECK(xy / count == Approx(m.covariances(k, 0, 1)).margin(0.02));
    CHECK(yy / count == Approx(m.covariances(k, 1, 1)).margin(0.02));
  }
}

TEST_CASE("mixtures that are none are refused with their source") {
  const auto array = [](std::vector<double> values, Shape shape) {
    return Array::of(values, std::move(shape));
  };
  const Array weights = array({0.5, 0.5}, {2}), means = array({0, 1}, {2, 1});
  const Array covariances = array({1, 1}, {2, 1, 1});
  const MixtureSources sources{"w.csv", "m.csv", "c.csv"};
  CHECK_NOTHROW(make_mixture(weights, means, covariances, sources));
  using Catch::Matchers::StartsWith;
  CHECK_THROWS_WITH(make_mixture(array({0.5, 0.6}, {2}), means, covariances, sources),
                    "w.csv: the weights add up to 1.100000, they should add up to 1");
  CHECK_THROWS_WITH(make_mixture(array({1, 0}, {2}), means, covariances, sources),
                    "w.csv: the weight of component 2 is not positive");
  CHECK_THROWS_WITH(make_mixture(array({1}, {1}), means, covariances, sources),
                    StartsWith("w.csv: has shape [1], weights for these means"));
  CHECK_THROWS_WITH(make_mixture(weights, array({0, NAN}, {2, 1}), covariances, sources),
                    "m.csv: holds a number that is not finite");
  CHECK_THROWS_WITH(make_mixture(weights, means, array({1, -1}, {2, 1, 1}), sources),
                    "c.csv: the covariance of component 2 is not positive definite");
  CHECK_THROWS_WITH(make_mixture(array({1}, {1}), array({0, 0}, {1, 2}),
                                 array({1, 0.5, 0.4, 1}, {1, 2, 2}), sources),
                    "c.csv: the covariance of component 1 is not symmetric");
  CHECK_THROWS_WITH(
      make_mixture(array({1}, {1}), array({0, 0}, {1, 2}), array({1, 1, 1, 1}, {1, 2, 2}), sources),
      "c.csv: the covariance of component 1 is not positive definite");
}

TEST_CASE("shapes are what their labels say") {
  const std::size_t size = 96, count = 240;
  std::vector<std::uint8_t> pixels(count * size * size), again(7 * size * size);
  std::vector<std::int32_t> label(count), label_again(7);
  fill_shapes(pixels.data(), label.data(), size, count, 0, 3);
  fill_shapes(again.data(), label_again.data(), size, 7, 40, 3);
  CHECK(std::equal(again.begin(), again.end(),
                   pixels.begin() + static_cast<std::ptrdiff_t>(40 * size * size)));
  CHECK(std::equal(label_again.begin(), label_again.end(), label.begin() + 40));
  int seen[3] = {};
  for (std::size_t i = 0; i < count; ++i) {
    const std::uint8_t* image = &pixels[i * size * size];
    std::size_t left = size, right = 0;
    double area = 0;
    for (std::size_t row = 0; row < size; ++row)
      for (std::size_t column = 0; column < size; ++column) {
        const std::uint8_t value = image[row * size + column];
        area += value / 255.0;
        if (value > 0) {
          left = std::min(left, column);
          right = std::max(right, column + 1);
        }
      }
    // Area over the square of the extent: pi/4, 1, 5/9; edges blur it by half a pixel a side.
    const double fill = area / std::pow(static_cast<double>(right - left) - 0.5, 2);
    const double exact[] = {pi / 4, 1, 5.0 / 9};
    CHECK(fill == Approx(exact[label[i]]).margin(0.09));
    ++seen[label[i]];
  }
  for (int n : seen) CHECK(std::abs(n - 80) < 40);
}
