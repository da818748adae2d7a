// The Metropolis-adjusted Langevin algorithm.
#include <cmath>

#include "sample/chain_method.hpp"
#include "sample/method.hpp"

namespace pushforward {
namespace {

// A step of 1 / (c D^(1/3)), c the curvature, is somewhat below the best on a Gaussian of equal
// variances (Roberts, Rosenthal 1998). Beyond Euler's limit it is not unstable, but accepts little.
void plan_mala(const SamplingRequest& request, SamplingPlan* plan) {
  ChainLength length = begin_chain(request, Acceptance::metropolis, StepLimit::curvature, plan);
  choose_step_size(1 / (curvature_or_assumed(*plan) * std::cbrt(request.model.dimension())),
                   &length, plan);
  take_chain(mala_chain(length), plan);
}

}  // namespace

namespace methods {

Method mala() { return chain_method("mala", {"adapt"}, {}, plan_mala); }

}  // namespace methods
}  // namespace pushforward
