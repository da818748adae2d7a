// Cold diffusion (Bansal et al. 2023): with x^ = R(x, s), what the network makes of x, algorithm 1
// is x <- D(x^, s - 1), algorithm 2 x <- x - D(x^, s) + D(x^, s - 1).
#include "sample/method.hpp"
#include "sample/restoration_chain.hpp"

namespace pushforward {
namespace {

const WordField algorithm = {
    "algorithm",
    "2",
    {"1", "2"},
    "degrade the restored row again (1), or take one degradation for another (2)"};

// z of the chain, the second matrix of the state where the degradation has one.
Expr noise_of(const StepInputs& in) { return in.state.size() > 1 ? in.state[1] : Expr(); }

// The next state: x, and z as it is.
std::vector<Expr> with_noise_of(const StepInputs& in, Expr x) {
  std::vector<Expr> next = in.state;
  next[0] = x;
  return next;
}

// Constants: the level's numbers.
Step cold_step(const RestorationModel& model, int number) {
  StepFunction step;
  step.constants = static_cast<std::size_t>(model.level_numbers());
  step.next = [&model, number](const ScoreSource&, Scope scope, const StepInputs& in) {
    const Expr level = hstack(in.constants), z = noise_of(in);
    const Expr clean = model.restore(scope, in.state[0], level);
    return with_noise_of(in, number == 1 ? model.degrade_less(clean, z, level)
                                         : in.state[0] + model.gained(clean, z, level));
  };
  return std::make_shared<StepFunction>(std::move(step));
}

void plan_cold(const SamplingRequest& request, SamplingPlan* plan) {
  RestorationChain chain;
  chain.step = cold_step(*request.model.restoration(), std::stoi(request.value(algorithm)));
  chain.starts_gaussian = true;
  plan_restoration(request, chain, plan);
}

}  // namespace

namespace methods {

Method cold() { return restoration_method("cold", {&algorithm}, plan_cold); }

}  // namespace methods
}  // namespace pushforward
