// Ancestral sampling of any process, as Song et al. (2021, equations 4 and 47) have it.
#include "sample/method.hpp"
#include "sample/reverse_process.hpp"

namespace pushforward {
namespace {

constexpr int default_steps = 1000;

void plan_ancestral(const SamplingRequest& request, SamplingPlan* plan) {
  const Process process = begin_reverse(request, ProcessSettings::with_defaults("ddpm"), plan);
  const int steps =
      grid_steps(request, process.steps() > 0 ? process.steps() : default_steps, *plan);
  const PosteriorVariance variance = process.large_step_variance() ? PosteriorVariance::fixed_large
                                                                   : PosteriorVariance::fixed_small;
  plan->transitions = ancestral_transitions(asked_step_points(request, process, steps), variance);
  end_reverse(plan);
}

}  // namespace

namespace methods {

Method ancestral() {
  return grid_method("ancestral", std::to_string(default_steps), {"rho"}, {}, plan_ancestral);
}

}  // namespace methods
}  // namespace pushforward
