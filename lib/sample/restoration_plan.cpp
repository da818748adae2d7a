#include "sample/restoration_plan.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "sample/parameters_only.hpp"

namespace pushforward {
namespace {

constexpr double default_delta = 0.01;  // Rissanen et al. (2023), in ranges of the data

// z of the chain, the second matrix of the state where the degradation has one.
Expr noise_of(const StepInputs& in) { return in.state.size() > 1 ? in.state[1] : Expr(); }

// The next state: x, and z as it is.
std::vector<Expr> with_noise_of(const StepInputs& in, Expr x) {
  std::vector<Expr> next = in.state;
  next[0] = x;
  return next;
}

// R(x) + delta z; constants: the level's numbers, delta.
Step blur_step(const RestorationModel& model) {
  StepFunction step;
  step.constants = static_cast<std::size_t>(model.level_numbers()) + 1;
  step.normals = true;
  step.next = [&model](const ScoreSource&, Scope scope, const StepInputs& in) {
    const Expr level = concatenate_columns({in.constants.begin(), in.constants.end() - 1});
    return std::vector<Expr>{model.restore(scope, in.state[0], level) +
                             in.constants.back() * in.normals};
  };
  return std::make_shared<StepFunction>(std::move(step));
}

// Constants: the level's numbers.
Step cold_step(const RestorationModel& model, int algorithm) {
  StepFunction step;
  step.constants = static_cast<std::size_t>(model.level_numbers());
  step.next = [&model, algorithm](const ScoreSource&, Scope scope, const StepInputs& in) {
    const Expr level = concatenate_columns(in.constants), z = noise_of(in);
    const Expr clean = model.restore(scope, in.state[0], level);
    return with_noise_of(in, algorithm == 1 ? model.degrade_less(clean, z, level)
                                            : in.state[0] + model.gained(clean, z, level));
  };
  return std::make_shared<StepFunction>(std::move(step));
}

// From what a chain is given to where it starts: D(x, s), or x itself where it is `degraded`
// already, plus delta z; constants: the level's numbers, delta.
Step start_step(const RestorationModel& model, bool degraded) {
  StepFunction step;
  step.constants = static_cast<std::size_t>(model.level_numbers()) + 1;
  step.normals = true;
  step.evaluations = 0;
  step.next = [&model, degraded](const ScoreSource&, Scope, const StepInputs& in) {
    const Expr level = concatenate_columns({in.constants.begin(), in.constants.end() - 1});
    const Expr x = degraded ? in.state[0] : model.degrade(in.state[0], in.normals, level);
    std::vector<Expr> next = {x + in.constants.back() * in.normals};
    if (in.state.size() > 1) next.push_back(in.normals);
    return next;
  };
  return std::make_shared<StepFunction>(std::move(step));
}

Move move_at(const RestorationModel& model, const Step& step, int level) {
  return {step, model.level(level), model.degradation().shown(level), 1, 1};
}

// What the chains are given where no rows are.
std::function<std::vector<double>(std::uint64_t, std::uint64_t, std::size_t)> drawn_start(
    const SampledModel& model, const MethodOptions& options) {
  if (!model.restoration_start)
    fail_invalid(model.name +
                 ": its last level leaves so much of a picture that it holds none to "
                 "start from; give --init FILE");
  const RestorationStart* start = &*model.restoration_start;
  const Degradation* degradation = &model.restoration->degradation();
  const bool blur = model.restoration->description().kind == RestorationKind::blur;
  StartLaw law = blur || !start->has(StartLaw::gaussian) ? StartLaw::rows : StartLaw::gaussian;
  if (!options.start.empty()) law = options.start == "rows" ? StartLaw::rows : StartLaw::gaussian;
  if (!start->has(law))
    fail_invalid(model.name + ": " + std::to_string(start->count) +
                 " numbers are left of a picture, too many for a Gaussian; use --start rows");
  return [=](std::uint64_t seed, std::uint64_t first, std::size_t count) {
    return draw_start(*start, *degradation, law, seed, first, count);
  };
}

}  // namespace

const std::vector<std::string>& restoration_methods() {
  static const std::vector<std::string> methods = {"blur", "cold"};
  return methods;
}

void plan_restoration(const SampledModel& model, const MethodOptions& options,
                      const std::function<bool(const std::string&)>& given, SamplingPlan* plan) {
  const RestorationModel& restoration = *model.restoration;
  const RestorationDescription& d = restoration.description();
  const Degradation& degradation = restoration.degradation();
  const bool blur = d.kind == RestorationKind::blur, from_file = given("init");
  if (plan->method != restoration_name(d.kind))
    fail_invalid(model.name + ": was trained for the process " + restoration_name(d.kind) +
                 "; use --method " + restoration_name(d.kind));
  if (from_file && !options.init_is_file)
    fail_usage("--method " + plan->method + " starts from pictures: --init FILE");
  for (const char* option : {"init-degraded", "start-level"})
    if (given(option) && !from_file) fail_usage(std::string("--") + option + " needs --init FILE");
  if (from_file && given("start")) fail_usage("--init and --start both say where chains start");
  if (options.start_level > degradation.levels())
    fail_usage("option --start-level: the model has the levels 1 to " +
               std::to_string(degradation.levels()));
  if (options.init_degraded && degradation.noisy())
    fail_usage("--init-degraded: the noise in given rows is not known; leave it out");
  if (given("delta") && degradation.noisy())
    fail_usage("option --delta: the degradation noise has noise of its own");
  plan->source = std::make_unique<ParametersOnly>(restoration.dimension(),
                                                  &restoration.parameters(), d.network);
  const std::size_t dimension = static_cast<std::size_t>(restoration.dimension());
  plan->offset.assign(dimension, d.mean);
  plan->unit.assign(dimension, d.deviation);
  plan->chains = static_cast<std::uint64_t>(options.count);
  plan->starts_at_rows = true;
  if (!from_file) plan->drawn_start = drawn_start(model, options);
  const int top = options.start_level > 0 ? options.start_level : degradation.levels();
  const double delta = (given("delta") ? options.delta
                        : blur         ? default_delta
                                       : 0) *
                       d.range / d.deviation;
  // A drawn start is degraded already, but for noise, which has to be put in.
  const bool degraded = !degradation.noisy() && (options.init_degraded || !from_file);
  if (degradation.noisy()) plan->companions.columns = {Companions::as_x};
  plan->companions.begin = move_at(restoration, start_step(restoration, degraded), top);
  plan->companions.begin.constants.push_back(delta);
  const Step step = blur ? blur_step(restoration) : cold_step(restoration, options.algorithm);
  for (int s = top; s >= 1; --s) {
    plan->moves.push_back(move_at(restoration, step, s));
    if (blur) plan->moves.back().constants.push_back(s > 1 ? delta : 0);
  }
  plan->rows = {total_steps(plan->moves), 1, 1};
}

}  // namespace pushforward
