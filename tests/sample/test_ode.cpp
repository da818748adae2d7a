#include <catch2/catch.hpp>
#include <cmath>

#include "base/error.hpp"
#include "base/random.hpp"
#include "density/gaussian_mixture.hpp"
#include "sample/gaussian_rows.hpp"
#include "sample/ode_solver.hpp"

using namespace pushforward;

namespace {

// Mean (1, -2), variances 0.25 and 4 along (1, 1) and (1, -1).
const double variance_along[2] = {0.25, 4};
const double mean_along[2] = {-1 / std::sqrt(2.0), 3 / std::sqrt(2.0)};

GaussianMixture gaussian() {
  return GaussianMixture({{1.0}, {{1.0, -2.0}}, {{{2.125, -1.875}, {-1.875, 2.125}}}});
}

OdeSettings tight(Trace trace = Trace::none) {
  OdeSettings settings;
  settings.atol = settings.rtol = 1e-10;
  settings.trace = trace;
  return settings;
}

template <class T>
OdeRows<T> solve(const ChainTarget& target, const OdeSettings& settings, const OdeRun& run,
                 const std::vector<T>& x, int threads = 2) {
  Workers workers(threads);
  OdeSolver<T> solver(target, settings, &workers);
  return solver.solve(run, x.data(), x.size() / static_cast<std::size_t>(target.dimension));
}

OdeRun between(double from, double to) {
  OdeRun run;
  run.from = from;
  run.to = to;
  return run;
}

}  // namespace

TEST_CASE("the ODE is its closed form on a Gaussian, row by row, either way", "[ode]") {
  const GaussianMixture density = gaussian();
  const ChainTarget target = noised_density_target(density);
  const std::vector<double> rows = normal_rows<double>(300, 2, 3);
  const std::pair<double, double> levels[] = {{1e-3, 150}, {80, 0.002}, {0.5, 0.5}};
  for (const auto& [from, to] : levels)
    for (const Trace trace : {Trace::none, Trace::exact}) {
      const OdeRows<double> out = solve(target, tight(trace), between(from, to), rows);
      double change = 0;
      for (int axis = 0; axis < 2; ++axis) {
        const double c = variance_along[axis], m = mean_along[axis];
        const double factor = std::sqrt((c + to * to) / (c + from * from));
        change += std::log(factor);
        for (std::size_t r = 0; r < rows.size(); r += 2)
          REQUIRE(along(out.x.data() + r, axis) - m ==
                  Approx(factor * (along(rows.data() + r, axis) - m)).epsilon(1e-8).margin(1e-9));
      }
      for (const double log_change : out.log_change)
        REQUIRE(log_change == Approx(change).margin(1e-8));
      if (trace == Trace::exact) REQUIRE(out.log_change.size() == 300);
    }
}

TEST_CASE("the default tolerances hold, in float too, and the error estimate covers", "[ode]") {
  const GaussianMixture density(eight_gaussians());
  const ChainTarget target = noised_density_target(density);
  OdeSettings settings;
  settings.trace = Trace::exact;
  const std::vector<double> rows = normal_rows<double>(500, 2, 2);
  const OdeRun run = between(0.01, 50);
  const OdeRows<double> exact = solve(target, tight(Trace::exact), run, rows);
  const OdeRows<double> out = solve(target, settings, run, rows);
  const OdeRows<float> narrow =
      solve(target, settings, run, std::vector<float>(rows.begin(), rows.end()));
  double evaluations = 0, error = 0, estimate = 0;
  for (std::size_t r = 0; r < 500; ++r) {
    REQUIRE(out.log_change[r] == Approx(exact.log_change[r]).margin(1e-3));
    REQUIRE(narrow.log_change[r] == Approx(exact.log_change[r]).margin(3e-3));
    for (std::size_t j = 0; j < 2; ++j) {
      REQUIRE(out.x[2 * r + j] == Approx(exact.x[2 * r + j]).margin(50 * 1e-4));
      REQUIRE(double(narrow.x[2 * r + j]) == Approx(exact.x[2 * r + j]).margin(50 * 1e-3));
    }
    evaluations += out.evaluations[r] / 500.0;
    error += std::abs(out.log_change[r] - exact.log_change[r]) / 500;
    estimate += out.log_error[r] / 500;
  }
  INFO("evaluations " << evaluations << " error " << error << " estimate " << estimate);
  CHECK(evaluations < 200);
  CHECK(error < estimate);
  CHECK(estimate < 1e-3);
}

TEST_CASE("centre and scale change the cost, not the result", "[ode]") {
  const GaussianMixture density = gaussian();
  const ChainTarget target = noised_density_target(density);
  const std::vector<double> rows = normal_rows<double>(20, 2, 3);
  OdeSettings moved = tight(Trace::exact);
  moved.centre = {1, -2};
  moved.scale = {1.4, 1.5};
  const OdeRun run = between(0.01, 20);
  const OdeRows<double> one = solve(target, tight(Trace::exact), run, rows);
  const OdeRows<double> two = solve(target, moved, run, rows);
  for (std::size_t i = 0; i < rows.size(); ++i) REQUIRE(one.x[i] == Approx(two.x[i]).margin(1e-7));
  for (std::size_t i = 0; i < 20; ++i)
    REQUIRE(one.log_change[i] == Approx(two.log_change[i]).margin(1e-7));
}

TEST_CASE("probes estimate the divergence without bias, and say how well", "[ode]") {
  // For a correlated Gaussian v' J v differs from the trace with the sign of v_1 v_2.
  const GaussianMixture density = gaussian();
  const ChainTarget target = noised_density_target(density);
  const std::size_t count = 2000;
  const std::vector<double> rows(2 * count, 0.5);
  OdeSettings settings = tight(Trace::hutchinson);
  settings.atol = settings.rtol = 1e-6;
  const OdeRun run = between(0.01, 20);
  OdeSettings exact = settings;
  exact.trace = Trace::exact;
  const double truth = solve(target, exact, run, std::vector<double>{0.5, 0.5}).log_change[0];
  for (const int probes : {2, 5}) {
    settings.probes = probes;
    const OdeRows<double> out = solve(target, settings, run, rows);
    double mean = 0, squares = 0, reported = 0;
    for (std::size_t r = 0; r < count; ++r) mean += out.log_change[r] / double(count);
    for (std::size_t r = 0; r < count; ++r) {
      squares += std::pow(out.log_change[r] - truth, 2) / double(count);
      reported += std::pow(out.probe_error[r], 2) / double(count);
    }
    CHECK(squares > 0.1);
    CHECK(mean == Approx(truth).margin(4 * std::sqrt(squares / double(count))));
    CHECK(reported == Approx(squares).epsilon(0.15));
  }
}

TEST_CASE("an ODE row's bits do not depend on threads or company", "[ode]") {
  const GaussianMixture density(eight_gaussians());
  const ChainTarget target = noised_density_target(density);
  const std::vector<float> rows = normal_rows<float>(700, 2, 2);
  OdeSettings settings;
  for (const Trace trace : {Trace::exact, Trace::hutchinson}) {
    settings.trace = trace;
    settings.probes = 3;
    OdeRun run = between(0.01, 50);
    const OdeRows<float> whole = solve(target, settings, run, rows, 1);
    CHECK(solve(target, settings, run, rows, 2).x == whole.x);
    for (const std::size_t size : {1, 17, 100, 300})
      for (const std::size_t first : {std::size_t{0}, std::size_t{131}, 700 - size}) {
        run.first = first;
        const auto at = rows.begin() + static_cast<std::ptrdiff_t>(2 * first);
        const OdeRows<float> part =
            solve(target, settings, run,
                  std::vector<float>(at, at + static_cast<std::ptrdiff_t>(2 * size)));
        for (std::size_t r = 0; r < size; ++r) {
          REQUIRE(part.log_change[r] == whole.log_change[first + r]);
          REQUIRE(part.log_error[r] == whole.log_error[first + r]);
          REQUIRE(part.evaluations[r] == whole.evaluations[first + r]);
          REQUIRE(part.x[2 * r] == whole.x[2 * (first + r)]);
        }
      }
  }
}

TEST_CASE("the last state denoised is the mean of the clean row", "[ode]") {
  const GaussianMixture density = gaussian();
  const ChainTarget target = noised_density_target(density);
  const std::vector<double> rows = normal_rows<double>(50, 2, 20);
  OdeRun run = between(20, 0.5);
  const OdeRows<double> noisy = solve(target, tight(), run, rows);
  run.denoise = true;
  const OdeRows<double> clean = solve(target, tight(), run, rows);
  for (int axis = 0; axis < 2; ++axis) {
    const double kept = variance_along[axis] / (variance_along[axis] + 0.25);
    for (std::size_t r = 0; r < rows.size(); r += 2)
      REQUIRE(along(clean.x.data() + r, axis) - mean_along[axis] ==
              Approx(kept * (along(noisy.x.data() + r, axis) - mean_along[axis])).margin(1e-9));
  }
}

TEST_CASE("the first row that fails is named, whoever meets it", "[ode]") {
  const GaussianMixture density(eight_gaussians());
  const ChainTarget target = noised_density_target(density);
  std::vector<double> rows = normal_rows<double>(400, 2, 2);
  const auto message = [&](OdeRun run, int threads) -> std::string {
    try {
      static_cast<void>(solve(target, OdeSettings(), run, rows, threads));
    } catch (const Error& error) {
      CHECK(error.kind() == ErrorKind::numerical);
      return error.what();
    }
    return "";
  };
  OdeRun run = between(0.01, 50);
  CHECK(message(run, 2).empty());
  rows[2 * 250] = rows[2 * 370 + 1] = 1e300;  // its square is beyond double
  run.first = 1000;
  for (const int threads : {1, 2})
    CHECK_THAT(message(run, threads),
               Catch::StartsWith("ode: row 1250 meets numbers that are not finite"));
  run.max_attempts = 3;
  for (const int threads : {1, 2})
    CHECK_THAT(message(run, threads), Catch::StartsWith("ode: row 1000 is not done after 3 steps"));
}

TEST_CASE("rows far out have a finite density", "[ode]") {
  const GaussianMixture density(eight_gaussians());
  const ChainTarget target = noised_density_target(density);
  OdeSettings settings;
  settings.trace = Trace::exact;
  const OdeRun run = between(0.01, 50);
  const OdeRows<float> near = solve(target, settings, run, normal_rows<float>(100, 2, 100));
  const OdeRows<double> far = solve(target, settings, run, normal_rows<double>(100, 2, 1e5));
  for (const auto* changes : {&near.log_change, &far.log_change})
    for (const double change : *changes) REQUIRE(std::isfinite(change));
}
