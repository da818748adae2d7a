#include <catch2/catch.hpp>
#include <cmath>

#include "base/error.hpp"
#include "score/automatic_ladder.hpp"
#include "score/process_type.hpp"

using namespace pushforward;

namespace {

const std::vector<std::string> leveled = leveled_process_names();

Process process_of(const std::string& kind) {
  return Process(ProcessSettings::with_defaults(kind));
}

// A few times from the first to the last, none where a derivative jumps (ddpm).
std::vector<double> times_of(const Process& process) {
  std::vector<double> times;
  for (const double part : {0.00405, 0.10045, 0.37005, 0.8502, 0.99905})
    times.push_back(process.min_time() + part * (process.last_time() - process.min_time()));
  return times;
}

double deviation(const Process& process, double t) { return process.scale(t) * process.sigma(t); }

}  // namespace

TEST_CASE("the default ladder is NCSN's", "[process]") {
  const std::vector<double> ladder = process_of("ve").ladder();
  REQUIRE(ladder.size() == 10);
  CHECK(ladder.front() == 1);
  CHECK(ladder.back() == Approx(0.01).epsilon(1e-12));
  for (std::size_t i = 1; i < ladder.size(); ++i)
    CHECK(ladder[i] / ladder[i - 1] == Approx(std::pow(0.01, 1 / 9.0)).epsilon(1e-12));
}

TEST_CASE("levels of ve are the ladder's, each as often as the others", "[process]") {
  ProcessSettings settings = ProcessSettings::with_defaults("ve");
  for (const int levels : {1, 2, 10, 37}) {
    settings.levels = levels;
    const Process process(settings);
    constexpr int rows = 37000;
    const std::vector<double> ladder = process.ladder();
    std::vector<int> count(ladder.size(), 0);
    for (int i = 0; i < rows; ++i)
      for (std::size_t k = 0; k < ladder.size(); ++k)
        if (std::abs(process.draw_sigma((i + 0.5) / rows) / ladder[k] - 1) < 1e-12) ++count[k];
    for (const int c : count) CHECK(std::abs(c - rows / levels) <= 1);
  }
}

TEST_CASE("levels of edm are log-normal, those of vp uniform in time", "[process]") {
  ProcessSettings settings = ProcessSettings::with_defaults("edm");
  settings.p_mean = -0.5;
  settings.p_std = 2;
  const Process edm(settings);
  CHECK(edm.draw_sigma(0.158655253931457) == Approx(std::exp(-2.5)).epsilon(1e-12));
  CHECK(edm.draw_sigma(0.5) == Approx(std::exp(-0.5)).epsilon(1e-12));
  CHECK(edm.draw_sigma(0.933192798731142) == Approx(std::exp(2.5)).epsilon(1e-12));
  const Process vp = process_of("vp");
  CHECK(vp.time_of(vp.draw_sigma(0.3)) == Approx(1e-5 + 0.3 * (1 - 1e-5)).epsilon(1e-9));
  const Process ddpm = process_of("ddpm");
  CHECK(ddpm.draw_sigma(1e-9) == ddpm.sigma(1.0 / 1000));
  CHECK(ddpm.draw_sigma(1 - 1e-9) == ddpm.sigma(1));
}

TEST_CASE("drift and diffusion have the marginals", "[process]") {
  // d a / dt = f a and d b^2 / dt = 2 f b^2 + g^2, by differences.
  for (const std::string& kind : leveled) {
    const Process process = process_of(kind);
    INFO(kind);
    for (const double t : times_of(process)) {
      const double h = 1e-6 * t;
      const double f = process.drift(t), g = process.diffusion(t), b = deviation(process, t);
      const double scale_slope = (process.scale(t + h) - process.scale(t - h)) / (2 * h);
      CHECK(scale_slope == Approx(f * process.scale(t)).epsilon(1e-6).margin(1e-9));
      const double before = deviation(process, t - h), after = deviation(process, t + h);
      const double growth = (after * after - before * before) / (2 * h);
      CHECK(growth == Approx(2 * f * b * b + g * g).epsilon(1e-5).margin(1e-9));
    }
  }
}

TEST_CASE("time and level are each other's inverse", "[process]") {
  for (const std::string& kind : leveled) {
    const Process process = process_of(kind);
    INFO(kind);
    for (const double t : times_of(process))
      CHECK(process.time_of(process.sigma(t)) == Approx(t).epsilon(1e-9));
    CHECK(process.time_of(process.sigma(process.last_time())) ==
          Approx(process.last_time()).epsilon(1e-12));
    CHECK(process.time_of(1e9) == Approx(process.last_time()));
  }
}

TEST_CASE("marginals are the published ones", "[process]") {
  // Song et al. (2021): B(1) = 10.05 for beta 0.1 to 20.
  const Process vp = process_of("vp"), subvp = process_of("subvp");
  CHECK(vp.scale(1) == Approx(std::exp(-5.025)).epsilon(1e-12));
  CHECK(deviation(vp, 1) == Approx(std::sqrt(1 - std::exp(-10.05))).epsilon(1e-12));
  CHECK(subvp.scale(1) == Approx(std::exp(-5.025)).epsilon(1e-12));
  CHECK(deviation(subvp, 1) == Approx(1 - std::exp(-10.05)).epsilon(1e-12));
  CHECK(deviation(vp, 1e-5) == Approx(std::sqrt(0.1e-5 + 0.5 * 19.9e-10)).epsilon(1e-5));
  CHECK(vp.prior_deviation() == Approx(std::exp(5.025)).epsilon(1e-12));
  // Ho et al. (2020): the products of 1 - beta, here by multiplication.
  const Process ddpm = process_of("ddpm");
  double kept = 1;
  for (int k = 1; k <= 1000; ++k) kept *= 1 - (1e-4 + (0.02 - 1e-4) * (k - 1) / 999);
  CHECK(ddpm.scale(1) == Approx(std::sqrt(kept)).epsilon(1e-10));
  CHECK(deviation(ddpm, 1) == Approx(std::sqrt(1 - kept)).epsilon(1e-10));
  CHECK(ddpm.scale(0.001) == Approx(std::sqrt(1 - 1e-4)).epsilon(1e-12));
  // Nichol, Dhariwal (2021): abar(u) / abar(0) before the cap.
  const Process cosine(ProcessSettings::ddpm(1000, BetaSchedule::cosine));
  const auto abar = [](double u) {
    const double c = std::cos((u + 0.008) / 1.008 * 1.57079632679489661923);
    return c * c;
  };
  CHECK(cosine.scale(0.5) == Approx(std::sqrt(abar(0.5) / abar(0))).epsilon(1e-9));
  CHECK(process_of("ve").sigma(1) == Approx(1));
  CHECK(process_of("ve").sigma(0) == Approx(0.01));
}

TEST_CASE("a ladder of its own has levels that reach each other", "[process]") {
  // Two rows apart, the rest between.
  TrainingRows rows;
  rows.columns = 3;  // the last is a context, which is not looked at
  for (int i = 0; i <= 50; ++i)
    for (const double v : {3 * i / 50.0, 4 * i / 50.0, 100.0 * i})
      rows.values.push_back(static_cast<float>(v));
  CHECK(largest_distance(rows, {1, 1}) == Approx(5).epsilon(1e-6));
  const auto probability = [](double x) { return 0.5 * std::erfc(-x / std::sqrt(2.0)); };
  for (const std::size_t dimension : {63u, 784u, 3072u}) {
    const double ratio = ladder_ratio(dimension), root = std::sqrt(2.0 * double(dimension));
    CHECK(probability(root * (ratio - 1) + 3 * ratio) -
              probability(root * (ratio - 1) - 3 * ratio) ==
          Approx(0.5).epsilon(1e-9));
  }
  // Song, Ermon (2020) have 232 levels from 50 to 0.01 for CIFAR-10.
  CHECK(std::abs(ladder_levels(0.01, 50, ladder_ratio(3072)) - 232) < 20);
  CHECK(ladder_ratio(2) == Approx(std::pow(100.0, 1 / 9.0)));
  CHECK(ladder_levels(0.01, 1, std::pow(100.0, 1 / 9.0)) == 10);
}

TEST_CASE("constants that make no sense are refused", "[process]") {
  ProcessSettings s = ProcessSettings::with_defaults("ve");
  s.sigma_min = 2;
  CHECK_THROWS_AS(Process(s, "f"), Error);
  s = ProcessSettings::with_defaults("none");
  s.sigma = -1;
  CHECK_THROWS_AS(Process(s, "f"), Error);
  s = ProcessSettings::with_defaults("edm");
  s.p_std = 0;
  CHECK_THROWS_AS(Process(s, "f"), Error);
  s = ProcessSettings::with_defaults("ddpm");
  s.beta_max = 1;
  CHECK_THROWS_AS(Process(s, "f"), Error);
  s = ProcessSettings::with_defaults("vp");
  s.beta_max = 500;
  CHECK_THROWS_AS(Process(s, "f"), Error);
  // What float32 cannot square, nor training work with.
  for (const double sigma : {1e-30, 1e30}) {
    s = ProcessSettings::with_defaults("ve");
    (sigma < 1 ? s.sigma_min : s.sigma_max) = sigma;
    CHECK_THROWS_AS(Process(s, "f"), Error);
    s = ProcessSettings::with_defaults("none");
    s.sigma = sigma;
    CHECK_THROWS_AS(Process(s, "f"), Error);
  }
  for (const double mean : {-40.0, 40.0}) {
    s = ProcessSettings::with_defaults("edm");
    s.p_mean = mean;
    CHECK_THROWS_AS(Process(s, "f"), Error);
  }
  for (const std::string kind : {"vp", "subvp", "ddpm"}) {
    s = ProcessSettings::with_defaults(kind);
    s.beta_min = 1e-30;
    CHECK_THROWS_AS(Process(s, "f"), Error);
    s.beta_min = s.beta_max;  // a constant beta is none of these
    CHECK_NOTHROW(Process(s, "f"));
  }
  CHECK_THROWS_WITH(
      process_type("blur", "f.h5"),
      "f.h5: unknown process 'blur'; this version knows none, ve, vp, subvp, ddpm, edm");
}
