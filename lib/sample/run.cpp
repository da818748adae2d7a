#include "sample/run.hpp"

#include <algorithm>
#include <cmath>

#include "base/error.hpp"
#include "base/short_number.hpp"
#include "io/checks.hpp"
#include "sample/adaptive_run.hpp"
#include "sample/chain_watch.hpp"
#include "sample/start_correlation.hpp"

namespace pushforward {
namespace {

// Chains are run in blocks of about this many numbers of output, so that memory does not grow with
// the number of chains. A block is made of whole lanes, at least one per thread.
constexpr std::size_t block_numbers = std::size_t{1} << 23;
constexpr std::size_t max_block_lanes = 256;

// What step sizes are stable, by the curvature at the starting rows.
std::string advise_on_step(const SamplingPlan& plan) {
  if (!plan.markov.step_size) return {};
  if (plan.markov.stable_step == 0) return "a shorter " + setting("step_size") + " may be stable";
  return "the largest curvature at the starting rows is " + short_number(plan.markov.curvature) +
         "; on a Gaussian of that curvature a " + setting("step_size") + " below " +
         short_number(plan.markov.stable_step) + " is stable";
}

std::vector<std::uint64_t> trajectory_steps(const ChainOptions& options, std::uint64_t total) {
  std::vector<std::uint64_t> steps;
  for (std::uint64_t i = 0; i < options.trajectory.count; ++i)
    steps.push_back(options.trajectory.first + i * options.trajectory.every);
  if (options.trajectory_end) steps.push_back(total);
  return steps;
}

// The level of the transition after each of these steps; 0 after the last.
std::vector<double> levels_after(const Transitions& transitions,
                                 const std::vector<std::uint64_t>& steps) {
  std::vector<double> levels;
  std::size_t transition = 0;
  std::uint64_t end = transitions.empty() ? 0 : transitions[0].repeats;
  for (const std::uint64_t step : steps) {
    while (transition < transitions.size() && step >= end)
      if (++transition < transitions.size()) end += transitions[transition].repeats;
    levels.push_back(transition < transitions.size() ? transitions[transition].sigma : 0);
  }
  return levels;
}

// The scale a of the states after each of these steps.
std::vector<double> scales_after(const SamplingPlan& plan,
                                 const std::vector<std::uint64_t>& steps) {
  std::vector<double> scales;
  std::size_t transition = 0;
  std::uint64_t end = 0;  // steps made by the transitions before
  double scale = plan.units.start_scale;
  for (const std::uint64_t step : steps) {
    while (transition < plan.transitions.size() && end < step) {
      scale = plan.transitions[transition].scale;
      end += plan.transitions[transition++].repeats;
    }
    scales.push_back(scale);
  }
  return scales;
}

// Known numbers of a block of chains.
template <class T>
struct KnownBlock {
  std::vector<T> rows, state;  // in data units, in the coordinates of the chain
  std::vector<std::uint8_t> mask;

  KnownBlock(const KnownNumbers& known, const SamplingPlan& plan, std::uint64_t first,
             std::size_t count)
      : rows(known.rows<T>(first, count)), state(rows), mask(known.mask(first, count)) {
    if (plan.units.unit.empty()) return;
    std::vector<double> exact = known.rows<double>(first, count);
    from_data(plan.units, &exact);
    state.assign(exact.begin(), exact.end());
  }
  // Known numbers of drawn rows are those of the file, to the bit.
  void put_into(std::vector<T>* drawn) const {
    for (std::size_t i = 0; i < rows.size(); ++i)
      if (mask[i] != 0) (*drawn)[i] = rows[i];
  }
};

void warn_of_memory(const StartCorrelation& memory, const SamplingPlan& plan,
                    const SamplingRun& run) {
  const auto [column, correlation] = memory.worst();
  if (std::abs(correlation) > memory.noticeable())
    run.warn(plan.method + ": rows still depend on where their chains began, with a correlation " +
             "of " + short_number(correlation) + " in column " + std::to_string(column) +
             "; more " + setting("steps") + " or another " + setting("step_size") + " may help");
}

Shape with_extents(std::vector<std::size_t> extents, const Shape& row_shape) {
  extents.insert(extents.end(), row_shape.begin(), row_shape.end());
  return extents;
}

}  // namespace

void require_enough_rows(const SamplingPlan& plan, const StartingRows& start,
                         const KnownNumbers* known) {
  if (start.count() && *start.count() < plan.chains)
    fail_invalid(start.name() + ": holds " + std::to_string(*start.count()) + " rows, " +
                 std::to_string(plan.chains) + " chains need as many to start from");
  if (known != nullptr && !plan.units.bounds.none())
    fail_invalid(known->name() +
                 ": rows of a model with bounds cannot be known in part; leave out " +
                 setting("mask"));
  if (known != nullptr && known->count() && *known->count() < plan.chains)
    fail_invalid(known->name() + ": holds " + std::to_string(*known->count()) + " known rows for " +
                 std::to_string(plan.chains) + " to draw; one row serves all");
}

template <class T>
ChainNumbers draw_rows(const SamplingPlan& plan, const StartingRows& start, const SamplingRun& run,
                       ContainerWriter* output, ContainerWriter* trajectory) {
  const std::size_t dimension = static_cast<std::size_t>(plan.target.dimension);
  const std::uint64_t total = total_steps(plan.transitions), chains = run.end - run.first;
  ChainOptions options;
  options.seed = run.seed;
  options.rows = plan.rows;
  options.method = plan.method;
  options.advice = advise_on_step(plan);
  if (trajectory != nullptr) {
    options.trajectory = {0, run.output.trajectory_every, total / run.output.trajectory_every + 1};
    options.trajectory_end = total % run.output.trajectory_every != 0;
  }
  const std::size_t kept = static_cast<std::size_t>(plan.rows.count);
  const std::size_t states = options.trajectory_count();
  output->create_rows("/x", element_type<T>(), run.output.row_shape);
  if (run.output.label >= 0) output->create_rows("/label", ElementType::int32, {});
  const std::vector<std::uint64_t> steps = trajectory_steps(options, total);
  const std::vector<double> scales = scales_after(plan, steps);
  if (trajectory != nullptr) {
    trajectory->create_rows("/x", element_type<T>(), with_extents({states}, run.output.row_shape));
    trajectory->write("/trajectory/step", Array::of(steps, {states}));
    trajectory->write("/trajectory/sigma",
                      Array::of(levels_after(plan.transitions, steps), {states}));
  }
  ChainNumbers numbers;
  numbers.evaluations =
      static_cast<double>(
          total_evaluations(plan.transitions) +
          (plan.auxiliary.begin.step != nullptr ? plan.auxiliary.begin.step->evaluations : 0)) /
      static_cast<double>(kept);
  if (chains == 0) return numbers;
  std::optional<KeptDraws> draws;
  if (run.kept.draws > 0) draws.emplace(chains, kept, dimension, run.kept.draws);
  ChainWatch watch(plan, run.kept.energies);
  // Only of noise: rows of a file may be meant to stay near where they are.
  std::optional<StartCorrelation> memory;
  if (plan.start.at_rows && kept == 1 && start.is_noise()) memory.emplace(dimension);

  Workers workers(run.threads);
  const std::size_t lane_rows = sampler_lane_rows(plan.target, chains, run.products);
  Sampler<T> sampler(plan.target, plan.transitions, lane_rows, &workers, plan.auxiliary,
                     run.products);
  std::optional<AdaptiveRows<T>> adaptive;
  if (plan.adaptive) adaptive.emplace(plan, run.seed, &workers);
  const std::size_t lane_numbers = lane_rows * dimension * (kept + states);
  const std::size_t lanes = std::clamp(block_numbers / lane_numbers,
                                       static_cast<std::size_t>(run.threads), max_block_lanes);
  const std::size_t block = lanes * lane_rows;
  for (std::uint64_t first = run.first; first < run.end; first += block) {
    const std::size_t count =
        static_cast<std::size_t>(std::min<std::uint64_t>(block, run.end - first));
    const double before = static_cast<double>(first - run.first) / static_cast<double>(chains);
    const double share = static_cast<double>(count) / static_cast<double>(chains);
    if (run.progress)
      options.progress = [&](double fraction) { run.progress(before + share * fraction); };
    const std::vector<T> begin = starting_states<T>(plan, start, run.seed, first, count);
    std::optional<KnownBlock<T>> known;
    if (run.known != nullptr) known.emplace(*run.known, plan, first, count);
    std::vector<T> rows(count * kept * dimension), path(count * states * dimension);
    if (adaptive) {
      rows = begin;
      numbers.evaluations +=
          adaptive->run(first, count, options.progress, &rows) / static_cast<double>(chains);
    } else {
      sampler.run(first, count, begin.data(), options, rows.data(), path.data(),
                  watch.begin<T>(count),
                  known ? KnownState<T>{known->state.data(), known->mask.data()} : KnownState<T>{});
      watch.end();
    }
    to_data(plan.units, {plan.units.end_scale}, dimension, &rows);
    plan.units.bounds.to_bounded(&rows);
    if (known) known->put_into(&rows);
    to_data(plan.units, scales, dimension, &path);
    plan.units.bounds.to_bounded(&path);
    require_finite_results(rows, dimension, first * kept, run.model + ": row");
    require_finite_results(path, states * dimension, first,
                           run.model + ": a state of the trajectory of chain");
    if (draws) draws->add(first - run.first, rows);
    if (memory) {
      std::vector<T> from = begin;
      to_data(plan.units, {plan.units.start_scale}, dimension, &from);
      plan.units.bounds.to_bounded(&from);
      memory->add(from, rows);
    }
    output->append_rows("/x", Array::of(rows, with_extents({count * kept}, run.output.row_shape)));
    if (run.output.label >= 0)
      output->append_rows(
          "/label",
          Array::of(std::vector<std::int32_t>(count * kept, run.output.label), {count * kept}));
    if (trajectory != nullptr)
      trajectory->append_rows("/x",
                              Array::of(path, with_extents({count, states}, run.output.row_shape)));
  }
  watch.check(options.advice, run.warn);
  numbers.acceptance = watch.acceptance();
  numbers.energies = std::move(watch.energies());
  if (draws) {
    numbers.chains = draws->chains();
    numbers.draws = std::move(draws->columns());
  }
  if (memory && run.warn) warn_of_memory(*memory, plan, run);
  const MarkovPlan& markov = plan.markov;
  if (markov.diverges_with_step && markov.stable_step > 0 &&
      *markov.step_size >= markov.stable_step && run.warn)
    run.warn(plan.method + ": step size " + short_number(*markov.step_size) +
             " is long: " + options.advice);
  return numbers;
}

template ChainNumbers draw_rows<float>(const SamplingPlan&, const StartingRows&, const SamplingRun&,
                                       ContainerWriter*, ContainerWriter*);
template ChainNumbers draw_rows<double>(const SamplingPlan&, const StartingRows&,
                                        const SamplingRun&, ContainerWriter*, ContainerWriter*);

}  // namespace pushforward
