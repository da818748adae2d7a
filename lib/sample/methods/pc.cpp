// Predictor and corrector: a step of reverse diffusion, then Langevin steps at the level it came to
// (Song et al. 2021, algorithms 2 to 5).
#include "sample/corrector_pilot.hpp"
#include "sample/method.hpp"
#include "sample/reverse_process.hpp"

namespace pushforward {
namespace {

constexpr int default_steps = 1000;

const NumberField<std::int64_t> corrector_steps = {
    "corrector-steps", 1, {0, 1000}, "Langevin steps after each step in time"};
const NumberField<double> snr = {"snr", 0.16, Range::above(0).at_most(100),
                                 "signal-to-noise ratio of the corrector"};

void plan_pc(const SamplingRequest& request, SamplingPlan* plan) {
  const Process process = begin_reverse(request, ProcessSettings::continuous("ve"), plan);
  const int steps = grid_steps(request, default_steps, *plan);
  const std::vector<LevelPoint> points = asked_time_points(request, process, steps + 1);
  plan->transitions = reverse_diffusion_transitions(
      process, points, static_cast<int>(request.value(corrector_steps)), request.value(snr));
  measure_correctors(plan->target, plan->start.centre, plan->start.scale, &plan->transitions);
  end_denoised(request, points.back().sigma, plan);
}

}  // namespace

namespace methods {

Method pc() {
  return grid_method("pc", std::to_string(default_steps), {"rho"}, {&corrector_steps, &snr},
                     plan_pc);
}

}  // namespace methods
}  // namespace pushforward
