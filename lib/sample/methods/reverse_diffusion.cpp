// Reverse diffusion sampling (Song et al. 2021, appendix E).
#include "sample/method.hpp"
#include "sample/reverse_process.hpp"

namespace pushforward {
namespace {

constexpr int default_steps = 1000;

void plan_reverse_diffusion(const SamplingRequest& request, SamplingPlan* plan) {
  const Process process = begin_reverse(request, ProcessSettings::continuous("ve"), plan);
  const int steps = grid_steps(request, default_steps, *plan);
  const std::vector<LevelPoint> points = asked_time_points(request, process, steps + 1);
  plan->transitions = reverse_diffusion_transitions(process, points, 0, 0);
  end_denoised(request, points.back().sigma, plan);
}

}  // namespace

namespace methods {

Method reverse_diffusion() {
  return grid_method("reverse-diffusion", std::to_string(default_steps), {"rho"}, {},
                     plan_reverse_diffusion);
}

}  // namespace methods
}  // namespace pushforward
