// What the methods of sample/methods share that run a process backwards, from noise to data.
#pragma once

#include <string>
#include <vector>

#include "sample/diffusion_transitions.hpp"
#include "sample/method.hpp"

namespace pushforward {

constexpr double default_rho = 7;  // Karras et al. (2022)

// The row of a method that goes over a grid of levels, step by step. `more` are options beyond
// those that all of them look at.
[[nodiscard]] Method grid_method(const char* name, const std::string& default_steps,
                                 const OptionNames& more, const std::vector<MethodField>& fields,
                                 PlanFunction plan);
// The row of a method whose rows choose their own steps.
[[nodiscard]] Method adaptive_method(const char* name, PlanFunction plan);

// The process of the model; for an analytic model the one that was asked for, or `otherwise`. Its
// levels are those that were asked for. Fills the plan's target, start, chains and rows.
// Error(invalid) for a model without noise levels, Error(usage) for levels that make no sense.
[[nodiscard]] Process begin_reverse(const SamplingRequest& request,
                                    const ProcessSettings& otherwise, SamplingPlan* plan);

// The steps that were asked for, or `by_default`. Error(usage) for more than a grid may have.
[[nodiscard]] int grid_steps(const SamplingRequest& request, int by_default,
                             const SamplingPlan& plan);

// time_points() with the rho that was asked for. Error(usage) where the process has no use for it.
[[nodiscard]] std::vector<LevelPoint> asked_time_points(const SamplingRequest& request,
                                                        const Process& process, int count);

// step_points() for `steps` steps, the last one to the clean row unless denoising is off.
// Error(usage) for more steps than the process has.
[[nodiscard]] std::vector<LevelPoint> asked_step_points(const SamplingRequest& request,
                                                        const Process& process, int steps);

// The levels of Karras et al. (2022) for `steps` steps, the last one to the clean row unless
// denoising is off.
[[nodiscard]] std::vector<LevelPoint> asked_edm_points(const SamplingRequest& request,
                                                       const Process& process, int steps);

// Fills in what follows from the plan's transitions: the number of steps, and the scale of the last
// state.
void end_reverse(SamplingPlan* plan);
// The same, after a last denoising evaluation at the level `sigma` unless denoising is off.
void end_denoised(const SamplingRequest& request, double sigma, SamplingPlan* plan);

// The whole plan of a method whose rows choose their own steps.
void plan_adaptive_steps(const SamplingRequest& request, const ProcessSettings& otherwise,
                         AdaptivePlan::Equation equation, SamplingPlan* plan);

}  // namespace pushforward
