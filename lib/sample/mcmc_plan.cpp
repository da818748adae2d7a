#include "sample/mcmc_plan.hpp"

#include <algorithm>
#include <cmath>

#include "base/error.hpp"
#include "sample/stability.hpp"

namespace pushforward {
namespace {

// ula's step sizes: for a density, and as a part of sigma^2 where the score is one of a level.
constexpr double ula_step = 0.01, ula_step_factor = 0.2;

constexpr std::uint64_t default_burn_in = 1000, default_steps = 1000;

// Taken for the curvature where the starting rows show none: a deviation of 0.1.
constexpr double assumed_curvature = 100;

// The noise level, and the source of the score there.
double choose_source(const SampledModel& model, const MethodOptions& options, SamplingPlan* plan) {
  double sigma = options.sigma;
  const bool metropolis = plan->method == "mala" || plan->method == "hmc";
  if (model.score != nullptr) {
    if (metropolis)
      fail_invalid(model.name + ": a score model has no density, which --method " + plan->method +
                   " needs; use --method ula or underdamped");
    const Process& process = model.score->process();
    const double lowest = process.sigma(process.first_time());
    if (process.kind() == ProcessKind::none && sigma != 0 && sigma != lowest)
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

// With c the curvature: 1 / (c D^(1/3)) for mala and 1 / sqrt(c) D^(-1/4) for hmc, somewhat below
// the best on a Gaussian of equal variances (Roberts, Rosenthal 1998; Beskos et al. 2013); half of
// 1 / sqrt(c) for underdamped.
double default_step(const std::string& method, double sigma, double curvature, int dimension) {
  if (method == "ula")
    return sigma == 0 ? ula_step : std::min(ula_step, ula_step_factor * sigma * sigma);
  const double c = curvature > 0 ? curvature : assumed_curvature;
  if (method == "mala") return 1 / (c * std::cbrt(dimension));
  if (method == "hmc") return 1 / (std::sqrt(c) * std::pow(dimension, 0.25));
  return 0.5 / std::sqrt(c);
}

}  // namespace

const std::vector<std::string>& mcmc_methods() {
  static const std::vector<std::string> methods = {"ula", "mala", "hmc", "underdamped"};
  return methods;
}

void plan_mcmc(const SampledModel& model, const MethodOptions& options, SamplingPlan* plan) {
  const std::string& method = plan->method;
  plan->starts_at_rows = true;
  ChainLength length;
  length.sigma = choose_source(model, options, plan);
  share_rows(options, plan, &length);
  plan->curvature = probe_curvature(options, length.sigma, *plan);
  // Of the explicit Euler step and of leapfrog; mala's is not unstable, but accepts little beyond.
  const bool squared = method == "ula" || method == "mala";
  if (plan->curvature > 0)
    plan->stable_step = 2 / (squared ? plan->curvature : std::sqrt(plan->curvature));
  length.step_size = options.step_size;
  if (length.step_size == 0)
    length.step_size = default_step(method, length.sigma, plan->curvature, model.dimension());
  plan->step_size = length.step_size;
  plan->diverges_with_step = method == "ula" || method == "underdamped";
  const bool metropolis = method == "mala" || method == "hmc";
  length.adapt = metropolis && options.adapt.value_or(length.burn_in > 0 && options.step_size == 0);
  if (length.adapt && length.burn_in == 0)
    fail_usage("--adapt yes needs --burn-in, in which step sizes are found");
  if (method == "ula") {
    plan->moves = ula_moves(length.step_size, length.burn_in + length.steps, length.sigma);
    return;
  }
  const Chain chain = method == "hmc"
                          ? hmc_chain(length, static_cast<int>(options.leapfrog), options.jitter)
                      : method == "mala" ? mala_chain(length)
                                         : underdamped_chain(length, options.friction);
  plan->moves = chain.moves;
  plan->companions = chain.companions;
  plan->acceptance = chain.acceptance;
  if (method == "hmc") plan->energy = chain.energy;
}

}  // namespace pushforward
