// The part of plan_sampling (sample/method.hpp) that is about Markov chains.
#pragma once

#include "sample/method.hpp"

namespace pushforward {

[[nodiscard]] const std::vector<std::string>& mcmc_methods();

// Fills the plan of one of these methods, plan->method. Errors as those of plan_sampling.
void plan_mcmc(const SampledModel& model, const MethodOptions& options, SamplingPlan* plan);

}  // namespace pushforward
