// Hamiltonian Monte Carlo.
#include <cmath>

#include "sample/chain_method.hpp"
#include "sample/method.hpp"

namespace pushforward {
namespace {

const NumberField<std::int64_t> leapfrog = {"leapfrog", 10, {1, 1000}, "leapfrog steps a proposal"};
// The worst autocorrelation of a Gaussian's x^2 is then about 0.6.
const NumberField<double> jitter = {
    "jitter",
    0.6,
    {0, 1},
    "a proposal's step size is drawn from 1 - X to 1 times it; 0 is a fixed one"};

// A step of 1 / sqrt(c) D^(-1/4), c the curvature, is somewhat below the best on a Gaussian of
// equal variances (Beskos et al. 2013).
void plan_hmc(const SamplingRequest& request, SamplingPlan* plan) {
  ChainLength length =
      begin_chain(request, Acceptance::metropolis, StepLimit::root_of_curvature, plan);
  choose_step_size(
      1 / (std::sqrt(curvature_or_assumed(*plan)) * std::pow(request.model.dimension(), 0.25)),
      &length, plan);
  const Chain chain =
      hmc_chain(length, static_cast<int>(request.value(leapfrog)), request.value(jitter));
  take_chain(chain, plan);
  plan->markov.energy = chain.energy;
}

}  // namespace

namespace methods {

Method hmc() { return chain_method("hmc", {"adapt"}, {&leapfrog, &jitter}, plan_hmc); }

}  // namespace methods
}  // namespace pushforward
