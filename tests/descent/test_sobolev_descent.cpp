#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <limits>

#include "base/error.hpp"
#include "base/random.hpp"
#include "descent/birth_death.hpp"
#include "descent/sobolev_descent.hpp"

using namespace pushforward;

namespace {

template <class T>
std::vector<T> normal_rows(std::size_t count, std::size_t columns, std::uint64_t seed,
                           const std::vector<double>& mean = {}, double deviation = 1) {
  std::vector<T> rows(count * columns);
  Random(seed, Stream::data).fill_normal(rows.data(), count, columns, 0);
  for (std::size_t i = 0; i < rows.size(); ++i)
    rows[i] = static_cast<T>(deviation * static_cast<double>(rows[i]) +
                             (mean.empty() ? 0 : mean[i % columns]));
  return rows;
}

double mean_of(const std::vector<double>& rows, std::size_t columns, std::size_t column) {
  double sum = 0;
  for (std::size_t i = column; i < rows.size(); i += columns) sum += rows[i];
  return sum / static_cast<double>(rows.size() / columns);
}

// MMD^2 (biased, one bandwidth) written out: a judge of its own.
double plain_mmd(const std::vector<double>& x, const std::vector<double>& y, std::size_t columns) {
  const auto mean_kernel = [&](const std::vector<double>& a, const std::vector<double>& b) {
    double sum = 0;
    for (std::size_t i = 0; i < a.size(); i += columns)
      for (std::size_t j = 0; j < b.size(); j += columns) {
        double square = 0;
        for (std::size_t k = 0; k < columns; ++k)
          square += (a[i + k] - b[j + k]) * (a[i + k] - b[j + k]);
        sum += std::exp(-square / 2);
      }
    return sum * static_cast<double>(columns * columns) / static_cast<double>(a.size() * b.size());
  };
  return mean_kernel(x, x) + mean_kernel(y, y) - 2 * mean_kernel(x, y);
}

std::vector<double> descended(const std::vector<double>& source, const std::vector<double>& target,
                              std::size_t columns, const DescentOptions& options) {
  Workers workers(1);
  SobolevDescent<double> descent(source, target, columns, options, &workers);
  for (std::int64_t i = 0; i < options.steps; ++i) descent.step();
  return descent.rows();
}

// The augmented Lagrangian by its definition, from what evaluate() says of f and grad f.
double lagrangian(SobolevCritic<double>* critic, const CriticOptions& options,
                  const std::vector<double>& target, const std::vector<double>& particles,
                  std::size_t columns) {
  const auto evaluate = [&](const std::vector<double>& rows, std::vector<double>* slopes) {
    std::vector<double> values(rows.size() / columns);
    slopes->resize(rows.size());
    critic->evaluate(rows.data(), values.size(), values.data(), slopes->data());
    return values;
  };
  std::vector<double> slopes, unused;
  const std::vector<double> f_p = evaluate(target, &unused), f_q = evaluate(particles, &slopes);
  const double n = static_cast<double>(f_q.size());
  const double mean_q = mean_of(f_q, 1, 0);
  double omega = 0;
  for (const double slope : slopes) omega += slope * slope / n;
  for (const double f : f_q) omega += options.alpha * (f - mean_q) * (f - mean_q) / n;
  const double lambda = critic->multiplier(), rho = options.rho;
  const double shifted = std::max(0.0, lambda + rho * (omega - 1));
  return mean_of(f_p, 1, 0) - mean_q - (shifted * shifted - lambda * lambda) / (2 * rho);
}

}  // namespace

TEST_CASE("the critic's slope is the gradient of its value, row by row", "[sobolev]") {
  Workers workers(1);
  CriticOptions options;
  options.shape.hidden = 8;
  SobolevCritic<double> critic(3, options, &workers);
  const std::vector<double> rows = normal_rows<double>(130, 3, 1);  // two lanes, one of them short
  std::vector<double> values(130), slopes(390), moved(130), unused(390);
  critic.evaluate(rows.data(), 130, values.data(), slopes.data());
  constexpr double h = 1e-5;
  for (const std::size_t k : {0u, 2u}) {
    std::vector<double> difference(130);
    for (const double sign : {1.0, -1.0}) {
      std::vector<double> there = rows;
      for (std::size_t i = k; i < there.size(); i += 3) there[i] += sign * h;
      critic.evaluate(there.data(), 130, moved.data(), unused.data());
      for (std::size_t i = 0; i < 130; ++i) difference[i] += sign * moved[i] / (2 * h);
    }
    for (std::size_t i = 0; i < 130; ++i)
      CHECK(slopes[3 * i + k] == Approx(difference[i]).margin(1e-9).epsilon(1e-7));
  }
}

TEST_CASE("the two passes give the gradient of the augmented Lagrangian", "[sobolev]") {
  for (const double alpha : {0.0, 0.7}) {
    Workers workers(2);
    CriticOptions options;
    options.shape.hidden = 5;
    options.rho = 0.3;
    options.alpha = alpha;
    options.seed = 4;
    SobolevCritic<double> critic(2, options, &workers);
    // Weights large enough, and steps enough, for a multiplier and a constraint that is not met.
    for (double& value : critic.parameters()) value *= 6;
    const std::vector<double> target = normal_rows<double>(150, 2, 1, {1, 0});
    const std::vector<double> particles = normal_rows<double>(300, 2, 2);
    for (int i = 0; i < 3; ++i) (void)critic.step(target.data(), 150, particles.data(), 300);
    REQUIRE(critic.multiplier() > 0);
    const CriticMeasure at = critic.measure(target.data(), 150, particles.data(), 300);
    REQUIRE(std::abs(at.constraint - 1) > 0.1);
    const std::vector<double> gradient = critic.gradient();
    double squares = 0;
    for (std::size_t i = 0; i < critic.parameters().size(); ++i) {
      const double kept = critic.parameters()[i], h = 1e-5;
      critic.parameters()[i] = kept + h;
      const double above = lagrangian(&critic, options, target, particles, 2);
      critic.parameters()[i] = kept - h;
      const double below = lagrangian(&critic, options, target, particles, 2);
      critic.parameters()[i] = kept;
      CHECK(gradient[i] == Approx((above - below) / (2 * h)).epsilon(1e-6).margin(1e-8));
      squares += gradient[i] * gradient[i];
    }
    CHECK(at.gradient_norm == Approx(std::sqrt(squares)));
  }
}

TEST_CASE("a constraint that is met does not act", "[sobolev]") {
  Workers workers(1);
  CriticOptions options;
  options.shape.depth = 0;
  SobolevCritic<double> critic(2, options, &workers);
  critic.parameters() = {0.1, 0.2, 5};  // f = 0.1 x + 0.2 y + 5: Omega is 0.05
  const std::vector<double> target = {1, 2, 3, 5}, particles = {0, 1};
  const CriticMeasure at = critic.measure(target.data(), 2, particles.data(), 1);
  CHECK(at.difference == Approx(0.1 * 2 + 0.2 * 2.5));
  CHECK(at.constraint == Approx(0.05));
  CHECK(at.mean == Approx(5.2));
  CHECK(critic.gradient()[0] == Approx(2));  // the difference of the means
  CHECK(critic.gradient()[1] == Approx(2.5));
  CHECK(critic.gradient()[2] == Approx(0).margin(1e-12));
  CHECK(critic.step(target.data(), 2, particles.data(), 1).constraint == Approx(0.05));
  CHECK(critic.multiplier() == 0);
}

TEST_CASE("a linear critic moves particles by the difference of the means", "[sobolev]") {
  // sup { w.(m_p - m_q) : |w| <= 1 } is at w along m_p - m_q. Column 1 is in other units: there
  // the target's deviation is 100.
  std::vector<double> source = normal_rows<double>(200, 2, 1);
  std::vector<double> target = normal_rows<double>(300, 2, 2, {3, 4});
  for (std::size_t i = 1; i < source.size(); i += 2) source[i] *= 100;
  for (std::size_t i = 1; i < target.size(); i += 2) target[i] *= 100;
  DescentOptions options;
  options.steps = 1;
  options.step_size = 0.25;
  options.critic_steps = 3000;
  options.critic.shape.depth = 0;
  options.critic.learning_rate = 0.02;
  options.critic.rho = 0.1;
  const std::vector<double> moved = descended(source, target, 2, options);
  double way[2], deviation[2], length = 0;
  for (std::size_t j = 0; j < 2; ++j) {
    const double mean = mean_of(target, 2, j);
    double squares = 0;
    for (std::size_t i = j; i < target.size(); i += 2)
      squares += (target[i] - mean) * (target[i] - mean);
    deviation[j] = std::sqrt(squares / 300);
    way[j] = (mean - mean_of(source, 2, j)) / deviation[j];
    length += way[j] * way[j];
  }
  for (std::size_t i = 0; i < moved.size(); ++i) {
    const std::size_t j = i % 2;
    const double step = (moved[i] - source[i]) / deviation[j];
    CHECK(step == Approx(0.25 * way[j] / std::sqrt(length)).epsilon(1e-3));
  }
}

TEST_CASE("births and deaths have the probabilities of the paper", "[sobolev]") {
  // Two thirds have b = -0.5, one third b = 1.
  constexpr std::size_t count = 3000;
  std::vector<double> fitness(count, 7);
  for (std::size_t i = 0; i < count; i += 3) fitness[i] = 8.5;
  const double rate = 0.4;
  const double birth = 1 - std::exp(-rate), death = 1 - std::exp(-rate * 0.5);
  double births = 0, deaths = 0, fit = 0;
  constexpr std::uint32_t rounds = 50;
  for (std::uint32_t round = 0; round < rounds; ++round) {
    const Generation generation = births_and_deaths(fitness, rate, 3, round);
    births += static_cast<double>(generation.births) / rounds;
    deaths += static_cast<double>(generation.deaths) / rounds;
    REQUIRE(generation.parent.size() == count);
    for (const std::size_t parent : generation.parent) fit += parent % 3 == 0 ? 1.0 / rounds : 0;
  }
  const auto error = [](double n, double p) { return 4 * std::sqrt(n * p * (1 - p) / rounds); };
  CHECK(births == Approx(1000 * birth).margin(error(1000, birth)));
  CHECK(deaths == Approx(2000 * death).margin(error(2000, death)));
  // Bringing the count back changes no share: the fit ones have theirs of 1000 (1 + birth) and
  // 2000 (1 - death).
  const double share = 1000 * (1 + birth) / (1000 * (1 + birth) + 2000 * (1 - death));
  CHECK(fit / count == Approx(share).margin(0.005));
}

TEST_CASE("survivors keep their places and the seed decides who they are", "[sobolev]") {
  std::vector<double> fitness = normal_rows<double>(1000, 1, 5);
  const Generation one = births_and_deaths(fitness, 0.5, 1, 2);
  CHECK(one.parent == births_and_deaths(fitness, 0.5, 1, 2).parent);
  CHECK(one.parent != births_and_deaths(fitness, 0.5, 1, 3).parent);
  CHECK(one.parent != births_and_deaths(fitness, 0.5, 2, 2).parent);
  CHECK(one.births > 50);
  CHECK(one.deaths > 50);
  std::size_t own = 0;
  for (std::size_t i = 0; i < 1000; ++i) {
    CHECK(one.parent[one.parent[i]] == one.parent[i]);
    own += one.parent[i] == i ? 1 : 0;
  }
  CHECK(own >= 1000 - std::max(one.births, one.deaths));
  // No fitness differs: nothing happens. A rate without bounds: all below the mean are gone.
  const Generation still = births_and_deaths(std::vector<double>(10, 0.1), 1e6, 1, 1);
  CHECK(still.births + still.deaths == 0);
  const Generation hard = births_and_deaths({0, 0, 0, 0, 10}, 1e9, 1, 1);
  CHECK(hard.parent == std::vector<std::size_t>(5, 4));
  CHECK(hard.deaths == 4);
  CHECK(births_and_deaths({3}, 1, 0, 0).parent == std::vector<std::size_t>{0});
}

TEST_CASE("a shifted Gaussian is reached", "[sobolev]") {
  const std::vector<double> source = normal_rows<double>(500, 2, 1);
  const std::vector<double> target = normal_rows<double>(700, 2, 2, {3, -2});
  DescentOptions options;
  options.steps = 200;
  options.step_size = 0.1;
  options.batch = 256;
  options.critic.shape.hidden = 32;
  const std::vector<double> moved = descended(source, target, 2, options);
  // 0.05 is the standard error of a mean of 500.
  CHECK(mean_of(moved, 2, 0) == Approx(mean_of(target, 2, 0)).margin(0.1));
  CHECK(mean_of(moved, 2, 1) == Approx(mean_of(target, 2, 1)).margin(0.1));
  const double before = plain_mmd(source, target, 2), after = plain_mmd(moved, target, 2);
  CHECK(after < before / 50);
}

TEST_CASE("the same bits for any number of threads, others for another seed", "[sobolev]") {
  const std::vector<double> source = normal_rows<double>(400, 3, 1);
  const std::vector<double> target = normal_rows<double>(300, 3, 2, {1, 1, 1});
  const auto run = [&](int threads, std::uint64_t seed) {
    DescentOptions options;
    options.steps = 4;
    options.batch = 200;
    options.tau = 0.1;
    options.critic.alpha = 0.3;
    options.seed = seed;
    Workers workers(threads);
    SobolevDescent<float> descent(source, target, 3, options, &workers);
    for (std::int64_t i = 0; i < options.steps; ++i) descent.step();
    return std::make_pair(descent.rows(), descent.ancestors());
  };
  const auto one = run(1, 0);
  CHECK(one == run(2, 0));
  CHECK(one == run(3, 0));
  CHECK(one != run(1, 1));
}

TEST_CASE("births and deaths carry weight between far modes", "[sobolev]") {
  // Modes 40 deviations apart; half of the source in each, nine tenths of the target in the first.
  const auto two_modes = [](std::size_t count, std::size_t first, std::uint64_t seed) {
    std::vector<double> rows = normal_rows<double>(count, 2, seed, {}, 0.5);
    for (std::size_t i = 0; i < count; ++i) rows[2 * i] += i < first ? -10 : 10;
    return rows;
  };
  const std::vector<double> source = two_modes(400, 200, 1), target = two_modes(400, 360, 2);
  const auto share = [&](double tau) {
    DescentOptions options;
    options.steps = 150;
    options.batch = 400;
    options.tau = tau;
    options.step_size = 0.004;  // 0.3 deviations in all: nobody walks across
    options.critic.alpha = 1;
    options.critic.shape.hidden = 32;
    const std::vector<double> moved = descended(source, target, 2, options);
    double left = 0, between = 0;
    for (std::size_t i = 0; i < moved.size(); i += 2) {
      left += moved[i] < -7 ? 1.0 / 400 : 0;
      between += std::abs(moved[i]) <= 7 ? 1.0 / 400 : 0;
    }
    CHECK(between < 0.1);
    return left;
  };
  CHECK(share(0.1) == Approx(0.9).margin(0.05));
  CHECK(share(0) == Approx(0.5).margin(0.1));
}

TEST_CASE("a column that does not vary, and sets of one row", "[sobolev]") {
  DescentOptions options;
  options.steps = 5;
  options.tau = 0.1;
  options.critic.alpha = 1;
  const std::vector<double> moved = descended({1, 7, 2, 7, 4, 7}, {5, 7}, 2, options);
  REQUIRE(moved.size() == 6);
  for (const double value : moved) CHECK(std::isfinite(value));
}

TEST_CASE("numbers that run away end with the step's number", "[sobolev]") {
  const std::vector<double> source = normal_rows<double>(50, 2, 1);
  const std::vector<double> target = normal_rows<double>(50, 2, 2, {1, 1});
  DescentOptions options;
  options.steps = 100;
  options.step_size = 1e30;
  Workers workers(1);
  SobolevDescent<float> descent(source, target, 2, options, &workers);
  const auto run = [&] {
    for (int i = 0; i < 100; ++i) descent.step();
  };
  CHECK_FALSE(descent.far_apart());
  CHECK_THROWS_WITH(run(), Catch::Contains("a particle diverged at step 1;"));
  CHECK(SobolevDescent<float>(source, normal_rows<double>(50, 2, 2, {0, 7}), 2, options, &workers)
            .far_apart());
  const double huge = std::numeric_limits<double>::max();
  CHECK_THROWS_AS(SobolevDescent<double>({huge, -huge}, {huge, -huge}, 1, {}, &workers), Error);
}
