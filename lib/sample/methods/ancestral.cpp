// Ancestral sampling of any process, as Song et al. (2021, equations 4 and 47) have it.
#include "sample/method.hpp"
#include "sample/reverse_process.hpp"

namespace pushforward {
namespace {

constexpr int default_steps = 1000;

void plan_ancestral(const SamplingRequest& request, SamplingPlan* plan) {
  const Process process =
      begin_reverse(request, ProcessSettings::with_defaults(ProcessKind::ddpm), plan);
  const bool stepwise = process.kind() == ProcessKind::ddpm;
  const int steps =
      grid_steps(request, stepwise ? process.settings().levels : default_steps, *plan);
  // As published: beta for vp, the small variance for ve.
  const PosteriorVariance variance = process.kind() == ProcessKind::vp
                                         ? PosteriorVariance::fixed_large
                                         : PosteriorVariance::fixed_small;
  plan->moves = ancestral_moves(asked_step_points(request, process, steps), variance);
  end_reverse(plan);
}

}  // namespace

namespace methods {

Method ancestral() {
  return {"ancestral", Method::Needs::score, "1000", grid_options({"rho"}), plan_ancestral};
}

}  // namespace methods
}  // namespace pushforward
