// UniPC against the formulas of its authors, on Gaussians.
#include <catch2/catch.hpp>
#include <cmath>

#include "density/gaussian_mixture.hpp"
#include "sample/gaussian_rows.hpp"
#include "sample/method.hpp"
#include "sample/starting_rows.hpp"

using namespace pushforward;

namespace {

// N(0, 1), whose probability flow and D = x / (1 + sigma^2) are linear in x.
SampledModel standard_normal() {
  SampledModel model;
  model.name = "normal.h5";
  model.family = "analytic";
  model.model = std::make_unique<GaussianMixture>(correlated_gaussian(1, 0));
  return model;
}

SamplingPlan plan_of(const SampledModel& model, const char* method, const ProcessSettings& process,
                     int steps, bool denoise) {
  MethodOptions options;
  options.method = method;
  options.reverse.process = process;
  options.steps = steps;
  options.reverse.denoise = denoise;
  options.reverse.rho = 1000;  // so large that the levels are even in ln sigma
  options.count = 1;
  return plan_sampling(model, options, StartingRows("normal:1", 1, 0));
}

// Where a chain ends that starts at x; for these it is a multiple of x.
double end_of(const SamplingPlan& plan, double x) {
  return run_transitions(plan.target, plan.transitions, std::vector<double>{x}, 1,
                         plan.auxiliary)[0];
}

std::vector<double> levels_of(const SamplingPlan& plan, bool denoise, double lowest) {
  std::vector<double> levels;
  for (const Transition& transition : plan.transitions) levels.push_back(transition.sigma);
  levels.push_back(denoise ? 0 : lowest);
  return levels;
}

// Zhao et al. (2023), algorithms 1 and 2 for order 2 with B_2(h) = e^h - 1, in lambda = -ln sigma
// and predictions of the clean row.
double published(const std::vector<double>& levels, double x) {
  const auto clean = [](double at, double sigma) { return at / (1 + sigma * sigma); };
  double corrected = x, before = 0, d0 = clean(x, levels[0]), d1 = 0, h = 0, last_h = 0;
  for (std::size_t i = 0; i + 1 < levels.size(); ++i) {
    if (i > 0) {
      const double d = clean(x, levels[i]), b = std::expm1(-h);
      const double base = levels[i] / levels[i - 1] * before - b * d0;
      if (i == 1) {
        corrected = base - b * 0.5 * (d - d0);
      } else {
        const double r = -last_h / h, phi = b / -h - 1;
        const double b1 = phi / b, b2 = 2 * (phi / -h - 0.5) / b;
        const double rho0 = (b1 - b2) / (1 - r), rho1 = b1 - rho0;
        corrected = base - b * (rho0 * (d1 - d0) / r + rho1 * (d - d0));
      }
      d1 = d0;
      d0 = d;
    }
    if (levels[i + 1] == 0) return d0;
    last_h = h;
    h = std::log(levels[i] / levels[i + 1]);
    const double slope = i == 0 ? 0 : (d0 - d1) / last_h;
    before = corrected;
    x = levels[i + 1] / levels[i] * corrected - std::expm1(-h) * (d0 + 0.5 * h * slope);
  }
  return x;
}

}  // namespace

TEST_CASE("UniPC is its published recursion", "[unipc]") {
  const SampledModel model = standard_normal();
  for (const std::string kind : {"ve", "vp", "subvp", "ddpm", "edm"})
    for (const int steps : {1, 2, 3, 10, 80})
      for (const bool denoise : {true, false}) {
        INFO(kind << " " << steps << " " << denoise);
        const Process process(ProcessSettings::with_defaults(kind));
        const SamplingPlan plan = plan_of(model, "unipc", process.settings(), steps, denoise);
        REQUIRE(plan.transitions.size() == static_cast<std::size_t>(steps));
        CHECK(total_evaluations(plan.transitions) == static_cast<std::uint64_t>(steps));
        const std::vector<double> levels =
            levels_of(plan, denoise, process.sigma(process.first_time()));
        CHECK(end_of(plan, 1.7) == Approx(published(levels, 1.7)).epsilon(1e-9).margin(1e-12));
      }
}

TEST_CASE("UniPC's error on a Gaussian falls faster than DPM-Solver++'s", "[unipc]") {
  const SampledModel model = standard_normal();
  ProcessSettings process = ProcessSettings::with_defaults("edm");
  process.sigma_max = 10;
  process.sigma_min = 0.01;
  const double start = std::sqrt(1 + 100.0), end = std::sqrt(1 + 1e-4);
  const auto error = [&](const char* method, int steps) {
    const SamplingPlan plan = plan_of(model, method, process, steps, false);
    return std::abs(end_of(plan, start) / end - 1);
  };
  // From 10 to 0.01 even in ln sigma, by a recursion of its own in another language.
  struct Known {
    int steps;
    double solver, unipc;
  };
  for (const Known& known : {Known{10, 2.248e-2, 2.055e-2}, Known{20, 6.792e-3, 3.202e-3},
                             Known{40, 1.766e-3, 4.197e-4}, Known{80, 4.456e-4, 5.313e-5}}) {
    INFO(known.steps);
    CHECK(error("dpm++", known.steps) == Approx(known.solver).epsilon(0.02));
    CHECK(error("unipc", known.steps) == Approx(known.unipc).epsilon(0.02));
  }
}
