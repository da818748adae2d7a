// The methods of logdensity. Each is defined in a file of its own in likelihood/methods and is one
// row of density_methods.cpp.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "likelihood/scorer.hpp"
#include "sample/sampled_model.hpp"

namespace pushforward {

// What a person asks for. Empty and 0 mean the default of the model.
struct DensityOptions {
  std::string method, trace, variance;
  std::optional<ProcessSettings> process;  // noises an analytic model
  std::optional<double> time, sigma;       // how much corruption
  int probes = 0, draws = 0;
  double atol = 1e-5, rtol = 1e-5;
  bool score = false;
};

// Which log densities depend on the seed.
enum class Randomness { none, of_rounded_rows, of_all };

// A way to compute log densities.
struct DensityPlan {
  std::string method;
  bool estimated = false;  // with an error, by evaluations of the score
  Randomness randomness = Randomness::none;
  int probes = 0;  // directions a row by which the divergence is estimated; 0: it is exact
  ScorerMakers scorers;
};

// The model must outlive a plan that is made from it.
struct DensityRequest {
  const SampledModel& model;
  const DensityOptions& options;
};

struct DensityMethod {
  const char* name;
  // Whether it is taken for the model where no method is named.
  bool (*is_default)(const SampledModel& model);
  // Why the model has no such density, in words that follow its name; empty where it has one.
  std::string (*obstacle)(const SampledModel& model);
  // The options that it shares with some of the other methods, or has alone.
  std::vector<std::string> options;
  // Fills the plan, whose method is set. Errors as those of plan_density.
  void (*plan)(const DensityRequest& request, DensityPlan* plan);

  [[nodiscard]] bool looks_at(const std::string& option) const;
};

// In the order of the manual.
[[nodiscard]] const std::vector<DensityMethod>& density_methods();
[[nodiscard]] std::vector<std::string> density_method_names();
// The names of those that look at an option; empty for one that all look at.
[[nodiscard]] std::vector<std::string> density_methods_with(const std::string& option);
// The options that some methods look at and others do not.
[[nodiscard]] std::vector<std::string> particular_density_options();

// The method that the options name, or the one that fits the model. Error(usage) for a name that
// there is not.
[[nodiscard]] const DensityMethod& chosen_density_method(const DensityRequest& request);

// Error(usage) for options that do not go together, Error(invalid) naming the model where it does
// not have what is asked for. Options that the method does not look at are not looked at.
[[nodiscard]] DensityPlan plan_density(const DensityRequest& request);

// The time at which a process has corrupted the data as much as was asked for; none if nothing was.
// Error(usage) for a time or a level that the process does not have.
[[nodiscard]] std::optional<double> asked_corruption(const Process& process,
                                                     const DensityOptions& options);

}  // namespace pushforward
