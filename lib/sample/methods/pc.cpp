// Predictor and corrector: a step of reverse diffusion, then Langevin steps at the level it came to
// (Song et al. 2021, algorithms 2 to 5).
#include "sample/corrector_pilot.hpp"
#include "sample/method.hpp"
#include "sample/reverse_process.hpp"

namespace pushforward {
namespace {

constexpr int default_steps = 1000;

void plan_pc(const SamplingRequest& request, SamplingPlan* plan) {
  const MethodOptions& options = request.options;
  const Process process = begin_reverse(request, ProcessSettings::continuous("ve"), plan);
  const int steps = grid_steps(request, default_steps, *plan);
  const std::vector<LevelPoint> points = asked_time_points(request, process, steps + 1);
  plan->moves = reverse_diffusion_moves(process, points, static_cast<int>(options.corrector_steps),
                                        options.snr);
  measure_correctors(*plan->source, plan->centre, plan->scale, &plan->moves);
  end_denoised(request, points.back().sigma, plan);
}

}  // namespace

namespace methods {

Method pc() {
  return {"pc", Method::Needs::score, "1000", grid_options({"rho", "corrector-steps", "snr"}),
          plan_pc};
}

}  // namespace methods
}  // namespace pushforward
