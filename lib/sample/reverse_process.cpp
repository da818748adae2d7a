#include "sample/reverse_process.hpp"

#include "base/error.hpp"
#include "base/short_number.hpp"
#include "score/level_warnings.hpp"
#include "score/process_type.hpp"

namespace pushforward {
namespace {

constexpr std::int64_t max_grid_steps = 1000000;

std::vector<std::string> joined_lists(std::vector<std::string> list,
                                      const std::vector<std::string>& more) {
  list.insert(list.end(), more.begin(), more.end());
  return list;
}

// The model's own process, or the one that noises it, over the levels asked for.
Process asked_process(const SamplingRequest& request, const ProcessSettings& otherwise,
                      const std::string& method) {
  const SampledModel& model = request.model;
  const MethodOptions& options = request.options;
  ProcessSettings s;
  if (model.score != nullptr) {
    s = model.score->process().settings();
    if (!model.score->process().has_levels())
      fail_invalid(model.name + ": was trained at one noise level, which --method " + method +
                   " cannot use; use --method ula");
  } else {
    if (!model.density->noised())
      fail_invalid(model.name + ": has no noised density, which --method " + method +
                   " needs; use --method mala");
    s = options.process.value_or(otherwise);
  }
  const bool ranged = process_type(s.process, model.name).has("sigma_max");
  for (const char* option : {"sigma-min", "sigma-max"})
    if (request.given(option) && !ranged)
      fail_usage(std::string("option --") + option + ": the levels of the process " + s.process +
                 " follow from its betas");
  if (options.sigma_min != 0) s.sigma_min = options.sigma_min;
  if (options.sigma_max != 0) s.sigma_max = options.sigma_max;
  if (ranged && s.sigma_min < min_level)
    fail_usage("the lowest level, --sigma-min, is below 1e-18");
  if (ranged && s.sigma_min >= s.sigma_max)
    fail_usage("the lowest level, --sigma-min, is not below the highest, --sigma-max");
  return Process(s, model.name);
}

// Of levels that were asked for in place of those a score model was trained with.
std::vector<std::string> asked_level_warnings(const ScoreModel& model, const Process& process,
                                              const SamplingRequest& request) {
  if (!request.given("sigma-min") && !request.given("sigma-max")) return {};
  const ScoreDescription& d = model.description();
  std::vector<double> deviation = d.sigma_data;
  const std::vector<double> unit = model.unit();
  for (std::size_t j = 0; j < deviation.size(); ++j) deviation[j] /= unit[j];
  if (d.unet) deviation.resize(1);
  std::vector<std::string> warnings = level_warnings(process, deviation);
  const ProcessSettings &asked = process.settings(), &trained = d.process.settings();
  // A process with a p_mean, edm, is trained at levels without ends.
  if (!process.has("p_mean") &&
      (asked.sigma_max > trained.sigma_max || asked.sigma_min < trained.sigma_min))
    warnings.push_back("the model was trained at levels from " + short_number(trained.sigma_min) +
                       " to " + short_number(trained.sigma_max) +
                       "; what it says at levels outside of them is a guess");
  return warnings;
}

void refuse_unused_rho(const SamplingRequest& request, const Process& process) {
  if (request.given("rho") && !process.grid_has_rho())
    fail_usage("option --rho: the steps of the process " + process.name() +
               " are even in time; those of edm have a rho");
}

}  // namespace

std::vector<std::string> reverse_options(const std::vector<std::string>& more) {
  return joined_lists({"process", "sigma-min", "sigma-max", "denoise"}, more);
}

std::vector<std::string> grid_options(const std::vector<std::string>& more) {
  return reverse_options(joined_lists({"mask", "steps", "trajectory"}, more));
}

Process begin_reverse(const SamplingRequest& request, const ProcessSettings& otherwise,
                      SamplingPlan* plan) {
  const SampledModel& model = request.model;
  const MethodOptions& options = request.options;
  Process process = asked_process(request, otherwise, plan->method);
  if (model.score != nullptr) {
    plan->source = std::make_unique<ModelScore>(model.score.get(), options.label, options.guidance);
    plan->centre = model.score->centre();
    plan->warnings = asked_level_warnings(*model.score, process, request);
  } else {
    plan->source = std::make_unique<NoisedDensityScore>(model.density.get());
  }
  plan->scale = process.prior_deviation();
  plan->start_scale = process.scale(process.last_time());
  plan->chains = static_cast<std::uint64_t>(options.count);
  plan->rows = {0, 1, 1};
  return process;
}

int grid_steps(const SamplingRequest& request, std::int64_t by_default, const SamplingPlan& plan) {
  const std::int64_t steps = request.options.steps > 0 ? request.options.steps : by_default;
  if (steps > max_grid_steps)
    fail_usage("option --steps: " + std::to_string(steps) + " is outside 1.." +
               std::to_string(max_grid_steps) + ", the range for --method " + plan.method);
  return static_cast<int>(steps);
}

std::vector<LevelPoint> asked_time_points(const SamplingRequest& request, const Process& process,
                                          int count) {
  refuse_unused_rho(request, process);
  return time_points(process, count, request.options.rho);
}

std::vector<LevelPoint> asked_step_points(const SamplingRequest& request, const Process& process,
                                          int steps) {
  refuse_unused_rho(request, process);
  const bool denoise = request.options.denoise;
  const int needed = denoise ? steps : steps + 1;
  if (process.steps() > 0 && needed > process.steps())
    fail_usage("option --steps: the process has " + std::to_string(process.steps()) + " steps" +
               (denoise ? "" : ", of which --denoise no keeps the last") +
               "; fewer can be asked for, not more");
  const std::vector<LevelPoint> points = step_points(process, needed, request.options.rho);
  return denoise ? then_clean(points) : points;
}

std::vector<LevelPoint> asked_edm_points(const SamplingRequest& request, const Process& process,
                                         int steps) {
  const bool denoise = request.options.denoise;
  const double low = process.sigma(process.first_time()), high = process.sigma(process.last_time());
  std::vector<LevelPoint> points;
  for (const double sigma : edm_grid(low, high, denoise ? steps : steps + 1, request.options.rho)) {
    const double t = process.time_of(sigma);
    points.push_back({t, sigma, process.scale(t)});
  }
  return denoise ? then_clean(points) : points;
}

void end_denoised(const SamplingRequest& request, double sigma, SamplingPlan* plan) {
  if (request.options.denoise) plan->moves.push_back(denoising_move(sigma));
  end_reverse(plan);
}

void end_reverse(SamplingPlan* plan) {
  plan->rows = {total_steps(plan->moves), 1, 1};
  plan->end_scale = plan->moves.back().scale;
}

void plan_adaptive_steps(const SamplingRequest& request, const ProcessSettings& otherwise,
                         AdaptivePlan::Equation equation, SamplingPlan* plan) {
  const SampledModel& model = request.model;
  const MethodOptions& options = request.options;
  const Process process = begin_reverse(request, otherwise, plan);
  plan->adaptive = {equation, process, options.atol, options.rtol, options.denoise, {}};
  if (model.score != nullptr && !process.standardizes())
    plan->adaptive->data_scale = model.score->description().sigma_data;
  plan->end_scale = options.denoise ? 1 : process.scale(process.first_time());
}

}  // namespace pushforward
