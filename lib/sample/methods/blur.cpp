// Inverse heat dissipation (Rissanen, Heinonen, Solin 2023, algorithm 2): x <- R(x, s) + delta z,
// at the end without z, R being what the network makes of x.
#include "sample/method.hpp"
#include "sample/restoration_chain.hpp"

namespace pushforward {
namespace {

constexpr double default_delta = 0.01;  // in ranges of the data

// R(x) + delta z; constants: the level's numbers, delta.
Step blur_step(const RestorationModel& model) {
  StepFunction step;
  step.constants = static_cast<std::size_t>(model.level_numbers()) + 1;
  step.normals = true;
  step.next = [&model](const ScoreSource&, Scope scope, const StepInputs& in) {
    const Expr level = hstack({in.constants.begin(), in.constants.end() - 1});
    return std::vector<Expr>{model.restore(scope, in.state[0], level) +
                             in.constants.back() * in.normals};
  };
  return std::make_shared<StepFunction>(std::move(step));
}

void plan_blur(const SamplingRequest& request, SamplingPlan* plan) {
  RestorationChain chain;
  chain.step = blur_step(*request.model.restoration());
  chain.noise_in_steps = true;
  chain.default_delta = default_delta;
  plan_restoration(request, chain, plan);
}

}  // namespace

namespace methods {

Method blur() { return restoration_method("blur", {}, plan_blur); }

}  // namespace methods
}  // namespace pushforward
