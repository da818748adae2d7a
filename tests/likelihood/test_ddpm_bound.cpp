#include <catch2/catch.hpp>
#include <cmath>

#include "base/random.hpp"
#include "likelihood/ddpm_bound.hpp"
#include "nn/loss_program.hpp"
#include "score/objective.hpp"
#include "score/step_variance.hpp"

using namespace pushforward;

namespace {

constexpr double log_two_pi = 1.83787706640934548356;

// Fresh, an edm model is exact for columns of this mean and deviation.
ScoreModel exact_model(int steps, std::vector<double> mean, std::vector<double> deviation,
                       bool learned = false) {
  ScoreDescription d;
  d.dimension = static_cast<int>(mean.size());
  d.process = Process(ProcessSettings::ddpm(steps, BetaSchedule::cosine));
  d.parametrization = Parametrization::edm;
  d.hidden = 4;
  d.depth = 1;
  d.mean = std::move(mean);
  d.sigma_data = std::move(deviation);
  d.learned_variance = learned;
  return ScoreModel(d, 1);
}

}  // namespace

TEST_CASE("the bound of an exact model has the terms it has in closed form", "[bound]") {
  const int steps = 50;
  const ScoreModel model = exact_model(steps, {1, -3}, {0.5, 20});
  const Process& process = model.process();
  Workers workers(2);
  DdpmBound<double> bound(model, &workers);
  constexpr std::size_t count = 20000;
  // One row, many times, so that its terms' means over the noise are known well.
  const double u[] = {0.7, -1.9};
  std::vector<double> x;
  for (std::size_t i = 0; i < count; ++i) x.insert(x.end(), {1 + 0.5 * u[0], -3 + 20 * u[1]});
  const BoundRows rows = bound.bound({}, x.data(), nullptr, count);

  const double a = process.scale(1), b = a * process.sigma(1);
  double prior = 0, diffusion = 0, decoder = std::log(0.5) + std::log(20.0), exact = 0;
  for (const double value : u) {
    prior += 0.5 * (b * b + a * a * value * value - 1 - std::log(b * b));
    exact += 0.5 * (log_two_pi + value * value);
    for (int k = 1; k <= steps; ++k) {
      const StepVariance v = ddpm_step_variance(process, k);
      const double s = process.sigma(double(k) / steps);
      // D - x_0 = (sigma z - sigma^2 u) / (1 + sigma^2).
      const double miss = (s * s + std::pow(s, 4) * value * value) / std::pow(1 + s * s, 2);
      if (k > 1)
        diffusion += 0.5 * std::pow(v.lost / (s * s), 2) * miss / v.small;
      else
        decoder += 0.5 * (log_two_pi + std::log(v.small) + miss / v.small);
    }
  }
  const auto mean = [](const std::vector<double>& values) {
    double sum = 0;
    for (const double v : values) sum += v / static_cast<double>(values.size());
    return sum;
  };
  CHECK(mean(rows.prior) == Approx(prior).epsilon(1e-9));
  CHECK(mean(rows.diffusion) == Approx(diffusion).epsilon(0.01));
  CHECK(mean(rows.decoder) == Approx(decoder).epsilon(0.01));
  // It bounds -log p.
  CHECK(prior + diffusion + decoder > exact + std::log(0.5) + std::log(20.0));
  CHECK(std::isnan(rows.error[0]));
}

TEST_CASE("draws tell the error of the bound, and rows are their own", "[bound]") {
  const ScoreModel model = exact_model(20, {0}, {1});
  Workers one(1), two(2);
  DdpmBound<float> bound(model, &one), again(model, &two);
  constexpr std::size_t count = 600;
  std::vector<float> x(count, 0.5f);
  BoundRun run;
  run.draws = 16;
  const BoundRows rows = bound.bound(run, x.data(), nullptr, count);
  const auto total = [](const BoundRows& r, std::size_t i) {
    return r.prior[i] + r.diffusion[i] + r.decoder[i];
  };
  double mean = 0, square = 0, claimed = 0;
  for (std::size_t i = 0; i < count; ++i) {
    mean += total(rows, i) / count;
    square += total(rows, i) * total(rows, i) / count;
    claimed += rows.error[i] * rows.error[i] / count;
  }
  CHECK(claimed == Approx(square - mean * mean).epsilon(0.2));
  const BoundRows threads = again.bound(run, x.data(), nullptr, count);
  run.first = 300;
  const BoundRows part = again.bound(run, x.data(), nullptr, 10);
  for (std::size_t i = 0; i < 10; ++i) {
    CHECK(total(threads, 300 + i) == total(rows, 300 + i));
    CHECK(total(part, i) == total(rows, 300 + i));
  }
}

TEST_CASE("8-bit values are scored by the probability of their bins", "[bound]") {
  // So wide a model that a bin's probability is the density times its width, but at the ends.
  const ScoreModel model = exact_model(20, {128}, {50000});
  Workers workers(1);
  DdpmBound<double> bound(model, &workers);
  const std::vector<double> x = {3, 100, 252};
  BoundRun run;
  const BoundRows density = bound.bound(run, x.data(), nullptr, 3);
  run.eight_bit = true;
  const BoundRows bins = bound.bound(run, x.data(), nullptr, 3);
  for (std::size_t i = 0; i < 3; ++i) {
    CHECK(bins.decoder[i] == Approx(density.decoder[i]).epsilon(1e-6));
    CHECK(bins.diffusion[i] == density.diffusion[i]);
  }
  // The ends take what is beyond them: about half of everything each.
  const std::vector<double> ends = {0, 255};
  const BoundRows open = bound.bound(run, ends.data(), nullptr, 2);
  const std::vector<double> inside = {1, 254};
  const BoundRows closed = bound.bound(run, inside.data(), nullptr, 2);
  for (std::size_t i = 0; i < 2; ++i) CHECK(open.decoder[i] < closed.decoder[i] - 3);
}

TEST_CASE("what trains a learned variance is the bound", "[bound]") {
  // 0.001 of the bound's terms: as the variances change and the score does not, so do the two.
  TrainingRows rows;
  rows.columns = 2;
  rows.values.resize(2 * 50000);
  Random(3, Stream::data).fill_normal(rows.values.data(), 50000, 2, 0);
  const std::vector<double> x(rows.values.begin(), rows.values.end());
  Workers workers(2);
  double loss[2], terms[2] = {0, 0};
  for (int i = 0; i < 2; ++i) {
    ScoreModel model = exact_model(8, {0, 0}, {1, 1}, true);
    const Parameter& bias = *model.parameters().find("output/bias");
    // The score's two, then the variance's: shares of 1/2, or of 2 and -1.
    if (i == 1) {
      model.parameters().values[bias.offset + 2] = 3;
      model.parameters().values[bias.offset + 3] = -3;
    }
    const ScoreObjective objective(&model, ScoreLoss::dsm, Projection::rademacher);
    loss[i] = mean_loss<double>(objective, model.parameters(), rows, 0, 2);
    const BoundRows out =
        DdpmBound<double>(model, &workers).bound({}, x.data(), nullptr, rows.count());
    for (std::size_t r = 0; r < rows.count(); ++r)
      terms[i] += (out.diffusion[r] + out.decoder[r]) / static_cast<double>(rows.count());
  }
  CHECK(std::abs(terms[1] - terms[0]) > 1);
  CHECK(1000 * (loss[1] - loss[0]) == Approx(terms[1] - terms[0]).epsilon(0.03));
}
