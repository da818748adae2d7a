// The reverse process, each row's steps chosen by its own errors (Jolicoeur-Martineau et al. 2021).
#include "sample/method.hpp"
#include "sample/reverse_process.hpp"

namespace pushforward {
namespace {

void plan_adaptive(const SamplingRequest& request, SamplingPlan* plan) {
  plan_adaptive_steps(request, ProcessSettings::continuous("ve"),
                      AdaptivePlan::Equation::stochastic, plan);
}

}  // namespace

namespace methods {

Method adaptive() { return adaptive_method("adaptive", plan_adaptive); }

}  // namespace methods
}  // namespace pushforward
