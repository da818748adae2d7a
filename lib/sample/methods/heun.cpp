// Heun's method for the probability-flow equation, with churn (Karras et al. 2022, algorithm 2).
#include "sample/method.hpp"
#include "sample/reverse_process.hpp"

namespace pushforward {
namespace {

constexpr int default_steps = 18;

void plan_heun(const SamplingRequest& request, SamplingPlan* plan) {
  const MethodOptions& options = request.options;
  const Process process = begin_reverse(request, ProcessSettings::with_defaults("edm"), plan);
  const int steps = grid_steps(request, default_steps, *plan);
  const std::vector<LevelPoint> points = asked_edm_points(request, process, steps);
  plan->moves = heun_moves(process.sigma(process.first_time()), process.sigma(process.last_time()),
                           steps, options.rho, options.churn, options.denoise);
  for (std::size_t i = 0; i < plan->moves.size(); ++i) plan->moves[i].scale = points[i + 1].scale;
  end_reverse(plan);
}

}  // namespace

namespace methods {

Method heun() {
  return {"heun", Method::Needs::score, "18",
          grid_options({"rho", "churn", "s-min", "s-max", "s-noise"}), plan_heun};
}

}  // namespace methods
}  // namespace pushforward
