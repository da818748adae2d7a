// From a model and options to a way to compute log densities.
#include <catch2/catch.hpp>
#include <cmath>

#include "base/error.hpp"
#include "density/gaussian_mixture.hpp"
#include "flow/flow.hpp"
#include "likelihood/density_plan.hpp"

using namespace pushforward;

namespace {

SampledModel gaussian(std::size_t dimension) {
  SampledModel model;
  model.name = "m.h5";
  model.family = "analytic";
  model.model = std::make_unique<GaussianMixture>(correlated_gaussian(dimension, 0));
  return model;
}

SampledModel trained(const std::string& kind) {
  ScoreDescription d;
  d.dimension = 2;
  d.process = Process(ProcessSettings::with_defaults(kind));
  d.hidden = 4;
  d.mean = {5, 6};
  d.sigma_data = {1, 2};
  SampledModel model;
  model.name = "m.h5";
  model.family = "score";
  model.model = std::make_unique<ScoreModel>(d, 0);
  return model;
}

DensityPlan plan(const SampledModel& model, const DensityOptions& options) {
  return plan_density(model, options, [](const std::string&) { return false; });
}

DensityOptions under(const std::string& kind) {
  DensityOptions options;
  options.process = ProcessSettings::with_defaults(kind);
  return options;
}

}  // namespace

TEST_CASE("the default is the best a model has", "[density_plan]") {
  CHECK(plan(gaussian(2), {}).method == "exact");
  const DensityPlan ode = plan(trained("vp"), {});
  CHECK(ode.method == "ode");
  CHECK(ode.time == 1e-5);
  CHECK(ode.model.unit == std::vector<double>{1, 2});
  CHECK(plan(trained("edm"), {}).time == 0.002);
}

TEST_CASE("a flow of 8-bit data is scored by draws of noise, others have none", "[density_plan]") {
  FlowSpec spec;
  spec.dimension = 2;
  SampledModel model;
  model.name = "m.h5";
  model.family = "flow";
  DensityOptions options;
  const auto given = [](const std::string& word) {
    return [word](const std::string& name) { return name == word; };
  };
  for (const std::string kind : {"none", "uniform"}) {
    spec.dequantization = kind;
    model.model = std::make_unique<Flow>(spec, Standardization{}, 0);
    const bool eight_bit = kind == "uniform";
    CHECK(plan(model, {}).eight_bit == eight_bit);
    CHECK(plan(model, {}).draws == 1);
    options.draws = 7;
    for (const char* option : {"draws", "seed"})
      if (eight_bit)
        CHECK(plan_density(model, options, given(option)).draws == 7);
      else
        CHECK_THROWS_AS(plan_density(model, options, given(option)), Error);
    if (eight_bit) CHECK_THROWS_AS(plan_density(model, options, given("score")), Error);
  }
}

TEST_CASE("the trace is exact while that is cheap", "[density_plan]") {
  DensityOptions options = under("vp");
  options.method = "ode";
  CHECK(plan(gaussian(64), options).settings.trace == Trace::exact);
  CHECK(plan(gaussian(65), options).settings.trace == Trace::hutchinson);
  CHECK(plan(gaussian(65), options).settings.traces() == 4);
  options.trace = "exact";
  CHECK(plan(gaussian(65), options).settings.trace == Trace::exact);
}

TEST_CASE("corruption is a scale and a deviation", "[density_plan]") {
  DensityOptions alone;
  alone.sigma = 0.5;
  CHECK(plan(gaussian(2), alone).scale == 1);
  CHECK(plan(gaussian(2), alone).deviation == 0.5);
  alone.sigma = 0;
  CHECK_FALSE(plan(gaussian(2), alone).noised);
  // Variance preserving: a^2 + b^2 = 1. The time and its level say the same.
  DensityOptions options = under("vp");
  options.time = 0.4;
  const DensityPlan timed = plan(gaussian(2), options);
  CHECK(std::hypot(timed.scale, timed.deviation) == Approx(1).epsilon(1e-12));
  options.time.reset();
  options.sigma = timed.deviation / timed.scale;
  CHECK(plan(gaussian(2), options).scale == Approx(timed.scale).epsilon(1e-9));
  options.method = "ode";
  CHECK(plan(gaussian(2), options).time == Approx(0.4).epsilon(1e-9));
}

TEST_CASE("a level that a model has never seen is refused", "[density_plan]") {
  const SampledModel model = trained("edm");
  DensityOptions options;
  for (const double sigma : {0.001, 81.0}) {
    options.sigma = sigma;
    CHECK_THROWS_AS(plan(model, options), Error);
  }
  for (const double sigma : {0.002, 80.0}) {
    options.sigma = sigma;
    CHECK(plan(model, options).time == Approx(sigma));
  }
}
