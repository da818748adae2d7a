#include "sample/method.hpp"

#include <algorithm>
#include <set>

#include "base/error.hpp"
#include "base/text.hpp"

namespace pushforward {
namespace {

bool looks_at(const Method& method, const std::string& option) {
  return std::find(method.options.begin(), method.options.end(), option) != method.options.end();
}

const Method& method_named(const std::string& name) {
  for (const Method& method : sampling_methods())
    if (method.name == name) return method;
  fail_usage("option --method: there is no method '" + name + "'");
}

std::string default_method(const SampledModel& model, const MethodOptions& options) {
  if (model.restoration != nullptr) return restoration_name(model.restoration->description().kind);
  if (model.ddgan != nullptr) return "ddgan";
  if (model.score != nullptr) return model.score->process().sampling_method();
  return options.process ? Process(*options.process).sampling_method() : "mala";
}

// The options that some methods look at and others do not.
std::set<std::string> particular_options() {
  std::set<std::string> options;
  for (const Method& method : sampling_methods())
    options.insert(method.options.begin(), method.options.end());
  return options;
}

void refuse_unused(const Method& method, const SamplingRequest& request) {
  const std::optional<ProcessSettings>& process = request.options.process;
  for (const std::string& option : particular_options()) {
    if (!request.given(option) || looks_at(method, option)) continue;
    if (option == "levels") {  // a process may look at it, whatever the method
      if (process && Process(*process).steps() > 0) continue;
      fail_usage("option --levels: --method " + std::string(method.name) +
                 " does not use it; annealed and --process ddpm do");
    }
    const std::vector<std::string> users = methods_with(option);
    fail_usage("option --" + option + ": --method " + method.name + " does not use it; " +
               joined(users) + (users.size() == 1 ? " does" : " do"));
  }
}

void check_guidance(const SampledModel& model, int label) {
  if (model.score == nullptr || model.score->description().classes == 0)
    fail_invalid(model.name + ": --guidance needs a score model trained with --label");
  if (model.score->description().label_dropout == 0)
    fail_invalid(model.name + ": --guidance needs a model trained with --label-dropout");
  if (label < 0) fail_usage("--guidance needs --label, the class to guide to");
}

void check_family(const Method& method, const SampledModel& model) {
  std::string needed;
  switch (method.needs) {
    case Method::Needs::score:
      if (model.restoration == nullptr && model.ddgan == nullptr) return;
      needed = "a score";
      break;
    case Method::Needs::restoration:
      if (model.restoration != nullptr) return;
      needed = std::string("one of score-train --process ") + method.name;
      break;
    case Method::Needs::ddgan:
      if (model.ddgan != nullptr) return;
      needed = "one of ddgan-train";
      break;
  }
  fail_invalid(model.name + ": a model of the family '" + model.family + "', where --method " +
               method.name + " needs " + needed);
}

}  // namespace

std::vector<std::string> sampling_method_names() {
  std::vector<std::string> names;
  for (const Method& method : sampling_methods()) names.emplace_back(method.name);
  return names;
}

std::vector<std::string> methods_with(const std::string& option) {
  std::vector<std::string> names;
  for (const Method& method : sampling_methods())
    if (looks_at(method, option)) names.emplace_back(method.name);
  return names;
}

SamplingPlan plan_sampling(const SampledModel& model, const MethodOptions& options,
                           const std::function<bool(const std::string&)>& given) {
  const SamplingRequest request{model, options, given};
  const Method& method =
      method_named(options.method.empty() ? default_method(model, options) : options.method);
  SamplingPlan plan;
  plan.method = method.name;
  refuse_unused(method, request);
  if (options.process && model.family != "analytic")
    fail_invalid(model.name + ": a model of the family '" + model.family +
                 "', where --process needs an analytic one");
  if (given("strict") && options.chains == 0) fail_usage("--strict needs --chains");
  if (options.guidance != 0) check_guidance(model, options.label);
  check_family(method, model);
  plan.centre.assign(static_cast<std::size_t>(model.dimension()), 0);
  if (model.score != nullptr &&
      (model.score->process().standardizes() || !model.score->description().origin.empty())) {
    plan.offset = model.score->offset();
    plan.unit = model.score->unit();
  }
  if (model.density != nullptr) {
    plan.offset = model.density->origin();
    plan.unit.assign(plan.offset.size(), 1);
  }
  method.plan(request, &plan);
  if (static_cast<double>(total_steps(plan.moves)) > most_chain_steps)
    fail_usage("a chain of " + std::to_string(total_steps(plan.moves)) +
               " steps is longer than the 4000000000 a random number can tell apart");
  return plan;
}

}  // namespace pushforward
