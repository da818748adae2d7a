#include "likelihood/density_method.hpp"

#include <algorithm>
#include <set>

#include "base/error.hpp"
#include "base/short_number.hpp"

namespace pushforward {

bool DensityMethod::looks_at(const std::string& option) const {
  return std::find(options.begin(), options.end(), option) != options.end();
}

std::vector<std::string> density_method_names() {
  std::vector<std::string> names;
  for (const DensityMethod& method : density_methods()) names.emplace_back(method.name);
  return names;
}

std::vector<std::string> density_methods_with(const std::string& option) {
  std::vector<std::string> names;
  for (const DensityMethod& method : density_methods())
    if (method.looks_at(option)) names.emplace_back(method.name);
  return names;
}

std::vector<std::string> particular_density_options() {
  std::set<std::string> names;
  for (const DensityMethod& method : density_methods())
    names.insert(method.options.begin(), method.options.end());
  return {names.begin(), names.end()};
}

const DensityMethod& chosen_density_method(const DensityRequest& request) {
  const std::string& name = request.options.method;
  for (const DensityMethod& method : density_methods())
    if (name.empty() ? method.is_default(request.model) : name == method.name) return method;
  fail_usage("option " + setting("method") + ": there is no method '" + name + "'");
}

DensityPlan plan_density(const DensityRequest& request) {
  const SampledModel& model = request.model;
  const DensityOptions& options = request.options;
  const DensityMethod& method = chosen_density_method(request);
  if (options.time && options.sigma)
    fail_usage(setting("time") + " and " + setting("sigma") + " say the same thing; give one");
  if (options.process && model.family != "analytic")
    fail_invalid(model.name + ": a model of the family '" + model.family + "', where " +
                 setting("process") + " needs an analytic one");
  if (options.time && !options.process && model.score() == nullptr)
    fail_usage("option " + setting("time") + ": needs " + setting("process") +
               ", whose time it is");
  if (options.draws > 0 && !model.eight_bit())
    fail_usage("option " + setting("draws") + ": only a flow of 8-bit data, made with " +
               setting("dequantize") + ", uses it");
  if (const std::string obstacle = method.obstacle(model); !obstacle.empty())
    fail_invalid(model.name + ": " + obstacle);
  DensityPlan plan;
  plan.method = method.name;
  method.plan(request, &plan);
  return plan;
}

std::optional<double> asked_corruption(const Process& process, const DensityOptions& options) {
  const double last = process.last_time(), highest = process.sigma(last);
  if (options.time && *options.time > last)
    fail_usage("option " + setting("time") + ": " + short_number(*options.time, 6) + " is beyond " +
               short_number(last, 6) + ", where the process " + process.name() + " ends");
  if (options.time) return options.time;
  if (!options.sigma || *options.sigma == 0) return std::nullopt;
  // A ladder or a range begins above 0; lower levels were never trained.
  const double lowest = process.sigma(process.min_time());
  if (*options.sigma < lowest * (1 - 1e-9) || *options.sigma > highest * (1 + 1e-9))
    fail_usage("option " + setting("sigma") + ": " + short_number(*options.sigma, 6) +
               " is outside " + short_number(lowest, 6) + ".." + short_number(highest, 6) +
               ", the levels of the process " + process.name());
  return process.time_of(*options.sigma);
}

}  // namespace pushforward
