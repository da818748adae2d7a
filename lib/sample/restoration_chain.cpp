#include "sample/restoration_chain.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "sample/starting_rows.hpp"

namespace pushforward {
namespace {

// From given rows x to starts: D(x, s), or x itself where it is `degraded` already, plus delta z.
// Constants: the numbers of the level, delta.
Step start_step(const RestorationModel& model, bool degraded) {
  StepFunction step;
  step.constants = static_cast<std::size_t>(model.level_numbers()) + 1;
  step.normals = true;
  step.evaluations = 0;
  step.next = [&model, degraded](const ScoreSource&, Scope, const StepInputs& in) {
    const Expr level = hstack({in.constants.begin(), in.constants.end() - 1});
    const Expr x = degraded ? in.state[0] : model.degrade(in.state[0], in.normals, level);
    std::vector<Expr> next = {x + in.constants.back() * in.normals};
    if (in.state.size() > 1) next.push_back(in.normals);
    return next;
  };
  return std::make_shared<StepFunction>(std::move(step));
}

Transition transition_at(const RestorationModel& model, const Step& step, int level) {
  return {step, model.level(level), model.degradation().shown(level), 1, 1};
}

// Starts that are drawn, for chains without given pictures.
std::function<std::vector<double>(std::uint64_t, std::uint64_t, std::size_t)> drawn_start(
    const SampledModel& model, const std::string& asked, bool prefers_gaussian) {
  const RestorationStart* start = model.restoration_start();
  if (start == nullptr)
    fail_invalid(
        model.name +
        ": its last level leaves so much of a picture that it holds none to start from; give " +
        setting("init") + " FILE");
  const Degradation* degradation = &model.restoration()->degradation();
  StartLaw law =
      prefers_gaussian && start->has(StartLaw::gaussian) ? StartLaw::gaussian : StartLaw::rows;
  if (!asked.empty()) law = asked == "rows" ? StartLaw::rows : StartLaw::gaussian;
  if (!start->has(law))
    fail_invalid(model.name + ": " + std::to_string(start->count) +
                 " numbers are left of a picture, too many for a Gaussian; use " +
                 setting("start") + " rows");
  return [=](std::uint64_t seed, std::uint64_t first, std::size_t count) {
    return draw_start(*start, *degradation, law, seed, first, count);
  };
}

}  // namespace

Method restoration_method(const char* name, const std::vector<MethodField>& fields,
                          PlanFunction plan) {
  return {name,   Method::Needs::restoration,
          "",     {"trajectory", "delta", "start", "start-level", "init-degraded"},
          fields, plan};
}

void plan_restoration(const SamplingRequest& request, const RestorationChain& chain,
                      SamplingPlan* plan) {
  const SampledModel& model = request.model;
  const RestorationOptions& options = request.options.restoration;
  const RestorationModel& restoration = *model.restoration();
  const RestorationDescription& d = restoration.description();
  const Degradation& degradation = restoration.degradation();
  const bool from_file = !request.start.is_noise();
  if (plan->method != restoration_name(d.kind))
    fail_invalid(model.name + ": was trained for the process " + restoration_name(d.kind) +
                 "; use " + setting("method") + " " + restoration_name(d.kind));
  if (options.start_level > degradation.levels())
    fail_usage("option " + setting("start_level") + ": the model has the levels 1 to " +
               std::to_string(degradation.levels()));
  if (options.init_degraded && degradation.noisy())
    fail_usage(setting("init_degraded") + ": the noise in given rows is not known; leave it out");
  if (options.delta && degradation.noisy())
    fail_usage("option " + setting("delta") + ": the degradation noise has noise of its own");
  plan->target = network_target(restoration.dimension(), restoration.parameters(), d.network);
  const std::size_t dimension = static_cast<std::size_t>(restoration.dimension());
  plan->units.offset.assign(dimension, d.mean);
  plan->units.unit.assign(dimension, d.deviation);
  plan->chains = static_cast<std::uint64_t>(request.options.count);
  plan->start.at_rows = true;
  if (!from_file) plan->start.drawn = drawn_start(model, options.start, chain.starts_gaussian);
  const int top = options.start_level > 0 ? options.start_level : degradation.levels();
  const double delta = options.delta.value_or(chain.default_delta) * d.range / d.deviation;
  // A drawn start is degraded already, except for noise, which is added here.
  const bool degraded = !degradation.noisy() && (options.init_degraded || !from_file);
  if (degradation.noisy()) plan->auxiliary.columns = {AuxiliaryState::as_x};
  plan->auxiliary.begin = transition_at(restoration, start_step(restoration, degraded), top);
  plan->auxiliary.begin.constants.push_back(delta);
  for (int s = top; s >= 1; --s) {
    plan->transitions.push_back(transition_at(restoration, chain.step, s));
    if (chain.noise_in_steps) plan->transitions.back().constants.push_back(s > 1 ? delta : 0);
  }
  plan->rows = {total_steps(plan->transitions), 1, 1};
}

}  // namespace pushforward
