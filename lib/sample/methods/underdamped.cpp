// Underdamped Langevin dynamics.
#include <cmath>

#include "sample/chain_method.hpp"
#include "sample/method.hpp"

namespace pushforward {
namespace {

const NumberField<double> friction = {"friction", 1, Range::above(0), "friction"};

void plan_underdamped(const SamplingRequest& request, SamplingPlan* plan) {
  ChainLength length = begin_chain(request, Acceptance::none, StepLimit::root_of_curvature, plan);
  choose_step_size(0.5 / std::sqrt(curvature_or_assumed(*plan)), &length, plan);
  plan->markov.diverges_with_step = true;
  take_chain(underdamped_chain(length, request.value(friction)), plan);
}

}  // namespace

namespace methods {

Method underdamped() { return chain_method("underdamped", {}, {&friction}, plan_underdamped); }

}  // namespace methods
}  // namespace pushforward
