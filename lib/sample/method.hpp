// The methods of langevin-sample. Each is defined in a file of its own in sample/methods and is one
// row of methods.cpp.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "sample/sampling_plan.hpp"

namespace pushforward {

constexpr double max_chain_steps = 4e9;  // a step number has 32 bits

using OptionNames = std::vector<std::string>;

struct Method {
  // What a model must have: a density or a score; or be of a family of its own.
  enum class Needs { score, restoration, ddgan };

  const char* name;
  Needs needs = Needs::score;
  // Steps where none are asked for, in words: "18", "100 a level"; empty where they cannot be asked
  // for.
  std::string default_steps;
  // The options that it shares with some of the other methods.
  OptionNames options;
  // The options that are its own.
  std::vector<MethodField> fields;
  // Fills the plan, whose method, centre (zeros), offset and unit are set. Errors as those of
  // plan_sampling.
  PlanFunction plan;

  [[nodiscard]] bool looks_at(const std::string& option) const;
};

// In the order of the manual.
[[nodiscard]] const std::vector<Method>& sampling_methods();
[[nodiscard]] std::vector<std::string> sampling_method_names();
// The names of those that look at an option; empty for one that all look at.
[[nodiscard]] std::vector<std::string> methods_with(const std::string& option);
// The options that some methods look at and others do not, in alphabetical order.
[[nodiscard]] OptionNames particular_options();

// One list of options after another.
[[nodiscard]] OptionNames joined_options(OptionNames first, const OptionNames& second);

// The method that the options name, or the one that fits the model. Error(usage) for a name that
// there is not.
[[nodiscard]] const Method& chosen_method(const SampledModel& model, const MethodOptions& options);

// For chains that begin at `start`. Error(usage) for options that do not go together,
// Error(invalid) naming the model where it does not have what the method needs. The model must
// outlive the plan.
[[nodiscard]] SamplingPlan plan_sampling(const SampledModel& model, const MethodOptions& options,
                                         const StartingRows& start);

}  // namespace pushforward
