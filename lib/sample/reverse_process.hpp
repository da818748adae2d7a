// What the methods of sample/methods share that run a process backwards, from noise to data.
#pragma once

#include <string>
#include <vector>

#include "sample/diffusion_moves.hpp"
#include "sample/method.hpp"

namespace pushforward {

constexpr double default_rho = 7;  // Karras et al. (2022)

// The row of a method that goes over a grid of levels, step by step. `more` are options beyond
// those that all of them look at.
[[nodiscard]] Method grid_method(const char* name, const std::string& default_steps,
                                 const OptionNames& more, const std::vector<MethodField>& fields,
                                 void (*plan)(const SamplingRequest&, SamplingPlan*));
// The row of a method whose rows choose their own steps.
[[nodiscard]] Method adaptive_method(const char* name,
                                     void (*plan)(const SamplingRequest&, SamplingPlan*));

// The model's own process or, of an analytic one, --process or `otherwise`, between the levels that
// were asked for. Fills the plan's source, prior, chains and rows for it. Error(invalid) for a
// model without noise levels, Error(usage) for levels that make no sense.
[[nodiscard]] Process begin_reverse(const SamplingRequest& request,
                                    const ProcessSettings& otherwise, SamplingPlan* plan);

// --steps, or `by_default` where they are 0. Error(usage) for more than a grid may have.
[[nodiscard]] int grid_steps(const SamplingRequest& request, int by_default,
                             const SamplingPlan& plan);

// time_points() with --rho. Error(usage) where it is given and the process has no use for it.
[[nodiscard]] std::vector<LevelPoint> asked_time_points(const SamplingRequest& request,
                                                        const Process& process, int count);

// step_points() with --rho for `steps` steps, the last one to the clean row where --denoise asks
// for it. Error(usage) for more steps than a process of so many has.
[[nodiscard]] std::vector<LevelPoint> asked_step_points(const SamplingRequest& request,
                                                        const Process& process, int steps);

// The levels of Karras et al. (2022) for `steps` steps, the last one to the clean row where
// --denoise asks for it.
[[nodiscard]] std::vector<LevelPoint> asked_edm_points(const SamplingRequest& request,
                                                       const Process& process, int steps);

// What follows from the plan's moves: how many steps there are, and the scale of the last state.
void end_reverse(SamplingPlan* plan);
// The same, after one more evaluation at the level `sigma` where --denoise asks for it.
void end_denoised(const SamplingRequest& request, double sigma, SamplingPlan* plan);

// The whole plan of a method whose rows choose their own steps.
void plan_adaptive_steps(const SamplingRequest& request, const ProcessSettings& otherwise,
                         AdaptivePlan::Equation equation, SamplingPlan* plan);

}  // namespace pushforward
