#include <catch2/catch.hpp>
#include <cmath>

#include "base/error.hpp"
#include "density/gaussian_mixture.hpp"
#include "sample/adaptive_sde.hpp"

using namespace pushforward;

namespace {

// Independent columns of mean 1 and deviation 0.5.
GaussianMixture gaussian(std::size_t dimension) {
  MixtureParameters m = correlated_gaussian(dimension, 0);
  m.means.fill(1);
  m.covariances *= 0.25;
  return GaussianMixture(m);
}

Process process_of(const std::string& kind) {
  return Process(kind == "ve" ? ProcessSettings::continuous("ve")
                              : ProcessSettings::with_defaults(kind));
}

template <class T>
std::vector<T> prior_rows(const Process& process, std::size_t count, std::size_t columns) {
  std::vector<T> rows(count * columns);
  Random(5, Stream::init).fill_normal(rows.data(), count, columns, 0);
  for (T& v : rows) v *= static_cast<T>(process.prior_deviation());
  return rows;
}

SdeRun whole(const Process& process) {
  SdeRun run;
  run.from = process.last_time();
  run.to = process.first_time();
  return run;
}

template <class T>
SdeRows<T> solve(const Density& density, const Process& process, const SdeSettings& settings,
                 const SdeRun& run, const std::vector<T>& x, int threads = 2) {
  const ChainTarget target = noised_density_target(density);
  Workers workers(threads);
  AdaptiveSde<T> solver(target, process, settings, &workers);
  return solver.solve(run, x.data(), x.size() / static_cast<std::size_t>(density.dimension()));
}

struct Moments {
  double mean = 0, deviation = 0, evaluations = 0;
};

Moments sampled(const std::string& kind, std::size_t dimension, double rtol, std::size_t count) {
  const Process process = process_of(kind);
  SdeSettings settings;
  settings.rtol = rtol;
  settings.scale.assign(dimension, 0.5);
  const SdeRows<float> out = solve(gaussian(dimension), process, settings, whole(process),
                                   prior_rows<float>(process, count, dimension));
  Moments m;
  const double n = double(out.x.size());
  for (const float v : out.x) m.mean += double(v) / n;
  for (const float v : out.x) m.deviation += (double(v) - m.mean) * (double(v) - m.mean) / n;
  m.deviation = std::sqrt(m.deviation);
  for (const std::uint32_t e : out.evaluations) m.evaluations += e / double(count);
  return m;
}

}  // namespace

TEST_CASE("loose tolerances do not widen the adaptive solver's samples", "[adaptive]") {
  // With fresh noise after a refusal the deviation is 0.6 to 0.7. What is left at this tolerance is
  // the error of the steps themselves, a few hundredths of the deviation.
  constexpr std::size_t count = 2500;
  for (const std::size_t dimension : {1, 2})
    for (const std::string kind : {"ve", "vp", "subvp", "ddpm", "edm"}) {
      const Moments m = sampled(kind, dimension, 0.05, count);
      const double error = 0.5 / std::sqrt(double(count * dimension));
      INFO(kind << ", " << dimension << " dimensions");
      CHECK(m.mean == Approx(1).margin(4 * error + 0.01));
      CHECK(m.deviation == Approx(0.5).margin(4 * error / std::sqrt(2.0) + 0.015));
      CHECK(m.evaluations < 400);
    }
}

TEST_CASE("at the default tolerance the deviation is the data's", "[adaptive]") {
  constexpr std::size_t count = 6000;
  const Moments m = sampled("vp", 2, SdeSettings().rtol, count);
  const double error = 0.5 / std::sqrt(2.0 * count);
  CHECK(m.mean == Approx(1).margin(4 * error));
  CHECK(m.deviation == Approx(0.5).margin(4 * error / std::sqrt(2.0)));
}

TEST_CASE("an SDE row's bits do not depend on threads or company", "[adaptive]") {
  const GaussianMixture density(eight_gaussians());
  const Process process = process_of("vp");
  SdeSettings settings;
  settings.rtol = 0.1;
  SdeRun run = whole(process);
  run.denoise = true;
  const std::vector<float> start = prior_rows<float>(process, 600, 2);
  const SdeRows<float> all = solve(density, process, settings, run, start, 1);
  CHECK(solve(density, process, settings, run, start, 2).x == all.x);
  for (const std::size_t size : {1, 30, 290})
    for (const std::size_t first : {std::size_t{77}, 600 - size}) {
      run.first = first;
      const auto at = start.begin() + static_cast<std::ptrdiff_t>(2 * first);
      const std::vector<float> part(at, at + static_cast<std::ptrdiff_t>(2 * size));
      const SdeRows<float> out = solve(density, process, settings, run, part);
      CHECK(std::equal(out.x.begin(), out.x.end(),
                       all.x.begin() + static_cast<std::ptrdiff_t>(2 * first)));
      CHECK(std::equal(out.evaluations.begin(), out.evaluations.end(),
                       all.evaluations.begin() + static_cast<std::ptrdiff_t>(first)));
    }
}

TEST_CASE("denoising moves a row to the mean of its clean one", "[adaptive]") {
  const Process process = process_of("edm");
  SdeSettings settings;
  settings.rtol = 0.1;
  SdeRun run = whole(process);
  run.to = 0.5;
  const std::vector<double> start = prior_rows<double>(process, 40, 2);
  const SdeRows<double> noisy = solve(gaussian(2), process, settings, run, start);
  run.denoise = true;
  const SdeRows<double> clean = solve(gaussian(2), process, settings, run, start);
  for (std::size_t i = 0; i < start.size(); ++i)
    CHECK(clean.x[i] - 1 == Approx(0.5 * (noisy.x[i] - 1)));
  CHECK(clean.evaluations[0] == noisy.evaluations[0] + 1);
}

TEST_CASE("the first row the adaptive solver fails on is named", "[adaptive]") {
  const Process process = process_of("ve");
  std::vector<double> start = prior_rows<double>(process, 100, 2);
  start[2 * 60] = start[2 * 90] = 1e300;
  SdeRun run = whole(process);
  try {
    static_cast<void>(solve(GaussianMixture(eight_gaussians()), process, {}, run, start));
    FAIL("no error");
  } catch (const Error& error) {
    CHECK(error.kind() == ErrorKind::numerical);
    CHECK_THAT(error.what(),
               Catch::StartsWith("adaptive: row 60 meets numbers that are not finite"));
  }
}
