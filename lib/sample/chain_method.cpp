#include "sample/chain_method.hpp"

#include <algorithm>
#include <cmath>

#include "base/error.hpp"
#include "sample/stability.hpp"

namespace pushforward {
namespace {

constexpr std::uint64_t default_burn_in = 1000, default_steps = 1000;

// Taken for the curvature where the starting rows show none: a deviation of 0.1.
constexpr double assumed_curvature = 100;

// The noise level, and the source of the score there.
double choose_source(const SampledModel& model, const MethodOptions& options, Acceptance acceptance,
                     SamplingPlan* plan) {
  double sigma = options.sigma;
  if (model.score != nullptr) {
    if (acceptance == Acceptance::metropolis)
      fail_invalid(model.name + ": a score model has no density, which --method " + plan->method +
                   " needs; use --method ula or underdamped");
    const Process& process = model.score->process();
    const double lowest = process.sigma(process.first_time());
    if (!process.has_levels() && sigma != 0 && sigma != lowest)
      fail_invalid(model.name + ": was trained at one noise level; leave out --sigma");
    if (sigma == 0) sigma = lowest;
    if (process.standardizes() && !options.preconditioner.empty())
      fail_invalid(model.name + ": standardises its columns; leave out --preconditioner");
    plan->source = std::make_unique<ModelScore>(model.score.get(), options.label, options.guidance);
  } else if (sigma != 0) {
    if (!model.density->noised())
      fail_invalid(model.name + ": has no noised density; leave out --sigma");
    plan->source = std::make_unique<NoisedDensityScore>(model.density.get());
  } else {
    plan->source = std::make_unique<DensityScore>(model.density.get());
  }
  if (options.preconditioner.empty()) return sigma;
  plan->preconditioner.emplace(options.preconditioner, static_cast<std::size_t>(model.dimension()));
  plan->source =
      std::make_unique<PreconditionedScore>(std::move(plan->source), *plan->preconditioner);
  return sigma;
}

// Burn-in and steps, and which states become rows.
void share_rows(const MethodOptions& options, SamplingPlan* plan, ChainLength* length) {
  const std::uint64_t count = static_cast<std::uint64_t>(options.count);
  length->burn_in = static_cast<std::uint64_t>(std::max<std::int64_t>(options.burn_in, 0));
  length->steps = options.steps > 0 ? static_cast<std::uint64_t>(options.steps) : default_steps;
  plan->chains = count;
  plan->rows = {length->burn_in + length->steps, 1, 1};
  if (options.chains > 0) {
    plan->chains = static_cast<std::uint64_t>(options.chains);
    if (count % plan->chains != 0)
      fail_usage("--count " + std::to_string(count) + " is not a multiple of --chains " +
                 std::to_string(plan->chains));
    const std::uint64_t each = count / plan->chains;
    if (options.burn_in < 0) length->burn_in = default_burn_in;
    std::uint64_t thin = options.thin > 0 ? static_cast<std::uint64_t>(options.thin) : 1;
    const std::uint64_t steps = length->steps;
    if (options.steps > 0 && options.thin == 0 && steps % each == 0) thin = steps / each;
    if (options.steps > 0 && steps != thin * each)
      fail_usage("--steps " + std::to_string(steps) + " does not fit the " + std::to_string(each) +
                 " rows of a chain, --thin steps apart; leave out --steps or --thin");
    length->steps = thin * each;
    plan->rows = {length->burn_in + thin, thin, each};
  } else if (options.thin > 0) {
    fail_usage("--thin needs --chains");
  }
  plan->burn_in = length->burn_in;
}

// The largest curvature of -log p at the probes, in the coordinates of the source.
double probe_curvature(const MethodOptions& options, double sigma, const SamplingPlan& plan) {
  std::vector<double> rows = options.probes;
  if (rows.empty()) return 0;
  const std::size_t dimension = static_cast<std::size_t>(plan.source->dimension());
  for (std::size_t i = 0; i < rows.size() && !plan.unit.empty(); ++i)
    rows[i] = (rows[i] - plan.offset[i % dimension]) / plan.unit[i % dimension];
  if (plan.preconditioner) plan.preconditioner->to_y(&rows);
  return largest_curvature(*plan.source, sigma, rows.data(), rows.size() / dimension);
}

}  // namespace

std::vector<std::string> chain_options(const std::vector<std::string>& more) {
  std::vector<std::string> options = {"sigma",  "burn-in",        "chains", "thin",
                                      "strict", "preconditioner", "steps",  "trajectory"};
  options.insert(options.end(), more.begin(), more.end());
  return options;
}

ChainLength begin_chain(const SamplingRequest& request, Acceptance acceptance, StepLimit limit,
                        SamplingPlan* plan) {
  const MethodOptions& options = request.options;
  plan->starts_at_rows = true;
  ChainLength length;
  length.sigma = choose_source(request.model, options, acceptance, plan);
  share_rows(options, plan, &length);
  plan->curvature = probe_curvature(options, length.sigma, *plan);
  if (plan->curvature > 0)
    plan->stable_step =
        2 / (limit == StepLimit::curvature ? plan->curvature : std::sqrt(plan->curvature));
  length.step_size = options.step_size;
  if (acceptance == Acceptance::none) return length;
  length.adapt = options.adapt.value_or(length.burn_in > 0 && options.step_size == 0);
  if (length.adapt && length.burn_in == 0)
    fail_usage("--adapt yes needs --burn-in, in which step sizes are found");
  return length;
}

double curvature_or_assumed(const SamplingPlan& plan) {
  return plan.curvature > 0 ? plan.curvature : assumed_curvature;
}

void choose_step_size(double by_default, ChainLength* length, SamplingPlan* plan) {
  if (length->step_size == 0) length->step_size = by_default;
  plan->step_size = length->step_size;
}

void take_chain(const Chain& chain, SamplingPlan* plan) {
  plan->moves = chain.moves;
  plan->companions = chain.companions;
  plan->acceptance = chain.acceptance;
}

}  // namespace pushforward
