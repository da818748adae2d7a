// What the Markov chains of sample/methods share: the score, the rows, the step size.
#pragma once

#include <string>
#include <vector>

#include "sample/method.hpp"

namespace pushforward {

// Where none are asked for.
constexpr std::uint64_t default_chain_steps = 1000;

// The row of a method that makes chains. `more` are options beyond those that all chains look at.
[[nodiscard]] Method chain_method(const char* name, const OptionNames& more,
                                  const std::vector<MethodField>& fields, PlanFunction plan);

// How the largest stable step depends on the curvature of -log p: as 1 / curvature for an explicit
// Euler step, as 1 / sqrt(curvature) for leapfrog.
enum class StepLimit { curvature, root_of_curvature };
// Whether a method accepts or rejects its proposals, which takes a density.
enum class Acceptance { none, metropolis };

// Fills the plan's target, rows, curvature and stable step. Returns how long the chain is; its step
// size is the one that was asked for, or 0. Error(invalid) where the model lacks what the method
// needs, Error(usage) for rows and steps that do not fit each other.
[[nodiscard]] ChainLength begin_chain(const SamplingRequest& request, Acceptance acceptance,
                                      StepLimit limit, SamplingPlan* plan);

// The largest curvature of -log p at the starting rows, or 100 where they show none.
[[nodiscard]] double curvature_or_assumed(const SamplingPlan& plan);

// Sets the step size of a chain, in `length` and the plan: `by_default` where none was asked for.
void choose_step_size(double by_default, ChainLength* length, SamplingPlan* plan);

// Puts the transitions of a chain into the plan, and what it carries.
void take_chain(const Chain& chain, SamplingPlan* plan);

}  // namespace pushforward
