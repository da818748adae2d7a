// The ancestral sampler of denoising diffusion (Ho et al. 2020, algorithm 2; Nichol, Dhariwal
// 2021).
#include "base/error.hpp"
#include "sample/method.hpp"
#include "sample/reverse_process.hpp"

namespace pushforward {
namespace {

constexpr int default_steps = 1000;

const WordField variance = {
    "variance",
    "",
    {"fixed-small", "fixed-large", "learned"},
    "of the noise of a step; learned where the model has it, else fixed-small"};

PosteriorVariance asked_variance(const std::string& asked, bool has_learned) {
  if (asked == "learned" && !has_learned)
    fail_usage(setting("variance") + " learned needs a model trained with score-train " +
               setting("variance") + " learned");
  if (asked == "learned" || (asked.empty() && has_learned)) return PosteriorVariance::learned;
  return asked == "fixed-large" ? PosteriorVariance::fixed_large : PosteriorVariance::fixed_small;
}

void plan_ddpm(const SamplingRequest& request, SamplingPlan* plan) {
  const Process process = begin_reverse(request, ProcessSettings::with_defaults("ddpm"), plan);
  const int steps =
      grid_steps(request, process.steps() > 0 ? process.steps() : default_steps, *plan);
  const std::vector<LevelPoint> points = asked_step_points(request, process, steps);
  plan->transitions = ancestral_transitions(
      points, asked_variance(request.value(variance), bool(plan->target.source.variance_share)));
  end_reverse(plan);
}

}  // namespace

namespace methods {

Method ddpm() { return grid_method("ddpm", "the model's", {"rho"}, {&variance}, plan_ddpm); }

}  // namespace methods
}  // namespace pushforward
