#include "likelihood/density_plan.hpp"

#include <cmath>

#include "base/error.hpp"
#include "base/short_number.hpp"

namespace pushforward {
namespace {

constexpr int max_exact_dimension = 64;
constexpr int default_probes = 4;  // enough to tell how much they differ

void refuse(const std::function<bool(const std::string&)>& given,
            const std::vector<const char*>& options, const std::string& why) {
  for (const char* option : options)
    if (given(option)) fail_usage("option " + setting(option) + ": " + why);
}

// The time at which a process has corrupted the data as much as was asked for; none if nothing was.
std::optional<double> corruption(const Process& process, const DensityOptions& options) {
  const double last = process.last_time(), most = process.sigma(last);
  if (options.time && *options.time > last)
    fail_usage("option " + setting("time") + ": " + short_number(*options.time, 6) + " is beyond " +
               short_number(last, 6) + ", where the process " + process.name() + " ends");
  if (options.time) return options.time;
  if (!options.sigma || *options.sigma == 0) return std::nullopt;
  // A ladder or a range begins above 0; lower levels were never trained.
  const double least = process.sigma(process.min_time());
  if (*options.sigma < least * (1 - 1e-9) || *options.sigma > most * (1 + 1e-9))
    fail_usage("option " + setting("sigma") + ": " + short_number(*options.sigma, 6) +
               " is outside " + short_number(least, 6) + ".." + short_number(most, 6) +
               ", the levels of the process " + process.name());
  return process.time_of(*options.sigma);
}

void plan_exact(const SampledModel& model, const DensityOptions& options, DensityPlan* plan) {
  plan->noised = options.process || (options.sigma && *options.sigma > 0);
  if (!plan->noised) return;
  if (!model.density()->noised())
    fail_invalid(model.name + ": this model has no exact density under noise; " +
                 (options.process ? setting("process") : setting("sigma")) + " needs a mixture");
  if (!options.process) {
    plan->deviation = *options.sigma;
    return;
  }
  const Process process(*options.process);
  const std::optional<double> time = corruption(process, options);
  if (!time)
    fail_usage("option " + setting("process") + ": " + setting("method") + " exact takes it with " +
               setting("time") + " or " + setting("sigma") + ", how much of it");
  plan->scale = process.scale(*time);
  plan->deviation = plan->scale * process.sigma(*time);
}

void plan_eight_bit(const DensityOptions& options,
                    const std::function<bool(const std::string&)>& given, DensityPlan* plan) {
  refuse(given, {"score"}, "the probability of whole numbers has no gradient");
  plan->eight_bit = true;
  if (options.draws > 0) plan->draws = options.draws;
}

void plan_ode(const SampledModel& model, const DensityOptions& options,
              const std::function<bool(const std::string&)>& given, DensityPlan* plan) {
  if (const ScoreModel* score = model.score()) {
    if (!score->process().has_levels())
      fail_invalid(model.name + ": was trained at one noise level, which gives no density");
    plan->model = noised_model(*score);
  } else {
    if (!model.density()->noised())
      fail_invalid(model.name + ": has no noised density, which " + setting("method") +
                   " ode needs");
    if (!options.process)
      fail_usage(setting("method") + " ode needs " + setting("process") +
                 ", what noises the model");
    plan->model = noised_model(*model.density(), Process(*options.process));
  }
  const Process& process = plan->model.process;
  const std::optional<double> time = corruption(process, options);
  plan->time = time.value_or(process.min_time());
  if (model.density() != nullptr && time)
    for (double& v : plan->model.origin) v *= process.scale(plan->time);
  if (plan->time < process.min_time())
    fail_usage("option " + setting("time") + ": " + setting("method") + " ode begins at " +
               short_number(process.min_time(), 6) + " or later");
  OdeSettings& settings = plan->settings;
  settings.atol = options.atol;
  settings.rtol = options.rtol;
  const bool few = model.dimension() <= max_exact_dimension;
  settings.trace =
      options.trace == "exact" || (options.trace.empty() && few) ? Trace::exact : Trace::hutchinson;
  if (settings.trace == Trace::hutchinson) {
    settings.probes = options.probes > 0 ? options.probes : default_probes;
    return;
  }
  refuse(given, {"probes", "seed"}, setting("trace") + " exact does not use it; hutchinson does");
}

void plan_bound(const SampledModel& model, const DensityOptions& options,
                const std::function<bool(const std::string&)>& given, DensityPlan* plan) {
  const ScoreModel* score = model.score();
  if (score == nullptr || score->process().steps() == 0)
    fail_invalid(model.name + ": " + setting("method") +
                 " bound is for a score model of the process ddpm");
  refuse(given, {"trace", "atol", "rtol", "time", "sigma", "score"},
         setting("method") + " bound does not use it");
  if (options.probes > 0) plan->draws = options.probes;
  if (!options.variance.empty() && score->description().learned_variance)
    fail_usage("option " + setting("variance") + ": the model has learned its own");
  plan->large_variance = options.variance != "fixed-small";
}

}  // namespace

DensityPlan plan_density(const SampledModel& model, const DensityOptions& options,
                         const std::function<bool(const std::string&)>& given) {
  DensityPlan plan;
  plan.method = !options.method.empty()    ? options.method
                : model.score() != nullptr ? "ode"
                                           : "exact";
  if (options.time && options.sigma)
    fail_usage(setting("time") + " and " + setting("sigma") + " say the same thing; give one");
  if (options.process && model.family != "analytic")
    fail_invalid(model.name + ": a model of the family '" + model.family + "', where " +
                 setting("process") + " needs an analytic one");
  if (options.time && !options.process && model.score() == nullptr)
    fail_usage("option " + setting("time") + ": needs " + setting("process") +
               ", whose time it is");
  if (plan.method != "bound")
    refuse(given, {"variance"},
           setting("method") + " " + plan.method + " does not use it; bound does");
  if (model.eight_bit())
    plan_eight_bit(options, given, &plan);
  else
    refuse(given, {"draws"},
           "only a flow of 8-bit data, made with " + setting("dequantize") + ", uses it");
  if (plan.method == "ode") {
    plan_ode(model, options, given, &plan);
    return plan;
  }
  if (plan.method == "bound") {
    plan_bound(model, options, given, &plan);
    return plan;
  }
  if (model.score() != nullptr)
    fail_invalid(model.name + ": a score model has no exact density; use " + setting("method") +
                 " ode");
  const std::string why = setting("method") + " exact does not use it; ode does";
  refuse(given, {"trace", "probes", "atol", "rtol"}, why);
  if (!plan.eight_bit) refuse(given, {"seed"}, why);
  plan_exact(model, options, &plan);
  return plan;
}

}  // namespace pushforward
