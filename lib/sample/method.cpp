#include "sample/method.hpp"

#include <algorithm>
#include <map>

#include "base/error.hpp"
#include "sample/ddgan_plan.hpp"
#include "sample/diffusion_plan.hpp"
#include "sample/mcmc_plan.hpp"
#include "sample/restoration_plan.hpp"

namespace pushforward {
namespace {

using Names = std::vector<std::string>;

std::string joined(const Names& names) {
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "" : ", ") + name;
  return text;
}

Names without(Names names, const Names& others) {
  const auto is_other = [&](const std::string& name) {
    return std::find(others.begin(), others.end(), name) != others.end();
  };
  names.erase(std::remove_if(names.begin(), names.end(), is_other), names.end());
  return names;
}

Names joined_lists(Names names, const Names& more) {
  names.insert(names.end(), more.begin(), more.end());
  return names;
}

// Those of one family of models each.
Names own_methods() { return joined_lists(restoration_methods(), {ddgan_method}); }

// Which methods look at an option; all look at the others.
const std::map<std::string, Names>& option_methods() {
  static const Names ranged = diffusion_methods();
  static const Names stepped = without(ranged, {"ode", "adaptive"});
  static const Names langevin = {"ula", "mala", "hmc", "underdamped", "annealed"};
  static const std::map<std::string, Names> table = {
      {"sigma", mcmc_methods()},
      {"burn-in", mcmc_methods()},
      {"chains", mcmc_methods()},
      {"thin", mcmc_methods()},
      {"strict", mcmc_methods()},
      {"preconditioner", mcmc_methods()},
      {"adapt", {"mala", "hmc"}},
      {"leapfrog", {"hmc"}},
      {"jitter", {"hmc"}},
      {"friction", {"underdamped"}},
      {"step-size", langevin},
      {"process", ranged},
      {"sigma-min", ranged},
      {"sigma-max", ranged},
      {"denoise", ranged},
      {"mask", stepped},
      {"steps", joined_lists(mcmc_methods(), stepped)},
      {"trajectory", joined_lists(joined_lists(mcmc_methods(), stepped), own_methods())},
      {"rho", without(stepped, {"annealed"})},
      {"corrector-steps", {"pc"}},
      {"snr", {"pc"}},
      {"variance", {"ddpm"}},
      {"eta", {"ddim"}},
      {"atol", {"ode", "adaptive"}},
      {"rtol", {"ode", "adaptive"}},
      {"churn", {"heun"}},
      {"s-min", {"heun"}},
      {"s-max", {"heun"}},
      {"s-noise", {"heun"}},
      {"delta", restoration_methods()},
      {"start", restoration_methods()},
      {"start-level", restoration_methods()},
      {"init-degraded", restoration_methods()},
      {"algorithm", {"cold"}}};
  return table;
}

std::string default_method(const SampledModel& model, const MethodOptions& options) {
  if (model.restoration != nullptr) return restoration_name(model.restoration->description().kind);
  if (model.ddgan != nullptr) return ddgan_method;
  if (model.score != nullptr) {
    const std::string method = default_diffusion_method(model.score->process().settings());
    return method.empty() ? "ula" : method;
  }
  return options.process ? default_diffusion_method(*options.process) : "mala";
}

}  // namespace

const std::vector<std::string>& sampling_methods() {
  static const std::vector<std::string> methods =
      joined_lists(joined_lists(mcmc_methods(), diffusion_methods()), own_methods());
  return methods;
}

namespace {

void check_guidance(const SampledModel& model, int label) {
  if (model.score == nullptr || model.score->description().classes == 0)
    fail_invalid(model.name + ": --guidance needs a score model trained with --label");
  if (model.score->description().label_dropout == 0)
    fail_invalid(model.name + ": --guidance needs a model trained with --label-dropout");
  if (label < 0) fail_usage("--guidance needs --label, the class to guide to");
}

}  // namespace

SamplingPlan plan_sampling(const SampledModel& model, const MethodOptions& options,
                           const std::function<bool(const std::string&)>& given) {
  SamplingPlan plan;
  plan.method = options.method.empty() ? default_method(model, options) : options.method;
  for (const auto& [option, methods] : option_methods())
    if (given(option) && std::find(methods.begin(), methods.end(), plan.method) == methods.end())
      fail_usage("option --" + option + ": --method " + plan.method + " does not use it; " +
                 joined(methods) + (methods.size() == 1 ? " does" : " do"));
  const bool mcmc =
      std::find(mcmc_methods().begin(), mcmc_methods().end(), plan.method) != mcmc_methods().end();
  if (options.process && model.family != "analytic")
    fail_invalid(model.name + ": a model of the family '" + model.family +
                 "', where --process needs an analytic one");
  if (given("strict") && options.chains == 0) fail_usage("--strict needs --chains");
  if (given("levels") && plan.method != "annealed" &&
      !(options.process && options.process->kind == ProcessKind::ddpm))
    fail_usage("option --levels: --method " + plan.method +
               " does not use it; annealed and --process ddpm do");
  if (options.guidance != 0) check_guidance(model, options.label);
  const Names& restoring = restoration_methods();
  const bool restores =
      std::find(restoring.begin(), restoring.end(), plan.method) != restoring.end();
  if (restores != (model.restoration != nullptr) ||
      (plan.method == ddgan_method) != (model.ddgan != nullptr))
    fail_invalid(model.name + ": a model of the family '" + model.family + "', where --method " +
                 plan.method + " needs " +
                 (restores                      ? "one of score-train --process " + plan.method
                  : plan.method == ddgan_method ? "one of ddgan-train"
                                                : "a score"));
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
  if (restores)
    plan_restoration(model, options, given, &plan);
  else if (model.ddgan != nullptr)
    plan_ddgan(*model.ddgan, options, &plan);
  else if (mcmc)
    plan_mcmc(model, options, &plan);
  else
    plan_diffusion(model, options, given, &plan);
  if (static_cast<double>(total_steps(plan.moves)) > most_chain_steps)
    fail_usage("a chain of " + std::to_string(total_steps(plan.moves)) +
               " steps is longer than the 4000000000 a random number can tell apart");
  return plan;
}

}  // namespace pushforward
