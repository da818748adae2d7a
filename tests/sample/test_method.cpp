// From a model and options to a plan: defaults, chains, what does not go together.
#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>

#include "base/error.hpp"
#include "density/funnel.hpp"
#include "density/gaussian_mixture.hpp"
#include "sample/method.hpp"
#include "sample/starting_rows.hpp"

using namespace pushforward;

namespace {

SampledModel analytic() {
  SampledModel model;
  model.name = "m.h5";
  model.family = "analytic";
  model.model = std::make_unique<GaussianMixture>(correlated_gaussian(2, 0.5));
  return model;
}

SampledModel trained(const std::string& kind) {
  ScoreDescription d;
  d.dimension = 2;
  ProcessSettings settings = ProcessSettings::with_defaults(kind);
  if (kind == "none") settings.sigma = 0.1;
  d.process = Process(settings);
  d.hidden = 4;
  d.mean = {5, 6};
  d.sigma_data = {1, 1};
  SampledModel model;
  model.name = "m.h5";
  model.family = "score";
  model.model = std::make_unique<ScoreModel>(d, 0);
  return model;
}

SamplingPlan plan(const SampledModel& model, MethodOptions options) {
  if (options.count == 0) options.count = 100;
  const StartingRows start("normal:1", static_cast<std::size_t>(model.dimension()), 0);
  return plan_sampling(model, options, start);
}

}  // namespace

TEST_CASE("a model's own method is the default", "[method]") {
  CHECK(plan(trained("none"), {}).method == "ula");
  CHECK(plan(trained("ve"), {}).method == "annealed");
  CHECK(plan(trained("edm"), {}).method == "heun");
  CHECK(plan(analytic(), {}).method == "mala");
  MethodOptions options;
  options.reverse.process = ProcessSettings::with_defaults("ve");
  CHECK(plan(analytic(), options).method == "annealed");
  options.reverse.process = ProcessSettings::with_defaults("edm");
  CHECK(plan(analytic(), options).method == "heun");
}

TEST_CASE("steps and levels have the papers' defaults", "[method]") {
  const SamplingPlan annealed = plan(trained("ve"), {});
  CHECK(total_steps(annealed.transitions) == 10 * 100 + 1);
  CHECK(annealed.transitions[9].constants[1] == Approx(2e-5));
  CHECK(annealed.start.scale == 1);
  CHECK(annealed.start.centre == std::vector<double>{5, 6});
  const SamplingPlan heun = plan(trained("edm"), {});
  CHECK(total_steps(heun.transitions) == 18);
  CHECK(heun.start.scale == 80);
  CHECK(heun.transitions.back().sigma == 0.002);
  MethodOptions options;
  options.method = "euler-maruyama";
  const SamplingPlan solver = plan(analytic(), options);
  CHECK(total_steps(solver.transitions) == 1001);
  CHECK(solver.start.scale == 50);
  CHECK(solver.start.centre == std::vector<double>{0, 0});
  options.method = "annealed";
  const SamplingPlan ladder = plan(trained("edm"), options);
  for (std::size_t i = 1; i + 1 < ladder.transitions.size(); ++i)
    CHECK(ladder.transitions[i - 1].sigma / ladder.transitions[i].sigma < 1.67);
}

TEST_CASE("requested steps are the steps taken, one included", "[method]") {
  for (const char* method :
       {"heun", "dpm++", "ddpm", "ddim", "ancestral", "euler-maruyama", "reverse-diffusion", "pc"})
    for (const int steps : {1, 2, 7, 100})
      for (const bool denoise : {true, false})
        for (const std::string kind : {"ve", "vp", "subvp", "ddpm", "edm"}) {
          INFO(method << " " << steps << " " << kind);
          MethodOptions options;
          options.method = method;
          options.steps = steps;
          options.reverse.denoise = denoise;
          options.reverse.process = ProcessSettings::with_defaults(kind);
          const SamplingPlan p = plan(analytic(), options);
          const std::string name = method;
          // Those that step through time end with one more evaluation; pc corrects after each step.
          const bool timewise =
              name == "euler-maruyama" || name == "reverse-diffusion" || name == "pc";
          const int expected = (name == "pc" ? 2 * steps : steps) + (timewise && denoise ? 1 : 0);
          CHECK(total_steps(p.transitions) == std::uint64_t(expected));
          // The level never rises, and the end is where it should be.
          for (std::size_t i = 1; i < p.transitions.size(); ++i)
            CHECK(p.transitions[i].sigma <= p.transitions[i - 1].sigma);
          const Process process(*options.reverse.process);
          CHECK(p.units.end_scale == Approx(denoise ? 1 : process.scale(process.first_time())));
          CHECK(p.units.start_scale * p.start.scale ==
                Approx(process.standardizes() ? 1 : process.settings().sigma_max));
        }
}

TEST_CASE("a process of so many steps gives no more", "[method]") {
  MethodOptions options;
  options.method = "ddim";
  options.reverse.process = ProcessSettings::ddpm(20, BetaSchedule::cosine);
  options.steps = 20;
  CHECK(total_steps(plan(analytic(), options).transitions) == 20);
  options.steps = 21;
  CHECK_THROWS_WITH(plan(analytic(), options),
                    "option " + setting("steps") +
                        ": the process has 20 steps; fewer can be asked for, not more");
}

TEST_CASE("a process of one step has methods, if no way down", "[method]") {
  MethodOptions options;
  options.reverse.process = ProcessSettings::ddpm(1, BetaSchedule::linear);
  for (const char* method : {"heun", "dpm++", "ddpm", "ddim", "ancestral", "pc"}) {
    INFO(method);
    options.method = method;
    const SamplingPlan p = plan(analytic(), options);
    for (const Transition& transition : p.transitions)
      for (const double constant : transition.constants) CHECK(std::isfinite(constant));
  }
  options.method = "annealed";
  CHECK_THROWS_WITH(plan(analytic(), options), Catch::Contains("its process has one noise level"));
}

TEST_CASE("chains share rows", "[method]") {
  MethodOptions options;
  options.count = 12;
  options.steps = 50;
  SamplingPlan p = plan(analytic(), options);
  CHECK(p.chains == 12);
  CHECK(p.rows.first == 50);
  CHECK(p.rows.count == 1);
  options.markov.burn_in = 7;
  CHECK(plan(analytic(), options).rows.first == 57);
  options.markov.chains = 3;
  options.steps = 0;
  options.markov.thin = 5;
  p = plan(analytic(), options);
  CHECK(p.chains == 3);
  CHECK(p.rows.first == 12);
  CHECK(p.rows.every == 5);
  CHECK(p.rows.count == 4);
  CHECK(total_steps(p.transitions) == 27);
  options.markov.thin = 0;
  options.steps = 40;
  CHECK(plan(analytic(), options).rows.every == 10);
  options.steps = 41;
  CHECK_THROWS_AS(plan(analytic(), options), Error);
  options.steps = 0;
  options.markov.chains = 5;
  CHECK_THROWS_AS(plan(analytic(), options), Error);
}

TEST_CASE("step sizes follow the curvature at the start", "[method]") {
  // Along (1, -1) the variance is 1/2: a curvature of 2 everywhere.
  MethodOptions options;
  CHECK(*plan(analytic(), options).markov.step_size ==
        Approx(1 / (2 * std::cbrt(2))).epsilon(1e-6));
  options.method = "hmc";
  const SamplingPlan hmc = plan(analytic(), options);
  CHECK(*hmc.markov.step_size == Approx(std::pow(2, -0.75)).epsilon(1e-6));
  CHECK(hmc.markov.stable_step == Approx(std::sqrt(2)).epsilon(1e-6));
  options.method = "underdamped";
  CHECK(*plan(analytic(), options).markov.step_size == Approx(0.5 / std::sqrt(2)).epsilon(1e-6));
  options.step_size = 0.3;
  CHECK(*plan(analytic(), options).markov.step_size == 0.3);
}

TEST_CASE("adaptation needs a burn-in, and is the default with one", "[method]") {
  const auto adapts = [](const SamplingPlan& p) {
    return p.auxiliary.columns.size() > 4 && p.transitions.front().repeats == p.markov.burn_in;
  };
  MethodOptions options;
  CHECK(!adapts(plan(analytic(), options)));
  options.markov.burn_in = 50;
  CHECK(adapts(plan(analytic(), options)));
  options.step_size = 0.1;
  CHECK(!adapts(plan(analytic(), options)));
  options.markov.adapt = true;
  CHECK(adapts(plan(analytic(), options)));
  options.markov.burn_in = 0;
  CHECK_THROWS_WITH(plan(analytic(), options),
                    Catch::Contains(setting("adapt") + " yes needs " + setting("burn_in")));
}

TEST_CASE("a score model has no density to accept by", "[method]") {
  MethodOptions options;
  for (const char* method : {"mala", "hmc"}) {
    options.method = method;
    CHECK_THROWS_WITH(plan(trained("ve"), options),
                      Catch::Contains("m.h5: a score model has no density"));
  }
  options.method = "underdamped";
  CHECK(plan(trained("ve"), options).transitions.front().sigma == 0.01);
}

TEST_CASE("a density without a noised form has no levels", "[method]") {
  SampledModel model = analytic();
  model.model = std::make_unique<Funnel>(3);
  MethodOptions options;
  CHECK_NOTHROW(plan(model, options));
  options.method = "heun";
  CHECK_THROWS_WITH(plan(model, options), Catch::Contains("m.h5: has no noised density, which " +
                                                          setting("method") + " heun needs"));
}

TEST_CASE("every method that needs a score has a plan of its own", "[method]") {
  std::vector<std::string> plans;
  for (const Method& method : sampling_methods()) {
    INFO(method.name);
    CHECK(method.looks_at("steps") == !method.default_steps.empty());
    if (method.needs != Method::Needs::score) continue;
    MethodOptions options;
    options.method = method.name;
    options.steps = 4;
    // Of vp, whose ancestral steps have another variance than ddpm's.
    if (method.looks_at("process")) options.reverse.process = ProcessSettings::with_defaults("vp");
    const SamplingPlan p = plan(analytic(), options);
    CHECK(p.method == method.name);
    CHECK(p.target.dimension == 2);
    CHECK(p.adaptive.has_value() == p.transitions.empty());
    // The transitions' constants tell two methods apart, or the equation that is solved, or what a
    // chain carries.
    std::string text = p.adaptive ? std::to_string(static_cast<int>(p.adaptive->equation)) : "";
    for (const Transition& transition : p.transitions) {
      text += std::to_string(transition.sigma) + "*" + std::to_string(transition.repeats);
      for (const double constant : transition.constants) text += " " + std::to_string(constant);
    }
    text += " beside " + std::to_string(p.auxiliary.columns.size());
    CHECK(std::find(plans.begin(), plans.end(), text) == plans.end());
    plans.push_back(text);
  }
}
