#include "sample/run.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>

#include "base/error.hpp"
#include "base/random.hpp"
#include "base/short_number.hpp"
#include "io/checks.hpp"
#include "sample/adaptive_run.hpp"
#include "sample/chain_watch.hpp"
#include "sample/start_correlation.hpp"

namespace pushforward {
namespace {

const std::string normal_prefix = "normal:";

// Chains are run in blocks of about this many numbers of output, so that memory does not grow with
// their count; whole lanes, enough of them for every thread.
constexpr std::size_t block_numbers = std::size_t{1} << 23;
constexpr std::size_t most_block_lanes = 256;

// What a step size may be, going by the curvature at the first rows.
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

// The level of the move after each of these steps; 0 after the last.
std::vector<double> levels_after(const Moves& moves, const std::vector<std::uint64_t>& steps) {
  std::vector<double> levels;
  std::size_t move = 0;
  std::uint64_t end = moves.empty() ? 0 : moves[0].repeats;
  for (const std::uint64_t step : steps) {
    while (move < moves.size() && step >= end)
      if (++move < moves.size()) end += moves[move].repeats;
    levels.push_back(move < moves.size() ? moves[move].sigma : 0);
  }
  return levels;
}

// The scale a of the states after each of these steps.
std::vector<double> scales_after(const SamplingPlan& plan,
                                 const std::vector<std::uint64_t>& steps) {
  std::vector<double> scales;
  std::size_t move = 0;
  std::uint64_t end = 0;  // steps made by the moves before
  double scale = plan.units.start_scale;
  for (const std::uint64_t step : steps) {
    while (move < plan.moves.size() && end < step) {
      scale = plan.moves[move].scale;
      end += plan.moves[move++].repeats;
    }
    scales.push_back(scale);
  }
  return scales;
}

// From the coordinates of the chain to those of the data; scales: of the states of a chain, in
// turn.
template <class T>
void to_data(const SamplingPlan& plan, const std::vector<double>& scales, std::vector<T>* states) {
  const DataUnits& units = plan.units;
  if (units.preconditioner) units.preconditioner->to_x(states);
  const std::size_t dimension = plan.start.centre.size();
  const bool scaled = std::any_of(scales.begin(), scales.end(), [](double a) { return a != 1; });
  if (!scaled && units.unit.empty()) return;
  for (std::size_t i = 0; i < states->size(); ++i) {
    const std::size_t j = i % dimension;
    double value = scales[i / dimension % scales.size()] * static_cast<double>((*states)[i]);
    if (!units.unit.empty()) value = units.offset[j] + units.unit[j] * value;
    (*states)[i] = static_cast<T>(value);
  }
}

// A number of column j in data units, in the coordinates of the chain, at scale 1.
double from_data(const SamplingPlan& plan, std::size_t j, double value) {
  return (value - plan.units.offset[j]) / plan.units.unit[j];
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
    const std::vector<double> exact = known.rows<double>(first, count);
    for (std::size_t i = 0; i < state.size(); ++i)
      state[i] = static_cast<T>(from_data(plan, i % plan.units.unit.size(), exact[i]));
  }
  // In rows that are drawn they are what they are in the file, to the bit.
  void put_into(std::vector<T>* drawn) const {
    for (std::size_t i = 0; i < rows.size(); ++i)
      if (mask[i] != 0) (*drawn)[i] = rows[i];
  }
};

// Starting states from the coordinates of a plan to those of the data.
template <class T>
std::vector<T> start_to_data(const SamplingPlan& plan, std::vector<T> start) {
  to_data(plan, {plan.units.start_scale}, &start);
  return start;
}

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

bool StartingRows::names_file(const std::string& text) {
  return text.compare(0, normal_prefix.size(), normal_prefix) != 0;
}

StartingRows::StartingRows(const std::string& text, std::size_t dimension, std::uint64_t seed)
    : dimension_(dimension), seed_(seed) {
  if (!names_file(text)) {
    const std::string number = text.substr(normal_prefix.size());
    char* end = nullptr;
    deviation_ = std::strtod(number.c_str(), &end);
    if (number.empty() || *end != '\0' || !std::isfinite(deviation_) || deviation_ < 0)
      fail_usage("option " + setting("init") + ": " + text +
                 " is not normal:SIGMA with SIGMA a number from 0 on");
    return;
  }
  file_ = std::make_unique<RowReader>(text);
  file_->require_columns(dimension, "the model");
}

std::optional<std::uint64_t> StartingRows::count() const {
  if (file_ == nullptr) return std::nullopt;
  return file_->rows();
}

std::string StartingRows::name() const { return file_ == nullptr ? "" : file_->container().name(); }

std::vector<std::string> StartingRows::history() const {
  return file_ == nullptr ? std::vector<std::string>() : file_->container().history();
}

template <class T>
std::vector<T> StartingRows::raw_rows(std::uint64_t first, std::size_t count) const {
  if (file_ != nullptr) return file_->read<T>(static_cast<std::size_t>(first), count);
  std::vector<T> rows(count * dimension_);
  Random(seed_, Stream::init).fill_normal(rows.data(), count, dimension_, first);
  for (T& v : rows) v = static_cast<T>(deviation_ * static_cast<double>(v));
  return rows;
}

std::vector<double> StartingRows::probes() const {
  constexpr std::uint64_t most = 64;
  return raw_rows<double>(0, static_cast<std::size_t>(std::min(most, count().value_or(most))));
}

template <class T>
std::vector<T> StartingRows::rows(std::uint64_t first, std::size_t count,
                                  const SamplingPlan& plan) const {
  // Rows of a file may lie where T is too coarse for them.
  if (file_ != nullptr && plan.start.at_rows && !plan.units.unit.empty()) {
    const std::vector<double> exact = chain_rows(raw_rows<double>(first, count), plan);
    return {exact.begin(), exact.end()};
  }
  return chain_rows(raw_rows<T>(first, count), plan);
}

template <class T>
std::vector<T> StartingRows::chain_rows(std::vector<T> rows, const SamplingPlan& plan) const {
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const std::size_t j = i % dimension_;
    const double value = static_cast<double>(rows[i]);
    if (!plan.start.at_rows)
      rows[i] = static_cast<T>(plan.start.centre[j] + plan.start.scale * value);
    else if (!plan.units.unit.empty())
      rows[i] = static_cast<T>(from_data(plan, j, value));
  }
  if (plan.units.preconditioner) plan.units.preconditioner->to_y(&rows);
  return rows;
}

void require_enough_rows(const SamplingPlan& plan, const StartingRows& start,
                         const KnownNumbers* known) {
  if (start.count() && *start.count() < plan.chains)
    fail_invalid(start.name() + ": holds " + std::to_string(*start.count()) + " rows, " +
                 std::to_string(plan.chains) + " chains need as many to start from");
  if (known != nullptr && known->count() && *known->count() < plan.chains)
    fail_invalid(known->name() + ": holds " + std::to_string(*known->count()) + " known rows for " +
                 std::to_string(plan.chains) + " to draw; one row serves all");
}

std::string far_start_warning(const SamplingPlan& plan, const StartingRows& start,
                              const ColumnScales& data) {
  if (!plan.start.at_rows || !start.is_noise()) return {};
  for (std::size_t j = 0; j < data.mean.size(); ++j) {
    const double away = std::abs(data.mean[j]), deviation = data.deviation[j];
    if (!(away > 100 * (deviation + start.deviation()))) continue;
    return "column " + std::to_string(j) + ": chains start " + short_number(away / deviation) +
           " deviations from the data, near 0, and may not reach them; give " + setting("init") +
           " FILE";
  }
  return {};
}

template <class T>
std::vector<T> starting_states(const SamplingPlan& plan, const StartingRows& start,
                               std::uint64_t seed, std::uint64_t first, std::size_t count) {
  if (!plan.start.drawn) return start.rows<T>(first, count, plan);
  const std::vector<double> rows = plan.start.drawn(seed, first, count);
  return std::vector<T>(rows.begin(), rows.end());
}

template <class T>
void rows_to_data(const SamplingPlan& plan, std::vector<T>* rows) {
  to_data(plan, {plan.units.end_scale}, rows);
}

template <class T>
ChainRecord draw_rows(const SamplingPlan& plan, const StartingRows& start, const SamplingRun& run,
                      ContainerWriter* output, ContainerWriter* trajectory) {
  const std::size_t dimension = static_cast<std::size_t>(plan.source->dimension());
  const std::uint64_t total = total_steps(plan.moves), chains = run.end - run.first;
  ChainOptions options;
  options.seed = run.seed;
  options.rows = plan.rows;
  options.method = plan.method;
  options.advice = advise_on_step(plan);
  if (trajectory != nullptr) {
    options.trajectory = {0, run.trajectory_every, total / run.trajectory_every + 1};
    options.trajectory_end = total % run.trajectory_every != 0;
  }
  const std::size_t kept = static_cast<std::size_t>(plan.rows.count);
  const std::size_t states = options.trajectory_count();
  output->create_rows("/x", element_type<T>(), run.row_shape);
  if (run.label >= 0) output->create_rows("/label", ElementType::int32, {});
  const std::vector<std::uint64_t> steps = trajectory_steps(options, total);
  const std::vector<double> scales = scales_after(plan, steps);
  if (trajectory != nullptr) {
    trajectory->create_rows("/x", element_type<T>(), with_extents({states}, run.row_shape));
    trajectory->write("/trajectory/step", Array::of(steps, {states}));
    trajectory->write("/trajectory/sigma", Array::of(levels_after(plan.moves, steps), {states}));
  }
  ChainRecord record;
  record.evaluations =
      static_cast<double>(
          total_evaluations(plan.moves) +
          (plan.companions.begin.step != nullptr ? plan.companions.begin.step->evaluations : 0)) /
      static_cast<double>(kept);
  if (chains == 0) return record;
  if (run.most_kept > 0) record.draws.emplace(chains, kept, dimension, run.most_kept);
  ChainWatch watch(plan, run.keep_energies);
  // Rows of a file may be near where they are to end, and are to be remembered.
  std::optional<StartCorrelation> memory;
  if (plan.start.at_rows && kept == 1 && start.is_noise()) memory.emplace(dimension);

  Workers workers(run.threads);
  const std::size_t lane_rows = sampler_lane_rows(*plan.source, chains, run.products);
  Sampler<T> sampler(*plan.source, plan.moves, lane_rows, &workers, plan.companions, run.products);
  std::optional<AdaptiveRows<T>> adaptive;
  if (plan.adaptive) adaptive.emplace(plan, run.seed, &workers);
  const std::size_t lane_numbers = lane_rows * dimension * (kept + states);
  const std::size_t lanes = std::clamp(block_numbers / lane_numbers,
                                       static_cast<std::size_t>(run.threads), most_block_lanes);
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
      record.evaluations +=
          adaptive->run(first, count, options.progress, &rows) / static_cast<double>(chains);
    } else {
      sampler.run(first, count, begin.data(), options, rows.data(), path.data(),
                  watch.begin<T>(count),
                  known ? KnownState<T>{known->state.data(), known->mask.data()} : KnownState<T>{});
      watch.end();
    }
    rows_to_data(plan, &rows);
    if (known) known->put_into(&rows);
    to_data(plan, scales, &path);
    require_finite_results(rows, dimension, first * kept, run.model + ": row");
    require_finite_results(path, states * dimension, first,
                           run.model + ": a state of the trajectory of chain");
    if (record.draws) record.draws->add(first - run.first, rows);
    if (memory) memory->add(start_to_data(plan, begin), rows);
    output->append_rows("/x", Array::of(rows, with_extents({count * kept}, run.row_shape)));
    if (run.label >= 0)
      output->append_rows(
          "/label", Array::of(std::vector<std::int32_t>(count * kept, run.label), {count * kept}));
    if (trajectory != nullptr)
      trajectory->append_rows("/x", Array::of(path, with_extents({count, states}, run.row_shape)));
  }
  watch.judge(options.advice, run.warn);
  record.acceptance = watch.acceptance();
  record.energies = std::move(watch.energies());
  if (memory && run.warn) warn_of_memory(*memory, plan, run);
  const MarkovPlan& markov = plan.markov;
  if (markov.diverges_with_step && markov.stable_step > 0 &&
      *markov.step_size >= markov.stable_step && run.warn)
    run.warn(plan.method + ": step size " + short_number(*markov.step_size) +
             " is long: " + options.advice);
  return record;
}

template std::vector<float> starting_states<float>(const SamplingPlan&, const StartingRows&,
                                                   std::uint64_t, std::uint64_t, std::size_t);
template void rows_to_data<float>(const SamplingPlan&, std::vector<float>*);
template ChainRecord draw_rows<float>(const SamplingPlan&, const StartingRows&, const SamplingRun&,
                                      ContainerWriter*, ContainerWriter*);
template ChainRecord draw_rows<double>(const SamplingPlan&, const StartingRows&, const SamplingRun&,
                                       ContainerWriter*, ContainerWriter*);

}  // namespace pushforward
