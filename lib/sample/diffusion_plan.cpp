#include "sample/diffusion_plan.hpp"

#include <algorithm>
#include <cmath>

#include "base/error.hpp"
#include "base/short_number.hpp"
#include "sample/annealed_step.hpp"
#include "sample/corrector_pilot.hpp"
#include "sample/diffusion_moves.hpp"
#include "score/level_warnings.hpp"

namespace pushforward {
namespace {

constexpr std::int64_t most_grid_steps = 1000000;

// Song, Ermon (2019): 2e-5 at a lowest level of 0.01, and a factor of 0.6 from level to level.
constexpr double annealed_step_factor = 0.2;
const double annealed_ratio = std::pow(100.0, 1 / 9.0);
constexpr std::int64_t annealed_steps = 100;
// Song, Ermon (2020): 5 steps a level are enough where levels are this close, as in many
// dimensions.
constexpr std::int64_t close_annealed_steps = 5;
constexpr double close_ratio = 1.1;

bool among(const std::string& method, std::initializer_list<const char*> methods) {
  return std::find(methods.begin(), methods.end(), method) != methods.end();
}

// How an analytic model is noised unless told otherwise.
ProcessSettings default_process(const std::string& method) {
  if (method == "annealed") return ProcessSettings::with_defaults(ProcessKind::ve);
  if (among(method, {"heun", "dpm++", "ode"}))
    return ProcessSettings::with_defaults(ProcessKind::edm);
  if (among(method, {"ancestral", "ddpm", "ddim"}))
    return ProcessSettings::with_defaults(ProcessKind::ddpm);
  // A solver starts from the prior, which the data must be small against.
  return ProcessSettings::continuous_ve();
}

// The model's own process, or the one that noises it, over the levels asked for.
Process sampled_process(const SampledModel& model, const MethodOptions& options,
                        const std::function<bool(const std::string&)>& given,
                        const std::string& method) {
  ProcessSettings s;
  if (model.score != nullptr) {
    s = model.score->process().settings();
    if (s.kind == ProcessKind::none)
      fail_invalid(model.name + ": was trained at one noise level, which --method " + method +
                   " cannot use; use --method ula");
  } else {
    if (!model.density->noised())
      fail_invalid(model.name + ": has no noised density, which --method " + method +
                   " needs; use --method mala");
    s = options.process.value_or(default_process(method));
  }
  const bool ranged = s.kind == ProcessKind::ve || s.kind == ProcessKind::edm;
  for (const char* option : {"sigma-min", "sigma-max"})
    if (given(option) && !ranged)
      fail_usage(std::string("option --") + option + ": the levels of the process " +
                 process_name(s.kind) + " follow from its betas");
  if (options.sigma_min != 0) s.sigma_min = options.sigma_min;
  if (options.sigma_max != 0) s.sigma_max = options.sigma_max;
  if (ranged && s.sigma_min < least_level)
    fail_usage("the lowest level, --sigma-min, is below 1e-18");
  if (ranged && s.sigma_min >= s.sigma_max)
    fail_usage("the lowest level, --sigma-min, is not below the highest, --sigma-max");
  return Process(s, model.name);
}

// Of levels that were asked for in place of those a score model was trained with.
std::vector<std::string> asked_level_warnings(
    const ScoreModel& model, const Process& process,
    const std::function<bool(const std::string&)>& given) {
  if (!given("sigma-min") && !given("sigma-max")) return {};
  const ScoreDescription& d = model.description();
  std::vector<double> deviation = d.sigma_data;
  const std::vector<double> unit = model.unit();
  for (std::size_t j = 0; j < deviation.size(); ++j) deviation[j] /= unit[j];
  if (d.unet) deviation.resize(1);
  std::vector<std::string> warnings = level_warnings(process, deviation);
  const ProcessSettings &asked = process.settings(), &trained = d.process.settings();
  // Training of edm has no ends.
  if (asked.kind == ProcessKind::ve &&
      (asked.sigma_max > trained.sigma_max || asked.sigma_min < trained.sigma_min))
    warnings.push_back("the model was trained at levels from " + short_number(trained.sigma_min) +
                       " to " + short_number(trained.sigma_max) +
                       "; what it says at levels outside of them is a guess");
  return warnings;
}

void plan_annealed(const SampledModel& model, const Process& process, const MethodOptions& options,
                   SamplingPlan* plan) {
  ProcessSettings ladder = ProcessSettings::continuous_ve();
  ladder.sigma_min = process.sigma(process.first_time());
  ladder.sigma_max = process.sigma(process.last_time());
  if (ladder.sigma_min >= ladder.sigma_max)
    fail_invalid(model.name +
                 ": its process has one noise level, and --method annealed goes down " +
                 "from one to the next; use --method ddpm");
  ladder.levels = process.kind() == ProcessKind::ve ? process.settings().levels : 0;
  if (options.levels > 0) ladder.levels = static_cast<int>(options.levels);
  if (ladder.levels == 0)
    ladder.levels =
        1 + static_cast<int>(std::ceil(
                std::log(ladder.sigma_max / ladder.sigma_min) / std::log(annealed_ratio) - 1e-9));
  const std::vector<double> levels = Process(ladder).ladder();
  // A network that is not told the level has the steps of the paper that proposed it.
  const bool untold =
      model.score != nullptr && model.score->description().embedding == Embedding::none;
  const double ratio = levels.size() > 1 ? levels[0] / levels[1] : close_ratio + 1;
  const std::int64_t steps = options.steps > 0               ? options.steps
                             : untold && ratio < close_ratio ? close_annealed_steps
                                                             : annealed_steps;
  const double lowest = levels.back();
  double step_size = options.step_size;
  if (step_size == 0 && untold && levels.size() > 1)
    step_size = annealed_step_size(ratio, lowest, static_cast<int>(steps));
  if (step_size == 0) step_size = annealed_step_factor * lowest * lowest;
  plan->step_size = step_size;
  plan->moves =
      annealed_moves(levels, step_size, static_cast<std::uint64_t>(steps), options.denoise);
  for (Move& move : plan->moves) move.scale = process.scale(process.time_of(move.sigma));
  if (options.denoise) plan->moves.back().scale = 1;
}

std::int64_t default_steps(const std::string& method, const Process& process) {
  if (method == "heun") return 18;
  if (method == "dpm++") return 20;
  if (method == "ddim")
    return std::min(50, process.kind() == ProcessKind::ddpm ? process.settings().levels : 50);
  const bool stepwise = among(method, {"ddpm", "ancestral"});
  return stepwise && process.kind() == ProcessKind::ddpm ? process.settings().levels : 1000;
}

// Solvers of the probability-flow equation, over the levels of Karras et al. (2022).
void plan_deterministic(const Process& process, const MethodOptions& options, int steps,
                        SamplingPlan* plan) {
  const double low = process.sigma(process.first_time()), high = process.sigma(process.last_time());
  std::vector<LevelPoint> points;
  for (const double sigma : edm_grid(low, high, options.denoise ? steps : steps + 1, options.rho)) {
    const double t = process.time_of(sigma);
    points.push_back({t, sigma, process.scale(t)});
  }
  if (options.denoise) points = then_clean(points);
  if (plan->method == "dpm++") {
    CarriedMoves carried = dpm_solver_moves(points, plan->source->dimension());
    plan->moves = std::move(carried.moves);
    plan->companions = std::move(carried.companions);
    return;
  }
  plan->moves = heun_moves(low, high, steps, options.rho, options.churn, options.denoise);
  for (std::size_t i = 0; i < plan->moves.size(); ++i) plan->moves[i].scale = points[i + 1].scale;
}

PosteriorVariance step_variance_of(const Process& process, const MethodOptions& options,
                                   const SamplingPlan& plan) {
  // As published: Song et al. (2021) take beta for vp, the small variance for ve.
  if (plan.method == "ancestral")
    return process.kind() == ProcessKind::vp ? PosteriorVariance::fixed_large
                                             : PosteriorVariance::fixed_small;
  const bool learned = plan.source->has_variance();
  if (options.variance == "learned" && !learned)
    fail_usage("--variance learned needs a model trained with score-train --variance learned");
  if (options.variance == "learned" || (options.variance.empty() && learned))
    return PosteriorVariance::learned;
  return options.variance == "fixed-large" ? PosteriorVariance::fixed_large
                                           : PosteriorVariance::fixed_small;
}

// Methods whose last step, with options.denoise, is the one to the clean row.
void plan_stepwise(const Process& process, const MethodOptions& options, int steps,
                   SamplingPlan* plan) {
  const int needed = options.denoise ? steps : steps + 1;
  if (process.kind() == ProcessKind::ddpm && needed > process.settings().levels)
    fail_usage("option --steps: the process has " + std::to_string(process.settings().levels) +
               " steps" + (options.denoise ? "" : ", of which --denoise no keeps the last") +
               "; fewer can be asked for, not more");
  std::vector<LevelPoint> points = step_points(process, needed, options.rho);
  if (options.denoise) points = then_clean(points);
  if (plan->method == "ddim") {
    plan->moves = ddim_moves(points, options.eta);
    return;
  }
  plan->moves = ancestral_moves(points, step_variance_of(process, options, *plan));
}

// Methods that step through time and end, with options.denoise, by one more evaluation.
void plan_timewise(const Process& process, const MethodOptions& options, int steps,
                   SamplingPlan* plan) {
  const std::vector<LevelPoint> points = time_points(process, steps + 1, options.rho);
  if (plan->method == "euler-maruyama")
    plan->moves = euler_maruyama_moves(process, points);
  else
    plan->moves = reverse_diffusion_moves(
        process, points, plan->method == "pc" ? static_cast<int>(options.corrector_steps) : 0,
        options.snr);
  measure_correctors(*plan->source, plan->centre, plan->scale, &plan->moves);
  if (options.denoise) plan->moves.push_back(denoising_move(points.back().sigma));
}

}  // namespace

const std::vector<std::string>& diffusion_methods() {
  static const std::vector<std::string> methods = {"annealed",
                                                   "pc",
                                                   "euler-maruyama",
                                                   "reverse-diffusion",
                                                   "ancestral",
                                                   "adaptive",
                                                   "ode",
                                                   "heun",
                                                   "dpm++",
                                                   "ddpm",
                                                   "ddim"};
  return methods;
}

std::string default_diffusion_method(const ProcessSettings& process) {
  switch (process.kind) {
    case ProcessKind::none:
      return "";
    case ProcessKind::ve:
      return process.levels > 0 ? "annealed" : "pc";
    case ProcessKind::vp:
    case ProcessKind::subvp:
      return "pc";
    case ProcessKind::ddpm:
      return "ddpm";
    case ProcessKind::edm:
      break;
  }
  return "heun";
}

void plan_diffusion(const SampledModel& model, const MethodOptions& options,
                    const std::function<bool(const std::string&)>& given, SamplingPlan* plan) {
  const Process process = sampled_process(model, options, given, plan->method);
  if (model.score != nullptr) {
    plan->source = std::make_unique<ModelScore>(model.score.get(), options.label, options.guidance);
    plan->centre = model.score->centre();
    plan->warnings = asked_level_warnings(*model.score, process, given);
  } else {
    plan->source = std::make_unique<NoisedDensityScore>(model.density.get());
  }
  plan->scale = process.prior_deviation();
  plan->start_scale = process.scale(process.last_time());
  plan->chains = static_cast<std::uint64_t>(options.count);
  plan->rows = {0, 1, 1};
  if (given("rho") && process.kind() != ProcessKind::edm && !among(plan->method, {"heun", "dpm++"}))
    fail_usage("option --rho: the steps of the process " +
               std::string(process_name(process.kind())) +
               " are even in time; those of edm have a rho");
  if (plan->method == "ode" || plan->method == "adaptive") {
    plan->adaptive = {process, options.atol, options.rtol, options.denoise, {}};
    if (model.score != nullptr && !process.standardizes())
      plan->adaptive->data_scale = model.score->description().sigma_data;
    plan->end_scale = options.denoise ? 1 : process.scale(process.first_time());
    return;
  }
  if (plan->method == "annealed") {
    plan_annealed(model, process, options, plan);
  } else {
    const std::int64_t steps =
        options.steps > 0 ? options.steps : default_steps(plan->method, process);
    if (steps > most_grid_steps)
      fail_usage("option --steps: " + std::to_string(steps) + " is outside 1.." +
                 std::to_string(most_grid_steps) + ", the range for --method " + plan->method);
    const auto fill = among(plan->method, {"heun", "dpm++"})               ? plan_deterministic
                      : among(plan->method, {"ddpm", "ddim", "ancestral"}) ? plan_stepwise
                                                                           : plan_timewise;
    fill(process, options, static_cast<int>(steps), plan);
  }
  plan->rows = {total_steps(plan->moves), 1, 1};
  plan->end_scale = plan->moves.back().scale;
}

}  // namespace pushforward
