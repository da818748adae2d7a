// R-hat and effective sample sizes against laws whose answers are known.
#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <limits>
#include <vector>

#include "base/random.hpp"
#include "eval/autocovariance.hpp"
#include "eval/mcmc_diagnostics.hpp"

using namespace pushforward;

namespace {

using Draws = std::vector<double>;

constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr double nan_value = std::numeric_limits<double>::quiet_NaN();

Draws normal_draws(std::size_t count, std::uint64_t seed) {
  Draws draws(count);
  Random(seed, Stream::evaluation).fill_normal(draws.data(), count, 1, 0);
  return draws;
}

// Stationary chains x_i = rho x_{i-1} + sqrt(1 - rho^2) z_i of N(0, 1).
Draws autoregressive_draws(std::size_t chains, std::size_t length, double rho, std::uint64_t seed) {
  Draws draws = normal_draws(chains * length, seed);
  for (std::size_t i = 0; i < draws.size(); ++i)
    if (i % length != 0) draws[i] = rho * draws[i - 1] + std::sqrt(1 - rho * rho) * draws[i];
  return draws;
}

template <class Map>
Draws mapped(Draws draws, const Map& map) {
  for (std::size_t i = 0; i < draws.size(); ++i) draws[i] = map(draws[i], i);
  return draws;
}

}  // namespace

TEST_CASE("autocovariances are their sums written out") {
  for (const std::size_t n : {1, 2, 3, 7, 8, 64, 100}) {
    const Draws x = mapped(normal_draws(n, n), [](double v, std::size_t) { return 5 + v; });
    const Vector<double> got = autocovariance(x.data(), n);
    REQUIRE(got.size() == n);
    double mean = 0;
    for (const double v : x) mean += v / static_cast<double>(n);
    for (std::size_t t = 0; t < n; ++t) {
      double sum = 0;
      for (std::size_t i = 0; i + t < n; ++i) sum += (x[i] - mean) * (x[i + t] - mean);
      CHECK(got[t] == Approx(sum / static_cast<double>(n)).margin(1e-13));
    }
  }
}

TEST_CASE("small chains give the numbers of the paper's formulas") {
  // Ties in the ranks; nothing is above the 95% quantile, so the 5% one alone gives the tail:
  // its indicator is true twice, in the first of four half chains, and 1 + 2 / 4 is the sum of
  // the autocorrelations. The other numbers: sums written out by hand in another language.
  const Draws digits{3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5, 8, 9, 7, 9, 3};
  CHECK(tail_ess(digits, 2) == Approx(32.0 / 3).epsilon(1e-12));
  CHECK(rank_normalized_rhat(digits, 2) == Approx(1.2298610398508982).epsilon(1e-12));
  CHECK(bulk_ess(digits, 2) == Approx(10.034931706990955).epsilon(1e-12));

  // Odd chains, whose middle draws are left out of the halves; six lags enter the bulk.
  const Draws smooth{68, 51, 59, 50, 44, 33, 27, 23, 23, 40, 41, 45, 36, 37, 31, 45, 42,
                     55, 55, 47, 51, 52, 54, 45, 35, 43, 32, 45, 40, 36, 27, 23, 20, 21,
                     38, 39, 44, 35, 36, 30, 44, 41, 54, 54, 47, 51, 52, 54, 45, 35, 43,
                     32, 45, 40, 36, 27, 23, 20, 21, 38, 39, 44, 35, 36, 30, 44};
  CHECK(rank_normalized_rhat(smooth, 2) == Approx(1.0328706511617693).epsilon(1e-12));
  CHECK(bulk_ess(smooth, 2) == Approx(20.524968099574792).epsilon(1e-12));
  CHECK(tail_ess(smooth, 2) == Approx(33.568985176738884).epsilon(1e-12));

  // Jumps 1, 4, 9 squared over a sum of squares of 14 for the first, 4 x 1 and 4 over 5 and 4.
  CHECK(e_bfmi({0, 1, 3, 0}, 1) == Approx((1.0 + 4 + 9) / 6).epsilon(1e-12));
  CHECK(e_bfmi({0, 1, 3, 0, 1, 2, 3, 4}, 2) == Approx(3.0 / 5).epsilon(1e-12));
}

TEST_CASE("independent draws: R-hat near 1, as many effective draws as draws") {
  const std::size_t chains = 4, length = 2000, size = chains * length;
  double smallest = infinity, largest = -infinity, bulk = 0, tail = 0;
  const std::uint64_t seeds = 20;
  for (std::uint64_t seed = 0; seed < seeds; ++seed) {
    const Draws draws = normal_draws(size, seed);
    const double rhat = rank_normalized_rhat(draws, chains);
    smallest = std::min(smallest, rhat);
    largest = std::max(largest, rhat);
    bulk += bulk_ess(draws, chains) / static_cast<double>(size * seeds);
    tail += tail_ess(draws, chains) / static_cast<double>(size * seeds);
    const double fraction =
        e_bfmi(draws, 1) / 2;  // independent energies: E (E_n - E_{n-1})^2 = 2 var E
    CHECK(fraction == Approx(1).margin(5 / std::sqrt(static_cast<double>(size))));
  }
  // R-hat - 1 has mean 0 and deviation 1 / (2 n) sqrt(2 / 7) = 2.7e-4 for 8 halves of 1,000.
  CHECK(smallest > 1 - 0.001);
  CHECK(largest < 1 + 0.002);
  // One estimate errs by some 3%; the lesser of two tails lies lower.
  CHECK(bulk == Approx(1).margin(0.03));
  CHECK(tail == Approx(1).margin(0.06));
}

TEST_CASE("autoregressive chains have the effective size of theory") {
  // S (1 - rho) / (1 + rho), within 5 standard deviations of an estimate, found by repetition.
  struct Expected {
    double rho, error;
  };
  const std::size_t chains = 4, length = 20000;
  for (const Expected& e : {Expected{0.9, 0.25}, {0.5, 0.1}, {0.0, 0.05}, {-0.5, 0.12}}) {
    const double rho = e.rho;
    const Draws draws = autoregressive_draws(chains, length, rho, 3);
    const double expected = static_cast<double>(draws.size()) * (1 - rho) / (1 + rho);
    CAPTURE(rho);
    CHECK(bulk_ess(draws, chains) == Approx(expected).epsilon(e.error));
    CHECK(rank_normalized_rhat(draws, chains) < 1.01);
    // Of energies that follow such a chain: E (E_n - E_{n-1})^2 / var E = 2 (1 - rho).
    CHECK(e_bfmi(draws, 1) == Approx(2 * (1 - rho)).epsilon(0.03));
  }
  // One chain is as good as several: it is split.
  const Draws one = autoregressive_draws(1, 4 * length, 0.5, 5);
  CHECK(bulk_ess(one, 1) == Approx(static_cast<double>(one.size()) / 3).epsilon(0.1));
  // Perfectly antithetic draws reach the bound and no infinity.
  const Draws alternating =
      mapped(Draws(1000), [](double, std::size_t i) { return i % 2 == 0 ? 1.0 : 0.0; });
  CHECK(bulk_ess(alternating, 1) == Approx(3000));
}

TEST_CASE("R-hat finds chains that differ in place, in width, or drift") {
  const std::size_t chains = 4, length = 500;
  const Draws draws = normal_draws(chains * length, 11);
  const auto first = [&](std::size_t i) { return i < length; };
  const Draws shifted =
      mapped(draws, [&](double v, std::size_t i) { return v + (first(i) ? 1 : 0); });
  const Draws widened =
      mapped(draws, [&](double v, std::size_t i) { return v * (first(i) ? 3 : 1); });
  const Draws drifting = mapped(draws, [&](double v, std::size_t i) {
    return v + 2 * static_cast<double>(i % length) / static_cast<double>(length);
  });
  CHECK(rank_normalized_rhat(draws, chains) < 1.01);
  CHECK(rank_normalized_rhat(shifted, chains) > 1.05);
  CHECK(rank_normalized_rhat(widened, chains) > 1.05);
  CHECK(rank_normalized_rhat(drifting, chains) > 1.05);
  CHECK(bulk_ess(shifted, chains) < 100);
  CHECK(e_bfmi(drifting, chains) < e_bfmi(draws, chains));

  // Chains without a mean: ranks do not care, where R-hat of the draws themselves would.
  const Draws heavy = mapped(draws, [](double v, std::size_t) { return std::sinh(6 * v); });
  CHECK(rank_normalized_rhat(heavy, chains) < 1.01);

  // Chains that stand still.
  const Draws still =
      mapped(draws, [&](double, std::size_t i) { return static_cast<double>(i / length); });
  CHECK(rank_normalized_rhat(still, chains) == infinity);
  CHECK(bulk_ess(still, chains) < 10);
}

TEST_CASE("ranks alone decide: maps that keep the order change nothing") {
  const std::size_t chains = 3, length = 333;
  const Draws draws = mapped(autoregressive_draws(chains, length, 0.7, 9),
                             [&](double v, std::size_t i) { return v + (i < length ? 1 : 0); });
  const Draws grown = mapped(draws, [](double v, std::size_t) { return std::exp(v); });
  CHECK(bulk_ess(grown, chains) == bulk_ess(draws, chains));
  CHECK(tail_ess(grown, chains) == tail_ess(draws, chains));
  // The folded R-hat needs distances as well; the bulk one is the larger of the two here.
  CHECK(rank_normalized_rhat(grown, chains) == rank_normalized_rhat(draws, chains));

  const Draws turned = mapped(draws, [](double v, std::size_t) { return 7 - 2 * v; });
  CHECK(bulk_ess(turned, chains) == Approx(bulk_ess(draws, chains)).epsilon(1e-9));
  CHECK(tail_ess(turned, chains) == Approx(tail_ess(draws, chains)).epsilon(1e-9));
  CHECK(rank_normalized_rhat(turned, chains) ==
        Approx(rank_normalized_rhat(draws, chains)).epsilon(1e-9));

  // The order of the chains does not matter.
  Draws rotated = draws;
  std::rotate(rotated.begin(), rotated.begin() + length, rotated.end());
  CHECK(bulk_ess(rotated, chains) == Approx(bulk_ess(draws, chains)).epsilon(1e-9));
  CHECK(rank_normalized_rhat(rotated, chains) ==
        Approx(rank_normalized_rhat(draws, chains)).epsilon(1e-9));
}

TEST_CASE("what the diagnostics cannot judge is NaN") {
  const auto all_nan = [](const Draws& draws, std::size_t chains) {
    return std::isnan(rank_normalized_rhat(draws, chains)) && std::isnan(bulk_ess(draws, chains)) &&
           std::isnan(tail_ess(draws, chains)) && std::isnan(e_bfmi(draws, chains));
  };
  const Draws draws = normal_draws(16, 1);
  CHECK_FALSE(all_nan(draws, 2));
  CHECK(all_nan({}, 1));
  CHECK(all_nan(draws, 0));
  CHECK(all_nan(draws, 3));
  CHECK(all_nan(draws, 8));
  CHECK(std::isnan(bulk_ess(normal_draws(14, 1), 2)));
  CHECK(all_nan(Draws(100, 2.5), 2));
  for (const double bad : {nan_value, infinity, -infinity}) {
    Draws damaged = draws;
    damaged[5] = bad;
    CHECK(all_nan(damaged, 2));
  }
  CHECK(std::isnan(e_bfmi({1, 1, 1, 1, 0, 1, 3, 0}, 2)));

  // Two values at equal distances from the median: the folded draws say nothing, the bulk does.
  Draws coins = normal_draws(2000, 4);
  for (double& v : coins) v = v > 0 ? 1 : -1;
  coins[0] = -coins[1];
  double sum = 0;
  for (const double v : coins) sum += v;
  for (std::size_t i = 0; i < coins.size() && sum != 0; ++i) {
    if (coins[i] * sum > 0) {
      sum -= 2 * coins[i];
      coins[i] = -coins[i];
    }
  }
  CHECK(rank_normalized_rhat(coins, 4) == Approx(1).margin(0.02));
  // Draws near the largest number do not overflow.
  const Draws huge = mapped(normal_draws(2000, 4), [](double v, std::size_t) { return v * 2e307; });
  CHECK(rank_normalized_rhat(huge, 4) == Approx(1).margin(0.01));
  CHECK(bulk_ess(huge, 4) == bulk_ess(normal_draws(2000, 4), 4));
}
