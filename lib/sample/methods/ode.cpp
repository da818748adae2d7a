// The probability-flow equation, each row's steps chosen by its own errors (Song et al. 2021).
#include "sample/method.hpp"
#include "sample/reverse_process.hpp"

namespace pushforward {
namespace {

void plan_ode(const SamplingRequest& request, SamplingPlan* plan) {
  plan_adaptive_steps(request, ProcessSettings::with_defaults("edm"),
                      AdaptivePlan::Equation::ordinary, plan);
}

}  // namespace

namespace methods {

Method ode() { return adaptive_method("ode", plan_ode); }

}  // namespace methods
}  // namespace pushforward
