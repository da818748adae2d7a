// Denoising diffusion implicit models (Song, Meng, Ermon 2021).
#include <algorithm>

#include "sample/method.hpp"
#include "sample/reverse_process.hpp"

namespace pushforward {
namespace {

constexpr int default_steps = 50;

const NumberField<double> eta = {"eta", 0, {0, 1}, "noise, from none to that of ddpm"};

void plan_ddim(const SamplingRequest& request, SamplingPlan* plan) {
  const Process process = begin_reverse(request, ProcessSettings::with_defaults("ddpm"), plan);
  const int most = process.steps() > 0 ? process.steps() : default_steps;
  const int steps = grid_steps(request, std::min(default_steps, most), *plan);
  plan->transitions =
      ddim_transitions(asked_step_points(request, process, steps), request.value(eta));
  end_reverse(plan);
}

}  // namespace

namespace methods {

Method ddim() {
  return grid_method("ddim", std::to_string(default_steps), {"rho"}, {&eta}, plan_ddim);
}

}  // namespace methods
}  // namespace pushforward
