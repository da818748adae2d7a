#include "sample/method.hpp"

#include <algorithm>
#include <set>

#include "base/error.hpp"

namespace pushforward {
namespace {

std::string default_method(const SampledModel& model, const MethodOptions& options) {
  if (const RestorationModel* restoration = model.restoration())
    return restoration_name(restoration->description().kind);
  if (model.ddgan() != nullptr) return "ddgan";
  if (const ScoreModel* score = model.score()) return score->process().sampling_method();
  const std::optional<ProcessSettings>& process = options.reverse.process;
  return process ? Process(*process).sampling_method() : "mala";
}

void check_guidance(const SampledModel& model, int label) {
  const ScoreModel* score = model.score();
  if (score == nullptr || score->description().classes == 0)
    fail_invalid(model.name + ": " + setting("guidance") + " needs a score model trained with " +
                 setting("label"));
  if (score->description().label_dropout == 0)
    fail_invalid(model.name + ": " + setting("guidance") + " needs a model trained with " +
                 setting("label_dropout"));
  if (label < 0)
    fail_usage(setting("guidance") + " needs " + setting("label") + ", the class to guide to");
}

void check_family(const Method& method, const SampledModel& model) {
  std::string needed;
  switch (method.needs) {
    case Method::Needs::score:
      if (model.score() != nullptr || model.density() != nullptr) return;
      needed = "a score";
      break;
    case Method::Needs::restoration:
      if (model.restoration() != nullptr) return;
      needed = std::string("one of score-train " + setting("process") + " ") + method.name;
      break;
    case Method::Needs::ddgan:
      if (model.ddgan() != nullptr) return;
      needed = "one of ddgan-train";
      break;
  }
  fail_invalid(model.name + ": a model of the family '" + model.family + "', where " +
               setting("method") + " " + method.name + " needs " + needed);
}

}  // namespace

bool Method::looks_at(const std::string& option) const {
  return std::find(options.begin(), options.end(), option) != options.end() ||
         std::any_of(fields.begin(), fields.end(),
                     [&](const MethodField& field) { return name_of(field) == option; });
}

std::vector<std::string> sampling_method_names() {
  std::vector<std::string> names;
  for (const Method& method : sampling_methods()) names.emplace_back(method.name);
  return names;
}

std::vector<std::string> methods_with(const std::string& option) {
  std::vector<std::string> names;
  for (const Method& method : sampling_methods())
    if (method.looks_at(option)) names.emplace_back(method.name);
  return names;
}

OptionNames particular_options() {
  std::set<std::string> names;
  for (const Method& method : sampling_methods()) {
    names.insert(method.options.begin(), method.options.end());
    for (const MethodField& field : method.fields) names.insert(name_of(field));
  }
  return {names.begin(), names.end()};
}

OptionNames joined_options(OptionNames first, const OptionNames& second) {
  first.insert(first.end(), second.begin(), second.end());
  return first;
}

const Method& chosen_method(const SampledModel& model, const MethodOptions& options) {
  const std::string name = options.method.empty() ? default_method(model, options) : options.method;
  for (const Method& method : sampling_methods())
    if (method.name == name) return method;
  fail_usage("option " + setting("method") + ": there is no method '" + name + "'");
}

SamplingPlan plan_sampling(const SampledModel& model, const MethodOptions& options,
                           const StartingRows& start) {
  const Method& method = chosen_method(model, options);
  SamplingPlan plan;
  plan.method = method.name;
  if (options.reverse.process && model.family != "analytic")
    fail_invalid(model.name + ": a model of the family '" + model.family + "', where " +
                 setting("process") + " needs an analytic one");
  if (options.guidance != 0) check_guidance(model, options.label);
  check_family(method, model);
  plan.start.centre.assign(static_cast<std::size_t>(model.dimension()), 0);
  const ScoreModel* score = model.score();
  if (score != nullptr &&
      (score->description().standardizes() || !score->description().origin.empty())) {
    plan.units.offset = score->offset();
    plan.units.unit = score->unit();
  }
  if (const Density* density = model.density()) {
    plan.units.offset = density->origin();
    plan.units.unit.assign(plan.units.offset.size(), 1);
    plan.units.bounds = density->bounds();
  }
  method.plan({model, options, start}, &plan);
  if (static_cast<double>(total_steps(plan.transitions)) > max_chain_steps)
    fail_usage("a chain of " + std::to_string(total_steps(plan.transitions)) +
               " steps is longer than the 4000000000 a random number can tell apart");
  return plan;
}

}  // namespace pushforward
