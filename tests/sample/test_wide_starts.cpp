#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>

#include "density/funnel.hpp"
#include "density/gaussian_mixture.hpp"
#include "sample/wide_starts.hpp"

using namespace pushforward;

namespace {

// Of chains 0 to `chains` - 1.
std::vector<double> starts(const Density& density, std::size_t chains, std::uint64_t seed) {
  return wide_starts(density, seed, 1)(0, chains);
}

GaussianMixture two_modes(double at) {
  return GaussianMixture(
      make_mixture(Array::of(std::vector<double>{0.5, 0.5}, {2}),
                   Array::of(std::vector<double>{-at, 0, at, 0}, {2, 2}),
                   Array::of(std::vector<double>{1, 0, 0, 1, 1, 0, 0, 1}, {2, 2, 2}),
                   {"weights", "means", "c"}));
}

}  // namespace

TEST_CASE("chains start in both of two modes, two by two on opposite sides") {
  for (std::uint64_t seed = 0; seed < 50; ++seed) {
    const std::vector<double> rows = starts(two_modes(5), 4, seed);
    int right = 0;
    for (std::size_t chain = 0; chain < 4; ++chain) {
      const double x = rows[2 * chain], y = rows[2 * chain + 1];
      right += x > 0 ? 1 : 0;
      // Likely: 9 nats below the largest log density at most, but for what the largest seen lacks.
      const double away = std::pow(std::abs(x) - 5, 2) + y * y;
      CHECK(away / 2 < 9 + 1e-9);
    }
    CHECK(right == 2);
  }
}

TEST_CASE("a chain's start does not depend on how many chains there are") {
  const std::vector<double> few = starts(two_modes(5), 3, 7), many = starts(two_modes(5), 40, 7);
  CHECK(std::equal(few.begin(), few.end(), many.begin()));
  CHECK(few != starts(two_modes(5), 3, 8));
}

TEST_CASE("starts are as wide as the density in many dimensions, or wider") {
  const std::size_t dimension = 50, chains = 200;
  const std::vector<double> rows =
      starts(GaussianMixture(correlated_gaussian(static_cast<int>(dimension), 0)), chains, 1);
  double squares = 0;
  for (const double v : rows) squares += v * v;
  const double deviation = std::sqrt(squares / static_cast<double>(rows.size()));
  CHECK(deviation > 1);
  CHECK(deviation < 1.3);  // 33 nats below the mode: |x|^2 of 66
}

TEST_CASE("a density that does not know its deviations is surveyed") {
  const int dimension = 3;
  const std::vector<double> rows = starts(Funnel(dimension), 100, 2);
  double widest = 0;
  for (std::size_t i = 0; i < rows.size(); i += 3) {
    widest = std::max(widest, std::abs(rows[i]));
    const double scale = std::exp(-rows[i]);
    const double log = -rows[i] * rows[i] / 18 - rows[i] -
                       scale * (rows[i + 1] * rows[i + 1] + rows[i + 2] * rows[i + 2]) / 2;
    CHECK(log > 4.5 - 8 - 1.5 - 4.5);  // the largest is 4.5, less the constant; few see it
  }
  CHECK(widest > 3);
}

TEST_CASE("chains of many narrow modes do not all start in the one at the mean") {
  std::vector<double> weights(25, 0.04), means, covariances;
  for (int i = 0; i < 25; ++i) {
    means.push_back(i % 5 - 2);
    means.push_back(i / 5 - 2);
    for (const double c : {1e-4, 0.0, 0.0, 1e-4}) covariances.push_back(c);
  }
  const GaussianMixture modes(make_mixture(Array::of(weights, {25}), Array::of(means, {25, 2}),
                                           Array::of(covariances, {25, 2, 2}),
                                           {"weights", "means", "covariances"}));
  int spread = 0;
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    const std::vector<double> rows = starts(modes, 4, seed);
    double widest = 0;
    for (const double v : rows) widest = std::max(widest, std::abs(v));
    spread += widest > 0.5 ? 1 : 0;
  }
  CHECK(spread >= 18);
}

TEST_CASE("starts of a part of the chains are those of the whole, for any threads") {
  const GaussianMixture modes = two_modes(5);
  const std::vector<double> whole = starts(modes, 9, 3);
  for (const std::size_t first : {1, 4, 7}) {
    const std::vector<double> part = wide_starts(modes, 3, 2)(first, 2);
    CHECK(std::equal(part.begin(), part.end(),
                     whole.begin() + static_cast<std::ptrdiff_t>(2 * first)));
  }
}
