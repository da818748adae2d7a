// The methods of langevin-sample: a file each in sample/methods, a row each in methods.cpp.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "sample/sampling_plan.hpp"

namespace pushforward {

constexpr double most_chain_steps = 4e9;  // a step number has 32 bits

struct Method {
  // What a model must have: a density or a score; or be of a family of its own.
  enum class Needs { score, restoration, ddgan };

  const char* name;
  Needs needs = Needs::score;
  // Steps where --steps is 0, in words: "18", "100 a level"; empty where there are no --steps.
  const char* default_steps = "";
  // The options it looks at, beyond those that all methods look at.
  std::vector<std::string> options;
  // Fills the plan, whose method, centre (zeros), offset and unit are set. Errors as those of
  // plan_sampling.
  void (*plan)(const SamplingRequest& request, SamplingPlan* plan);
};

// In the order of the manual.
[[nodiscard]] const std::vector<Method>& sampling_methods();
[[nodiscard]] std::vector<std::string> sampling_method_names();
// The names of those that look at an option; empty for one that all look at.
[[nodiscard]] std::vector<std::string> methods_with(const std::string& option);

// Error(usage) for options that do not go together, Error(invalid) naming the model where it does
// not have what the method needs. `given` says whether an option of that name was given: one that
// the method does not look at is refused.
[[nodiscard]] SamplingPlan plan_sampling(const SampledModel& model, const MethodOptions& options,
                                         const std::function<bool(const std::string&)>& given);

}  // namespace pushforward
