#include "sample/reverse_process.hpp"

#include "base/error.hpp"
#include "base/short_number.hpp"
#include "score/level_warnings.hpp"
#include "score/process_type.hpp"

namespace pushforward {
namespace {

constexpr std::int64_t max_grid_steps = 1000000;

const OptionNames reverse_options = {"process", "sigma-min", "sigma-max", "denoise"};

// As begin_reverse() describes it.
Process asked_process(const SamplingRequest& request, const ProcessSettings& otherwise,
                      const std::string& method) {
  const SampledModel& model = request.model;
  const ReverseOptions& options = request.options.reverse;
  ProcessSettings s;
  if (const ScoreModel* score = model.score()) {
    s = score->process().settings();
    if (!score->process().has_levels())
      fail_invalid(model.name + ": was trained at one noise level, which " + setting("method") +
                   " " + method + " cannot use; use " + setting("method") + " ula");
  } else {
    if (!model.density()->noised())
      fail_invalid(model.name + ": has no noised density, which " + setting("method") + " " +
                   method + " needs; use " + setting("method") + " mala");
    s = options.process.value_or(otherwise);
  }
  const bool ranged = process_type(s.process, model.name).has("sigma_max");
  const std::string follow = ": the levels of the process " + s.process + " follow from its betas";
  if (options.sigma_min && !ranged) fail_usage("option " + setting("sigma_min") + follow);
  if (options.sigma_max && !ranged) fail_usage("option " + setting("sigma_max") + follow);
  if (options.sigma_min.value_or(0) != 0) s.sigma_min = *options.sigma_min;
  if (options.sigma_max.value_or(0) != 0) s.sigma_max = *options.sigma_max;
  if (ranged && s.sigma_min < min_level)
    fail_usage("the lowest level, " + setting("sigma_min") + ", is below 1e-18");
  if (ranged && s.sigma_min >= s.sigma_max)
    fail_usage("the lowest level, " + setting("sigma_min") + ", is not below the highest, " +
               setting("sigma_max"));
  return Process(s, model.name);
}

// Warnings of levels that differ from those that a score model was trained with.
std::vector<std::string> asked_level_warnings(const ScoreModel& model, const Process& process,
                                              const ReverseOptions& options) {
  if (!options.sigma_min && !options.sigma_max) return {};
  const ScoreDescription& d = model.description();
  std::vector<double> deviation = d.sigma_data;
  const std::vector<double> unit = model.unit();
  for (std::size_t j = 0; j < deviation.size(); ++j) deviation[j] /= unit[j];
  if (d.unet) deviation.resize(1);
  std::vector<std::string> warnings = level_warnings(process, deviation);
  const ProcessSettings &asked = process.settings(), &trained = d.process.settings();
  // A process with a p_mean, edm, is trained at levels without bounds.
  if (!process.has("p_mean") &&
      (asked.sigma_max > trained.sigma_max || asked.sigma_min < trained.sigma_min))
    warnings.push_back("the model was trained at levels from " + short_number(trained.sigma_min) +
                       " to " + short_number(trained.sigma_max) +
                       "; what it says at levels outside of them is a guess");
  return warnings;
}

double rho(const SamplingRequest& request) {
  return request.options.reverse.rho.value_or(default_rho);
}

void refuse_unused_rho(const SamplingRequest& request, const Process& process) {
  if (request.options.reverse.rho && !process.grid_has_rho())
    fail_usage("option " + setting("rho") + ": the steps of the process " + process.name() +
               " are even in time; those of edm have a rho");
}

}  // namespace

Method grid_method(const char* name, const std::string& default_steps, const OptionNames& more,
                   const std::vector<MethodField>& fields, PlanFunction plan) {
  const OptionNames shared = joined_options(reverse_options, {"mask", "steps", "trajectory"});
  return {name, Method::Needs::score, default_steps, joined_options(shared, more), fields, plan};
}

Method adaptive_method(const char* name, PlanFunction plan) {
  const OptionNames options = joined_options(reverse_options, {"atol", "rtol"});
  return {name, Method::Needs::score, "", options, {}, plan};
}

Process begin_reverse(const SamplingRequest& request, const ProcessSettings& otherwise,
                      SamplingPlan* plan) {
  const SampledModel& model = request.model;
  const MethodOptions& options = request.options;
  Process process = asked_process(request, otherwise, plan->method);
  if (const ScoreModel* score = model.score()) {
    plan->target = score_target(*score, options.label, options.guidance);
    plan->start.centre = score->centre();
    plan->warnings = asked_level_warnings(*score, process, options.reverse);
  } else {
    plan->target = noised_density_target(*model.density());
  }
  plan->start.scale = process.prior_deviation();
  plan->units.start_scale = process.scale(process.last_time());
  plan->chains = static_cast<std::uint64_t>(options.count);
  plan->rows = {0, 1, 1};
  return process;
}

int grid_steps(const SamplingRequest& request, int by_default, const SamplingPlan& plan) {
  const std::int64_t steps = request.options.steps > 0 ? request.options.steps : by_default;
  if (steps > max_grid_steps)
    fail_usage("option " + setting("steps") + ": " + std::to_string(steps) + " is outside 1.." +
               std::to_string(max_grid_steps) + ", the range for " + setting("method") + " " +
               plan.method);
  return static_cast<int>(steps);
}

std::vector<LevelPoint> asked_time_points(const SamplingRequest& request, const Process& process,
                                          int count) {
  refuse_unused_rho(request, process);
  return time_points(process, count, rho(request));
}

std::vector<LevelPoint> asked_step_points(const SamplingRequest& request, const Process& process,
                                          int steps) {
  refuse_unused_rho(request, process);
  const bool denoise = request.options.reverse.denoise;
  const int needed = denoise ? steps : steps + 1;
  if (process.steps() > 0 && needed > process.steps())
    fail_usage("option " + setting("steps") + ": the process has " +
               std::to_string(process.steps()) + " steps" +
               (denoise ? "" : ", of which " + setting("denoise") + " no keeps the last") +
               "; fewer can be asked for, not more");
  const std::vector<LevelPoint> points = step_points(process, needed, rho(request));
  return denoise ? then_clean(points) : points;
}

std::vector<LevelPoint> asked_edm_points(const SamplingRequest& request, const Process& process,
                                         int steps) {
  const bool denoise = request.options.reverse.denoise;
  const double low = process.sigma(process.first_time()), high = process.sigma(process.last_time());
  std::vector<LevelPoint> points;
  for (const double sigma : edm_grid(low, high, denoise ? steps : steps + 1, rho(request))) {
    const double t = process.time_of(sigma);
    points.push_back({t, sigma, process.scale(t)});
  }
  return denoise ? then_clean(points) : points;
}

void end_denoised(const SamplingRequest& request, double sigma, SamplingPlan* plan) {
  if (request.options.reverse.denoise) plan->transitions.push_back(denoising_transition(sigma));
  end_reverse(plan);
}

void end_reverse(SamplingPlan* plan) {
  plan->rows = {total_steps(plan->transitions), 1, 1};
  plan->units.end_scale = plan->transitions.back().scale;
}

void plan_adaptive_steps(const SamplingRequest& request, const ProcessSettings& otherwise,
                         AdaptivePlan::Equation equation, SamplingPlan* plan) {
  const SampledModel& model = request.model;
  const ReverseOptions& options = request.options.reverse;
  const Process process = begin_reverse(request, otherwise, plan);
  plan->adaptive = {equation, process, options.atol, options.rtol, options.denoise, {}};
  if (const ScoreModel* score = model.score();
      score != nullptr && !score->description().standardizes())
    plan->adaptive->data_scale = score->description().sigma_data;
  plan->units.end_scale = options.denoise ? 1 : process.scale(process.first_time());
}

}  // namespace pushforward
