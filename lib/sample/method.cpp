#include "sample/method.hpp"

#include <algorithm>
#include <cmath>
#include <map>

#include "base/error.hpp"
#include "flow/labelled_flow.hpp"
#include "nn/model_file.hpp"

namespace pushforward {
namespace {

constexpr double most_steps = 4e9;  // a step number has 32 bits

constexpr std::int64_t most_grid_steps = 1000000;

// Song, Ermon (2019): 2e-5 at a lowest level of 0.01, and a factor of 0.6 from level to level.
constexpr double annealed_step_factor = 0.2;
const double annealed_ratio = std::pow(100.0, 1 / 9.0);

using Names = std::vector<std::string>;

// Which methods look at an option; all look at the others.
const std::map<std::string, Names>& option_methods() {
  static const Names levelled = {"annealed", "heun", "euler-maruyama"};
  static const std::map<std::string, Names> table = {{"sigma", {"ula"}},
                                                     {"burn-in", {"ula"}},
                                                     {"chains", {"ula"}},
                                                     {"thin", {"ula"}},
                                                     {"step-size", {"ula", "annealed"}},
                                                     {"sigma-min", levelled},
                                                     {"sigma-max", levelled},
                                                     {"denoise", levelled},
                                                     {"levels", {"annealed"}},
                                                     {"rho", {"heun", "euler-maruyama"}},
                                                     {"churn", {"heun"}},
                                                     {"s-min", {"heun"}},
                                                     {"s-max", {"heun"}},
                                                     {"s-noise", {"heun"}}};
  return table;
}

std::string joined(const Names& names) {
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "" : ", ") + name;
  return text;
}

std::string default_method(const SampledModel& model, const std::string& process) {
  const std::string trained =
      model.score != nullptr ? process_name(model.score->process().kind()) : process;
  return trained == "ve" ? "annealed" : trained == "edm" ? "heun" : "ula";
}

// The levels a sampler covers: the model's own, or those of the process that noises it.
Process sampled_process(const SampledModel& model, const MethodOptions& options,
                        const std::string& method) {
  ProcessSettings process;
  if (model.score != nullptr) {
    process = model.score->process().settings();
    if (process.kind == ProcessKind::none)
      fail_invalid(model.name + ": was trained at one noise level, which --method " + method +
                   " cannot use; use --method ula");
  } else {
    if (!model.density->noised())
      fail_invalid(model.name + ": has no noised density, which --method " + method +
                   " needs; use --method ula");
    const bool edm = options.process.empty() ? method == "heun" : options.process == "edm";
    process = ProcessSettings::with_defaults(edm ? ProcessKind::edm : ProcessKind::ve);
    // A solver starts from the prior, which the data must be small against; Song et al. (2021).
    if (!edm && method != "annealed") process.sigma_max = 50;
  }
  if (options.sigma_min != 0) process.sigma_min = options.sigma_min;
  if (options.sigma_max != 0) process.sigma_max = options.sigma_max;
  if (process.sigma_min >= process.sigma_max)
    fail_usage("the lowest level, --sigma-min, is not below the highest, --sigma-max");
  if (options.levels > 0) {
    process.levels = static_cast<int>(options.levels);
  } else if (process.kind != ProcessKind::ve) {
    const double rungs =
        std::ceil(std::log(process.sigma_max / process.sigma_min) / std::log(annealed_ratio));
    process.levels = 1 + static_cast<int>(rungs);
  }
  return Process(process, model.name);
}

void plan_ula(const SampledModel& model, const MethodOptions& options, SamplingPlan* plan) {
  double sigma = options.sigma;
  if (model.score != nullptr) {
    const ProcessSettings& process = model.score->process().settings();
    if (process.kind == ProcessKind::none && sigma != 0 && sigma != process.sigma)
      fail_invalid(model.name + ": was trained at one noise level; leave out --sigma");
    if (sigma == 0) sigma = process.kind == ProcessKind::none ? process.sigma : process.sigma_min;
    plan->source = std::make_unique<ModelScore>(model.score.get());
  } else if (sigma != 0) {
    if (!model.density->noised())
      fail_invalid(model.name + ": has no noised density; leave out --sigma");
    plan->source = std::make_unique<NoisedDensityScore>(model.density.get());
  } else {
    plan->source = std::make_unique<DensityScore>(model.density.get());
  }
  double step_size = options.step_size;
  if (step_size == 0)
    step_size = sigma == 0 ? 0.01 : std::min(0.01, annealed_step_factor * sigma * sigma);

  const std::uint64_t count = static_cast<std::uint64_t>(options.count);
  std::uint64_t burn_in = static_cast<std::uint64_t>(std::max<std::int64_t>(options.burn_in, 0));
  std::uint64_t steps = options.steps > 0 ? static_cast<std::uint64_t>(options.steps) : 1000;
  plan->chains = count;
  plan->rows = {burn_in + steps, 1, 1};
  if (options.chains > 0) {
    plan->chains = static_cast<std::uint64_t>(options.chains);
    if (count % plan->chains != 0)
      fail_usage("--count " + std::to_string(count) + " is not a multiple of --chains " +
                 std::to_string(plan->chains));
    const std::uint64_t each = count / plan->chains;
    if (options.burn_in < 0) burn_in = 1000;
    std::uint64_t thin = options.thin > 0 ? static_cast<std::uint64_t>(options.thin) : 1;
    if (options.steps > 0 && options.thin == 0 && steps % each == 0) thin = steps / each;
    if (options.steps > 0 && steps != thin * each)
      fail_usage("--steps " + std::to_string(steps) + " does not fit the " + std::to_string(each) +
                 " rows of a chain, --thin steps apart; leave out --steps or --thin");
    steps = thin * each;
    plan->rows = {burn_in + thin, thin, each};
  } else if (options.thin > 0) {
    fail_usage("--thin needs --chains");
  }
  plan->moves = ula_moves(step_size, burn_in + steps, sigma);
  plan->diverges_with_step = true;
}

// The moves of a method that goes through levels.
void plan_levels(const Process& process, const MethodOptions& options, SamplingPlan* plan) {
  if (plan->method == "annealed") {
    const std::vector<double> ladder = process.ladder();
    const double lowest = ladder.back();
    const std::int64_t steps = options.steps > 0 ? options.steps : 100;
    const double step_size =
        options.step_size != 0 ? options.step_size : annealed_step_factor * lowest * lowest;
    plan->moves =
        annealed_moves(ladder, step_size, static_cast<std::uint64_t>(steps), options.denoise);
    return;
  }
  const bool heun = plan->method == "heun";
  const std::int64_t steps = options.steps > 0 ? options.steps : heun ? 18 : 1000;
  if (steps > most_grid_steps)
    fail_usage("option --steps: " + std::to_string(steps) + " is outside 1.." +
               std::to_string(most_grid_steps) + ", the range for --method " + plan->method);
  if (heun)
    plan->moves = heun_moves(process.settings().sigma_min, process.settings().sigma_max, static_cast<int>(steps),
                             options.rho, options.churn, options.denoise);
  else
    plan->moves =
        euler_maruyama_moves(process, static_cast<int>(steps), options.rho, options.denoise);
}

}  // namespace

SampledModel read_sampled_model(const ContainerReader& reader, int label) {
  SampledModel model;
  model.name = reader.name();
  model.family = model_family(reader);
  if (model.family == "score")
    model.score = read_score_model(reader);
  else
    model.density = with_label(read_density(reader), label, reader.name());
  if (model.score != nullptr && label >= 0)
    fail_invalid(reader.name() + ": this model is not conditional; leave out --label");
  model.row_shape = read_row_shape(reader, model.dimension());
  return model;
}

const std::vector<std::string>& sampling_methods() {
  static const std::vector<std::string> methods = {"ula", "annealed", "heun", "euler-maruyama"};
  return methods;
}

SamplingPlan plan_sampling(const SampledModel& model, const MethodOptions& options,
                           const std::function<bool(const std::string&)>& given) {
  SamplingPlan plan;
  plan.method = options.method.empty() ? default_method(model, options.process) : options.method;
  for (const auto& [option, methods] : option_methods())
    if (given(option) && std::find(methods.begin(), methods.end(), plan.method) == methods.end())
      fail_usage("option --" + option + ": --method " + plan.method + " does not use it; " +
                 joined(methods) + (methods.size() == 1 ? " does" : " do"));
  if (!options.process.empty() && plan.method == "ula")
    fail_usage("option --process: --method ula does not use it; it takes one level, --sigma");
  if (!options.process.empty() && model.family != "analytic")
    fail_invalid(model.name + ": a model of the family '" + model.family +
                 "', where --process needs an analytic one");
  const std::size_t dimension = static_cast<std::size_t>(model.dimension());
  plan.centre.assign(dimension, 0);
  if (plan.method == "ula") {
    plan_ula(model, options, &plan);
  } else {
    const Process process = sampled_process(model, options, plan.method);
    if (model.score != nullptr)
      plan.source = std::make_unique<ModelScore>(model.score.get());
    else
      plan.source = std::make_unique<NoisedDensityScore>(model.density.get());
    if (model.score != nullptr) plan.centre = model.score->description().mean;
    plan.scale = process.settings().sigma_max;
    plan.chains = static_cast<std::uint64_t>(options.count);
    plan_levels(process, options, &plan);
    if (given("rho") && plan.method == "euler-maruyama" && process.kind() == ProcessKind::ve)
      fail_usage(
          "option --rho: the steps of the process ve are even in time; those of edm have a rho");
    plan.rows = {total_steps(plan.moves), 1, 1};
  }
  if (static_cast<double>(total_steps(plan.moves)) > most_steps)
    fail_usage("a chain of " + std::to_string(total_steps(plan.moves)) +
               " steps is longer than the 4000000000 a random number can tell apart");
  return plan;
}

}  // namespace pushforward
