// DPM-Solver++(2M) (Lu et al. 2022).
#include "sample/method.hpp"
#include "sample/reverse_process.hpp"

namespace pushforward {
namespace {

constexpr int default_steps = 20;

void plan_dpm_solver(const SamplingRequest& request, SamplingPlan* plan) {
  const Process process = begin_reverse(request, ProcessSettings::with_defaults("edm"), plan);
  const int steps = grid_steps(request, default_steps, *plan);
  plan->transitions = dpm_solver_transitions(asked_edm_points(request, process, steps));
  plan->auxiliary.columns = {AuxiliaryState::as_x};
  end_reverse(plan);
}

}  // namespace

namespace methods {

Method dpm_solver() {
  return grid_method("dpm++", std::to_string(default_steps), {"rho"}, {}, plan_dpm_solver);
}

}  // namespace methods
}  // namespace pushforward
