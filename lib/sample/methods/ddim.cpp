// Denoising diffusion implicit models (Song, Meng, Ermon 2021).
#include <algorithm>

#include "sample/method.hpp"
#include "sample/reverse_process.hpp"

namespace pushforward {
namespace {

constexpr int default_steps = 50;

void plan_ddim(const SamplingRequest& request, SamplingPlan* plan) {
  const Process process = begin_reverse(request, ProcessSettings::with_defaults("ddpm"), plan);
  const int most = process.steps() > 0 ? process.steps() : default_steps;
  const int steps = grid_steps(request, std::min(default_steps, most), *plan);
  plan->moves = ddim_moves(asked_step_points(request, process, steps), request.options.eta);
  end_reverse(plan);
}

}  // namespace

namespace methods {

Method ddim() {
  return {"ddim", Method::Needs::score, "50", grid_options({"rho", "eta"}), plan_ddim};
}

}  // namespace methods
}  // namespace pushforward
