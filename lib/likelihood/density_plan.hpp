// From a model and what a person asks for to a way to compute log densities.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "likelihood/ode_density.hpp"
#include "sample/sampled_model.hpp"

namespace pushforward {

// Empty and 0 mean the default of the model.
struct DensityOptions {
  std::string method, trace, variance;
  std::optional<ProcessSettings> process;  // noises an analytic model
  std::optional<double> time, sigma;       // how much corruption
  int probes = 0, draws = 0;
  double atol = 1e-5, rtol = 1e-5;
};

struct DensityPlan {
  std::string method;  // "exact", "ode", "bound"
  // exact: the density of scale X + deviation Z.
  bool noised = false;
  double scale = 1, deviation = 0;
  bool eight_bit = false;  // of whole numbers, by way of `draws` of the noise between them
  // ode
  NoisedModel model;
  double time = 0;
  OdeSettings settings;
  int draws = 1;               // eight_bit: of the noise of a row; bound: of a step
  bool large_variance = true;  // bound
};

// Error(usage) for options that do not go together, Error(invalid) naming the model where it does
// not have what is asked for. `given` says whether an option of that name was given: one that the
// method does not look at is refused. The model must outlive the plan.
[[nodiscard]] DensityPlan plan_density(const SampledModel& model, const DensityOptions& options,
                                       const std::function<bool(const std::string&)>& given);

}  // namespace pushforward
