// Markov chains on Gaussians: acceptance, stationary laws and adaptation against closed forms.
#include <catch2/catch.hpp>
#include <cmath>
#include <limits>

#include "base/error.hpp"
#include "base/random.hpp"
#include "density/funnel.hpp"
#include "density/gaussian_mixture.hpp"
#include "sample/chain_target.hpp"
#include "sample/mcmc.hpp"
#include "sample/sampler.hpp"

using namespace pushforward;

namespace {

constexpr std::size_t many = 40000;
constexpr double pi = 3.141592653589793;
// Four standard errors of the variance of `many` normal rows, relative.
const double variance_error = 4 * std::sqrt(2.0 / many);

// N(0, variance) on a line.
GaussianMixture normal_line(double variance) {
  return GaussianMixture({{1.0}, {{0.0}}, {{{variance}}}});
}

// Rows of N(0, variance), each number by itself.
std::vector<double> normal_rows(std::size_t count, std::size_t columns, double variance) {
  std::vector<double> rows(count * columns);
  Random(23, Stream::init).fill_normal(rows.data(), count, columns, 0);
  for (double& v : rows) v *= std::sqrt(variance);
  return rows;
}

// p(x) = 3 / 32 (4 - x^2) on [-2, 2], of variance 4/5; not a number outside, where its score is
// one.
ChainTarget parabola() {
  static const ParameterTable none;
  ChainTarget target;
  target.dimension = 1;
  target.parameters = &none;
  target.source.score = [](Scope, Expr x, Expr) { return -2 * x / (4 - square(x)); };
  target.source.log_density = [](Scope, Expr x, Expr) { return log(4 - square(x)); };
  return target;
}

struct Result {
  std::vector<double> rows, acceptance;  // acceptance: the mean of each chain over the last steps
};

// The end of every chain, and what it accepted after `burn_in` steps.
template <class T = double>
Result run(const ChainTarget& target, const Chain& chain, const std::vector<double>& start,
           std::uint64_t burn_in = 0, int threads = 2) {
  const std::size_t count = start.size() / static_cast<std::size_t>(target.dimension);
  const std::uint64_t total = total_steps(chain.transitions);
  Workers workers(threads);
  Sampler<T> sampler(target, chain.transitions, sampler_lane_rows(target, count), &workers,
                     chain.auxiliary);
  ChainOptions options;
  options.method = "test";
  options.rows = {total, 1, 1};
  const std::vector<T> begin(start.begin(), start.end());
  std::vector<T> rows(start.size());
  Result result;
  result.acceptance.assign(count, 0);
  sampler.run(0, count, begin.data(), options, rows.data(), nullptr,
              [&](std::uint64_t step, std::size_t first, std::size_t n, const auto& state) {
                for (std::size_t r = 0; r < n && step > burn_in && chain.acceptance; ++r)
                  result.acceptance[first + r] +=
                      double(state[*chain.acceptance][r]) / double(total - burn_in);
              });
  result.rows.assign(rows.begin(), rows.end());
  return result;
}

ChainLength steps(double step_size, std::uint64_t count) { return {0, step_size, 0, count, false}; }

double mean(const std::vector<double>& values) {
  double sum = 0;
  for (const double v : values) sum += v / static_cast<double>(values.size());
  return sum;
}

double variance(const std::vector<double>& values) {
  std::vector<double> squares;
  for (const double v : values) squares.push_back(v * v);
  return mean(squares);
}

// Four standard errors of the mean of `many` numbers in [0, 1] with mean p: their variance is at
// most p (1 - p).
double rate_error(double p) { return 4 * std::sqrt(p * (1 - p) / many); }

// For a map of phase space that keeps volume and can be undone, E min(1, exp(-dH)) = 2 P(dH < 0).
// On N(0, v), in units of sqrt(v), L leapfrog steps of h are a linear map of (x, p) with singular
// values s >= 1 and 1 / s, and dH = ((s^2 - 1) a^2 - (1 - 1 / s^2) b^2) / 2 with a, b independent
// normals: P(dH < 0) = P(|a / b| < 1 / s) = 2 / pi atan(1 / s).
double leapfrog_acceptance(double h, int leapfrog) {
  double m[4] = {1, 0, 0, 1};  // (x, p) of a row
  for (int i = 0; i < leapfrog; ++i) {
    const double one[4] = {1 - h * h / 2, h, -h + h * h * h / 4, 1 - h * h / 2};
    const double next[4] = {one[0] * m[0] + one[1] * m[2], one[0] * m[1] + one[1] * m[3],
                            one[2] * m[0] + one[3] * m[2], one[2] * m[1] + one[3] * m[3]};
    std::copy(next, next + 4, m);
  }
  // s^2 + 1 / s^2 is the sum of squares of the entries.
  const double sum = m[0] * m[0] + m[1] * m[1] + m[2] * m[2] + m[3] * m[3];
  const double s_squared = sum / 2 + std::sqrt(std::max(0.0, sum * sum / 4 - 1));
  return 4 / pi * std::atan(1 / std::sqrt(s_squared));
}

}  // namespace

TEST_CASE("MALA accepts what it should on a Gaussian, and moves as often", "[mcmc]") {
  // The proposal is a x + sqrt(2 e) z with a = 1 - e, e = eps / v, in units of sqrt(v), and the
  // ratio is exp((e / 4) (x^2 - y^2)), so the rate is 2 P(|y| < |x|) = 1 - 2 / pi asin(rho), with
  // rho the correlation of y - x and y + x.
  for (const double v : {1.0, 0.25})
    for (const double e : {0.1, 1.0, 1.8, 3.0}) {
      const double a = 1 - e, spread = 1 + e * e;  // the variance of y
      const double rho = (spread - 1) / std::sqrt((spread + 1) * (spread + 1) - 4 * a * a);
      const double expected = 1 - 2 / pi * std::asin(rho);
      CHECK(expected == Approx(leapfrog_acceptance(std::sqrt(2 * e), 1)).epsilon(1e-12));
      const GaussianMixture density = normal_line(v);
      const ChainTarget target = density_target(density);
      const std::vector<double> start = normal_rows(many, 1, v);
      const Result result = run(target, mala_chain(steps(e * v, 1)), start);
      CHECK(mean(result.acceptance) == Approx(expected).margin(rate_error(expected)));
      double moved = 0;
      for (std::size_t i = 0; i < many; ++i) moved += result.rows[i] != start[i];
      CHECK(moved / many == Approx(expected).margin(rate_error(expected)));
    }
}

TEST_CASE("HMC accepts what it should on a Gaussian", "[mcmc]") {
  for (const double v : {1.0, 0.25})
    for (const int leapfrog : {1, 3, 10}) {
      const double h = 1.3, expected = leapfrog_acceptance(h, leapfrog);
      CHECK(expected < 0.95);
      const GaussianMixture density = normal_line(v);
      const ChainTarget target = density_target(density);
      const Result result =
          run(target, hmc_chain(steps(h * std::sqrt(v), 1), leapfrog, 0), normal_rows(many, 1, v));
      CHECK(mean(result.acceptance) == Approx(expected).margin(rate_error(expected)));
    }
}

TEST_CASE("HMC with jitter accepts the mean over its step sizes", "[mcmc]") {
  // Leapfrog's acceptance at h u, u uniform in [1 - jitter, 1].
  constexpr int nodes = 20000;
  const GaussianMixture density = normal_line(1);
  const ChainTarget target = density_target(density);
  for (const double jitter : {0.3, 1.0}) {
    const double h = 1.7;
    double expected = 0;
    for (int i = 0; i < nodes; ++i)
      expected += leapfrog_acceptance(h * (1 - jitter * (i + 0.5) / nodes), 4) / nodes;
    CHECK(std::abs(expected - leapfrog_acceptance(h, 4)) > 2 * rate_error(expected));
    const Result result = run(target, hmc_chain(steps(h, 1), 4, jitter), normal_rows(many, 1, 1));
    CHECK(mean(result.acceptance) == Approx(expected).margin(rate_error(expected)));
  }
}

TEST_CASE("HMC with jitter forgets its start where trajectories are periods", "[mcmc]") {
  // On N(0, 1) a trajectory of time t takes x to x cos t + z sin t, so after k of them the part of
  // the start that is left has the mean factor prod E cos t. L steps of leapfrog of length h turn
  // by L acos(1 - h^2 / 2); h is such that this is 2 pi, or pi, after which x^2 is what it was.
  const GaussianMixture density = normal_line(1);
  const ChainTarget target = density_target(density);
  const std::vector<double> start = normal_rows(many, 1, 9);
  for (const double turn : {2 * pi, pi}) {
    const int leapfrog = 10;
    const double h = 2 * std::sin(turn / leapfrog / 2);
    const Result fixed = run(target, hmc_chain(steps(h, 30), leapfrog, 0), start);
    CHECK(variance(fixed.rows) > 4);
    const Result jittered = run(target, hmc_chain(steps(h, 30), leapfrog, 0.6), start);
    CHECK(variance(jittered.rows) == Approx(1).epsilon(variance_error));
    CHECK(mean(jittered.rows) == Approx(0).margin(4 / std::sqrt(double(many))));
  }
}

TEST_CASE("what Metropolis accepts has the density's moments, however long the step", "[mcmc]") {
  // The start is not the target: chains go there. ULA's variance at this step is 1.67 and 2.5.
  const GaussianMixture density = normal_line(1);
  const ChainTarget target = density_target(density);
  for (const Chain& chain : {mala_chain(steps(0.8, 60)), mala_chain(steps(1.2, 60)),
                             hmc_chain(steps(1.5, 30), 3, 0), hmc_chain(steps(1.5, 30), 3, 0.6)}) {
    const Result result = run(target, chain, normal_rows(many, 1, 4));
    CHECK(variance(result.rows) == Approx(1).epsilon(variance_error));
    CHECK(mean(result.rows) == Approx(0).margin(4 / std::sqrt(double(many))));
  }
}

TEST_CASE("MALA samples a noised mixture at its level", "[mcmc]") {
  const GaussianMixture density = normal_line(1);
  const ChainTarget target = noised_density_target(density);
  ChainLength length = steps(1.5, 60);
  length.sigma = 1.5;
  const Result result = run(target, mala_chain(length), normal_rows(many, 1, 1));
  CHECK(variance(result.rows) == Approx(1 + 1.5 * 1.5).epsilon(variance_error));
}

TEST_CASE("BAOAB's variance is the Gaussian's, at steps near the limit too", "[mcmc]") {
  // Leimkuhler, Matthews (2013): its stationary x has variance v exactly for h < 2 sqrt(v). Other
  // orders of the same parts have v / (1 - h^2 / 4 v), 2.3 v here.
  const double v = 0.49;
  const GaussianMixture density = normal_line(v);
  const ChainTarget target = density_target(density);
  for (const double friction : {0.5, 2.0}) {
    const Result result = run(target, underdamped_chain(steps(1.5 * std::sqrt(v), 100), friction),
                              normal_rows(many, 1, 4 * v));
    CHECK(variance(result.rows) == Approx(v).epsilon(variance_error));
  }
  CHECK_THROWS_WITH(
      run(target, underdamped_chain(steps(2.1 * std::sqrt(v), 3000), 0.5), normal_rows(50, 1, v)),
      Catch::Contains(" diverged at step "));
}

TEST_CASE("adaptation reaches its target, and what follows burn-in is exact", "[mcmc]") {
  // What it drives to the target is the mean over the steps it tries; the one it keeps, in the
  // middle of them, accepts somewhat more often (Jensen), less so the longer it has looked.
  constexpr std::size_t dimension = 5, chains = 1000;
  const GaussianMixture density(correlated_gaussian(dimension, 0));
  const ChainTarget target = density_target(density);
  const std::vector<double> start = normal_rows(chains, dimension, 1);
  for (const double first : {0.01, 20.0}) {  // a hundred times too short; hopelessly long
    const ChainLength length = {0, first, 3000, 100, true};
    const Result mala = run(target, mala_chain(length), start, 3000);
    CHECK(mean(mala.acceptance) == Approx(0.574).margin(0.03));
    const Result hmc = run(target, hmc_chain(length, 1, 0.6), start, 3000);
    CHECK(mean(hmc.acceptance) == Approx(0.8).margin(0.03));
    for (const Result* result : {&mala, &hmc})
      CHECK(variance(result->rows) == Approx(1).epsilon(4 * std::sqrt(2.0 / (chains * dimension))));
  }
  // Without it the step stays what it is.
  const ChainLength fixed = {0, 0.01, 400, 100, false};
  CHECK(mean(run(target, mala_chain(fixed), start, 400).acceptance) > 0.97);
}

TEST_CASE("a proposal that is not finite is rejected, a start that is not is an error", "[mcmc]") {
  const ChainTarget bounded = parabola();
  std::vector<double> inside = normal_rows(many, 1, 0.5);
  for (double& x : inside) x = 1.9 * std::tanh(x);
  for (const Chain& chain : {mala_chain(steps(0.5, 100)), hmc_chain(steps(0.7, 60), 2, 0.6)}) {
    const Result result = run(bounded, chain, inside);
    double farthest = 0;
    for (const double x : result.rows) farthest = std::max(farthest, std::abs(x));
    CHECK(farthest < 2);
    CHECK(mean(result.acceptance) > 0.3);  // a number: what is rejected counts as 0
    CHECK(mean(result.acceptance) < 0.95);
    // The kurtosis is 2.14, so the variance of x^2 less than a Gaussian's.
    CHECK(variance(result.rows) == Approx(0.8).epsilon(variance_error));
  }
  // Far down its neck exp(-x0) of the funnel overflows.
  const Funnel density(2);
  const ChainTarget target = density_target(density);
  const std::vector<double> start = normal_rows(500, 2, 1);
  const Result result = run<float>(target, mala_chain(steps(2000, 20)), start);
  CHECK(std::isfinite(variance(result.rows)));
  CHECK(std::isfinite(mean(result.acceptance)));
  CHECK_THROWS_WITH(
      run<float>(target, mala_chain(steps(0.1, 20)), {0, 1, -400, 1, 0, 0}),
      Catch::Contains("test: chain 1: the log density or its gradient is not finite"));
}

TEST_CASE("a Metropolis chain's bits do not depend on threads, lanes or company", "[mcmc]") {
  const GaussianMixture density(eight_gaussians());
  const ChainTarget target = density_target(density);
  const std::vector<double> start = normal_rows(600, 2, 1);
  const ChainLength length = {0, 0.1, 20, 10, true};
  for (const Chain& chain :
       {hmc_chain(length, 3, 0.6), mala_chain(length), underdamped_chain(steps(0.1, 20), 1)}) {
    const std::vector<double> whole = run<float>(target, chain, start, 0, 1).rows;
    CHECK(run<float>(target, chain, start, 0, 2).rows == whole);
    Workers workers(1);
    Sampler<float> sampler(target, chain.transitions, 16, &workers, chain.auxiliary);
    ChainOptions options;
    options.rows = {total_steps(chain.transitions), 1, 1};
    const std::vector<float> begin(start.begin(), start.end());
    std::vector<float> part(77 * 2);
    sampler.run(333, 77, begin.data() + 333 * 2, options, part.data(), nullptr);
    for (std::size_t i = 0; i < part.size(); ++i) REQUIRE(double(part[i]) == whole[333 * 2 + i]);
  }
}
