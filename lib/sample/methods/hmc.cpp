// Hamiltonian Monte Carlo.
#include <cmath>

#include "sample/chain_method.hpp"
#include "sample/method.hpp"

namespace pushforward {
namespace {

// A step of 1 / sqrt(c) D^(-1/4), c the curvature, is somewhat below the best on a Gaussian of
// equal variances (Beskos et al. 2013).
void plan_hmc(const SamplingRequest& request, SamplingPlan* plan) {
  ChainLength length =
      begin_chain(request, Acceptance::metropolis, StepLimit::root_of_curvature, plan);
  choose_step_size(
      1 / (std::sqrt(curvature_or_assumed(*plan)) * std::pow(request.model.dimension(), 0.25)),
      &length, plan);
  const MethodOptions& options = request.options;
  const Chain chain = hmc_chain(length, static_cast<int>(options.leapfrog), options.jitter);
  take_chain(chain, plan);
  plan->energy = chain.energy;
}

}  // namespace

namespace methods {

Method hmc() {
  return {"hmc", Method::Needs::score, "1000",
          chain_options({"step-size", "adapt", "leapfrog", "jitter"}), plan_hmc};
}

}  // namespace methods
}  // namespace pushforward
