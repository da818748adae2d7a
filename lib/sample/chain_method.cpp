#include "sample/chain_method.hpp"

#include <algorithm>
#include <cmath>

#include "base/error.hpp"
#include "sample/stability.hpp"
#include "sample/starting_rows.hpp"

namespace pushforward {
namespace {

constexpr std::uint64_t default_burn_in = 1000;

// The curvature of a Gaussian of deviation 0.1, where the starting rows show none.
constexpr double assumed_curvature = 100;

// Puts the target into the plan. Returns the noise level.
double choose_target(const SampledModel& model, const MethodOptions& options, Acceptance acceptance,
                     SamplingPlan* plan) {
  const std::string& preconditioner = options.markov.preconditioner;
  double sigma = options.markov.sigma;
  if (const ScoreModel* score = model.score()) {
    if (acceptance == Acceptance::metropolis)
      fail_invalid(model.name + ": a score model has no density, which " + setting("method") + " " +
                   plan->method + " needs; use " + setting("method") + " ula or underdamped");
    const Process& process = score->process();
    const double lowest = process.sigma(process.first_time());
    if (!process.has_levels() && sigma != 0 && sigma != lowest)
      fail_invalid(model.name + ": was trained at one noise level; leave out " + setting("sigma"));
    if (sigma == 0) sigma = lowest;
    if (score->description().standardizes() && !preconditioner.empty())
      fail_invalid(model.name + ": standardises its columns; leave out " +
                   setting("preconditioner"));
    plan->target = score_target(*score, options.label, options.guidance);
  } else if (sigma != 0) {
    if (!model.density()->noised())
      fail_invalid(model.name + ": has no noised density; leave out " + setting("sigma"));
    plan->target = noised_density_target(*model.density());
  } else {
    plan->target = density_target(model.density()->unbounded());
  }
  if (preconditioner.empty()) return sigma;
  plan->units.preconditioner.emplace(preconditioner, static_cast<std::size_t>(model.dimension()));
  plan->target = preconditioned_target(std::move(plan->target), *plan->units.preconditioner);
  return sigma;
}

// Burn-in and steps, and which states become rows.
void share_rows(const MethodOptions& options, SamplingPlan* plan, ChainLength* length) {
  const MarkovOptions& markov = options.markov;
  const std::uint64_t count = static_cast<std::uint64_t>(options.count);
  length->burn_in = static_cast<std::uint64_t>(std::max<std::int64_t>(markov.burn_in, 0));
  length->steps =
      options.steps > 0 ? static_cast<std::uint64_t>(options.steps) : default_chain_steps;
  plan->chains = count;
  plan->rows = {length->burn_in + length->steps, 1, 1};
  if (markov.chains > 0) {
    plan->chains = static_cast<std::uint64_t>(markov.chains);
    if (count % plan->chains != 0)
      fail_usage(setting("count") + " " + std::to_string(count) + " is not a multiple of " +
                 setting("chains") + " " + std::to_string(plan->chains));
    const std::uint64_t each = count / plan->chains;
    if (markov.burn_in < 0) length->burn_in = default_burn_in;
    std::uint64_t thin = markov.thin > 0 ? static_cast<std::uint64_t>(markov.thin) : 1;
    const std::uint64_t steps = length->steps;
    if (options.steps > 0 && markov.thin == 0 && steps % each == 0) thin = steps / each;
    if (options.steps > 0 && steps != thin * each)
      fail_usage(setting("steps") + " " + std::to_string(steps) + " does not fit the " +
                 std::to_string(each) + " rows of a chain, " + setting("thin") +
                 " steps apart; leave out " + setting("steps") + " or " + setting("thin"));
    length->steps = thin * each;
    plan->rows = {length->burn_in + thin, thin, each};
  } else if (markov.thin > 0) {
    fail_usage(setting("thin") + " needs " + setting("chains"));
  }
  plan->markov.burn_in = length->burn_in;
}

// The largest curvature of -log p at rows in data units, in the coordinates of the chain.
double probe_curvature(std::vector<double> rows, double sigma, const SamplingPlan& plan) {
  if (rows.empty()) return 0;
  const std::size_t dimension = static_cast<std::size_t>(plan.target.dimension);
  const DataUnits& units = plan.units;
  from_data(units, &rows);
  if (units.preconditioner) units.preconditioner->to_y(&rows);
  return largest_curvature(plan.target, sigma, rows.data(), rows.size() / dimension);
}

}  // namespace

Method chain_method(const char* name, const OptionNames& more,
                    const std::vector<MethodField>& fields, PlanFunction plan) {
  const OptionNames shared = {"sigma",          "burn-in", "chains",     "thin",     "strict",
                              "preconditioner", "steps",   "trajectory", "step-size"};
  return {name,
          Method::Needs::score,
          std::to_string(default_chain_steps),
          joined_options(shared, more),
          fields,
          plan};
}

ChainLength begin_chain(const SamplingRequest& request, Acceptance acceptance, StepLimit limit,
                        SamplingPlan* plan) {
  const MethodOptions& options = request.options;
  plan->start.at_rows = true;
  ChainLength length;
  length.sigma = choose_target(request.model, options, acceptance, plan);
  share_rows(options, plan, &length);
  std::vector<double> probes = request.start.probes();
  // Noise is drawn where there are no bounds.
  if (!request.start.is_noise()) plan->units.bounds.to_unbounded(&probes, 0, request.start.name());
  const double curvature = probe_curvature(std::move(probes), length.sigma, *plan);
  plan->markov.curvature = curvature;
  if (curvature > 0)
    plan->markov.stable_step =
        2 / (limit == StepLimit::curvature ? curvature : std::sqrt(curvature));
  length.step_size = options.step_size;
  if (acceptance == Acceptance::none) return length;
  length.adapt = options.markov.adapt.value_or(length.burn_in > 0 && options.step_size == 0);
  if (length.adapt && length.burn_in == 0)
    fail_usage(setting("adapt") + " yes needs " + setting("burn_in") +
               ", in which step sizes are found");
  return length;
}

double curvature_or_assumed(const SamplingPlan& plan) {
  return plan.markov.curvature > 0 ? plan.markov.curvature : assumed_curvature;
}

void choose_step_size(double by_default, ChainLength* length, SamplingPlan* plan) {
  if (length->step_size == 0) length->step_size = by_default;
  plan->markov.step_size = length->step_size;
}

void take_chain(const Chain& chain, SamplingPlan* plan) {
  plan->transitions = chain.transitions;
  plan->auxiliary = chain.auxiliary;
  plan->markov.acceptance = chain.acceptance;
}

}  // namespace pushforward
