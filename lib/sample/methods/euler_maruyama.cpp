// Euler and Maruyama's method for the reverse process (Song et al. 2021).
#include "sample/method.hpp"
#include "sample/reverse_process.hpp"

namespace pushforward {
namespace {

constexpr int default_steps = 1000;

void plan_euler_maruyama(const SamplingRequest& request, SamplingPlan* plan) {
  const Process process = begin_reverse(request, ProcessSettings::continuous("ve"), plan);
  const int steps = grid_steps(request, default_steps, *plan);
  const std::vector<LevelPoint> points = asked_time_points(request, process, steps + 1);
  plan->transitions = euler_maruyama_transitions(process, points);
  end_denoised(request, points.back().sigma, plan);
}

}  // namespace

namespace methods {

Method euler_maruyama() {
  return grid_method("euler-maruyama", std::to_string(default_steps), {"rho"}, {},
                     plan_euler_maruyama);
}

}  // namespace methods
}  // namespace pushforward
