// From a model and options to a way to compute log densities.
#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>

#include "base/error.hpp"
#include "density/gaussian_mixture.hpp"
#include "flow/flow.hpp"
#include "likelihood/methods/exact.hpp"
#include "likelihood/methods/ode.hpp"

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
  return plan_density({model, options});
}
ExactPlan exact_plan(const SampledModel& model, const DensityOptions& options) {
  return plan_exact({model, options});
}
OdePlan ode_plan(const SampledModel& model, const DensityOptions& options) {
  return plan_ode({model, options});
}

DensityOptions under(const std::string& kind) {
  DensityOptions options;
  options.process = ProcessSettings::with_defaults(kind);
  return options;
}

}  // namespace

TEST_CASE("the default is the best a model has", "[density_plan]") {
  CHECK(plan(gaussian(2), {}).method == "exact");
  CHECK(plan(trained("vp"), {}).method == "ode");
  CHECK(plan(trained("ddpm"), {}).method == "ode");
  const OdePlan ode = ode_plan(trained("vp"), {});
  CHECK(ode.time == 1e-5);
  CHECK(ode.model.unit == std::vector<double>{1, 2});
  CHECK(ode_plan(trained("edm"), {}).time == 0.002);
}

TEST_CASE("every model has the methods it should, and the others say why not", "[density_plan]") {
  const auto check = [](const SampledModel& model, const std::vector<std::string>& expected) {
    INFO(model.family);
    for (const DensityMethod& method : density_methods()) {
      INFO(method.name);
      DensityOptions options;
      if (model.family == "analytic" && method.looks_at("trace")) options = under("vp");
      options.method = method.name;
      const bool has = std::find(expected.begin(), expected.end(), method.name) != expected.end();
      CHECK(method.obstacle(model).empty() == has);
      if (has)
        CHECK(plan(model, options).method == method.name);
      else
        CHECK_THROWS_AS(plan(model, options), Error);
    }
  };
  check(gaussian(2), {"exact", "ode"});
  check(trained("edm"), {"ode"});
  check(trained("ddpm"), {"ode", "bound"});
  check(trained("none"), {});
  DensityOptions options;
  options.method = "none";
  CHECK_THROWS_AS(plan(gaussian(2), options), Error);
}

TEST_CASE("a flow of 8-bit data is scored by draws of noise, others have none", "[density_plan]") {
  FlowSpec spec;
  spec.dimension = 2;
  SampledModel model;
  model.name = "m.h5";
  model.family = "flow";
  for (const std::string kind : {"none", "uniform"}) {
    spec.dequantization = kind;
    model.model = std::make_unique<Flow>(spec, Standardization{}, 0);
    const bool eight_bit = kind == "uniform";
    CHECK(exact_plan(model, {}).draws == (eight_bit ? 1 : 0));
    CHECK(plan(model, {}).randomness == (eight_bit ? Randomness::of_all : Randomness::none));
    DensityOptions options;
    options.draws = 7;
    if (eight_bit)
      CHECK(exact_plan(model, options).draws == 7);
    else
      CHECK_THROWS_AS(plan(model, options), Error);
    options = {};
    options.score = true;
    if (eight_bit)
      CHECK_THROWS_AS(plan(model, options), Error);
    else
      CHECK_NOTHROW(plan(model, options));
  }
}

TEST_CASE("what draws is random, in a row or in all", "[density_plan]") {
  DensityOptions options = under("vp");
  CHECK(plan(gaussian(2), {}).randomness == Randomness::none);
  options.method = "ode";
  CHECK(plan(gaussian(2), options).randomness == Randomness::of_rounded_rows);
  options.trace = "hutchinson";
  CHECK(plan(gaussian(2), options).randomness == Randomness::of_all);
  CHECK(plan(gaussian(2), options).probes == 4);
  options = {};
  options.method = "bound";
  CHECK(plan(trained("ddpm"), options).randomness == Randomness::of_all);
}

TEST_CASE("the trace is exact while that is cheap", "[density_plan]") {
  DensityOptions options = under("vp");
  options.method = "ode";
  CHECK(ode_plan(gaussian(64), options).settings.trace == Trace::exact);
  CHECK(ode_plan(gaussian(65), options).settings.trace == Trace::hutchinson);
  CHECK(ode_plan(gaussian(65), options).settings.traces() == 4);
  options.trace = "exact";
  CHECK(ode_plan(gaussian(65), options).settings.trace == Trace::exact);
}

TEST_CASE("corruption is a scale and a deviation", "[density_plan]") {
  DensityOptions alone;
  alone.sigma = 0.5;
  CHECK(exact_plan(gaussian(2), alone).scale == 1);
  CHECK(exact_plan(gaussian(2), alone).deviation == 0.5);
  alone.sigma = 0;
  CHECK_FALSE(exact_plan(gaussian(2), alone).noised);
  // Variance preserving: a^2 + b^2 = 1. The time and its level say the same.
  DensityOptions options = under("vp");
  options.time = 0.4;
  const ExactPlan timed = exact_plan(gaussian(2), options);
  CHECK(std::hypot(timed.scale, timed.deviation) == Approx(1).epsilon(1e-12));
  options.time.reset();
  options.sigma = timed.deviation / timed.scale;
  CHECK(exact_plan(gaussian(2), options).scale == Approx(timed.scale).epsilon(1e-9));
  options.method = "ode";
  CHECK(ode_plan(gaussian(2), options).time == Approx(0.4).epsilon(1e-9));
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
    CHECK(ode_plan(model, options).time == Approx(sigma));
  }
}
