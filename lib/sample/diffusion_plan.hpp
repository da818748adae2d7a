// The part of plan_sampling (sample/method.hpp) that is about running a process backwards.
#pragma once

#include "sample/method.hpp"

namespace pushforward {

[[nodiscard]] const std::vector<std::string>& diffusion_methods();

// What a model trained for this process is sampled by unless told otherwise; empty for none.
[[nodiscard]] std::string default_diffusion_method(const ProcessSettings& process);

// Fills the plan of one of these methods, plan->method. Errors as those of plan_sampling.
void plan_diffusion(const SampledModel& model, const MethodOptions& options,
                    const std::function<bool(const std::string&)>& given, SamplingPlan* plan);

}  // namespace pushforward
