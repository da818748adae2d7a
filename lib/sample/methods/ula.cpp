// The unadjusted Langevin algorithm.
#include <algorithm>

#include "sample/chain_method.hpp"
#include "sample/method.hpp"

namespace pushforward {
namespace {

// For a density; for the score at a noise level, as a part of sigma^2.
constexpr double default_step = 0.01, step_of_level = 0.2;

void plan_ula(const SamplingRequest& request, SamplingPlan* plan) {
  ChainLength length = begin_chain(request, Acceptance::none, StepLimit::curvature, plan);
  const double sigma = length.sigma;
  choose_step_size(
      sigma == 0 ? default_step : std::min(default_step, step_of_level * sigma * sigma), &length,
      plan);
  plan->markov.diverges_with_step = true;
  plan->transitions = ula_transitions(length.step_size, length.burn_in + length.steps, sigma);
}

}  // namespace

namespace methods {

Method ula() { return chain_method("ula", {}, {}, plan_ula); }

}  // namespace methods
}  // namespace pushforward
