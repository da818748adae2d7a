// Heun's method for the probability-flow equation, with churn (Karras et al. 2022, algorithm 2).
#include "sample/method.hpp"
#include "sample/reverse_process.hpp"

namespace pushforward {
namespace {

constexpr int default_steps = 18;

const NumberField<double> churn = {"churn", 0, Range::at_least(0),
                                   "S_churn, fresh noise; 0 is none"};
const NumberField<double> s_min = {"s-min", 0, Range::at_least(0), "lowest level that is churned"};
const NumberField<double> s_max = {"s-max", 0, Range::at_least(0), "highest; 0 is no bound"};
const NumberField<double> s_noise = {"s-noise", 1, Range::above(0), "scale of the fresh noise"};

void plan_heun(const SamplingRequest& request, SamplingPlan* plan) {
  const Process process = begin_reverse(request, ProcessSettings::with_defaults("edm"), plan);
  const int steps = grid_steps(request, default_steps, *plan);
  plan->transitions = heun_transitions(
      asked_edm_points(request, process, steps),
      {request.value(churn), request.value(s_min), request.value(s_max), request.value(s_noise)});
  end_reverse(plan);
}

}  // namespace

namespace methods {

Method heun() {
  return grid_method("heun", std::to_string(default_steps), {"rho"},
                     {&churn, &s_min, &s_max, &s_noise}, plan_heun);
}

}  // namespace methods
}  // namespace pushforward
