#include "sample/run.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>

#include "base/error.hpp"
#include "base/random.hpp"
#include "sample/stability.hpp"

namespace pushforward {
namespace {

const std::string normal_prefix = "normal:";

// Chains are run in blocks of about this many numbers of output, so that memory does not grow with
// their count; whole lanes, enough of them for every thread.
constexpr std::size_t block_numbers = std::size_t{1} << 23;
constexpr std::size_t most_block_lanes = 256;

std::string short_number(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.3g", value);
  return text;
}

struct StepAdvice {
  std::string text;     // what a step size may be, going by the curvature at the first rows
  bool beyond = false;  // this one is longer
};

StepAdvice advise_on_step(const SamplingPlan& plan, const StartingRows& start,
                          const SamplingRun& run) {
  if (!plan.diverges_with_step || run.first == run.end) return {};
  constexpr std::uint64_t most_rows = 64;
  const std::size_t count = static_cast<std::size_t>(std::min(run.end - run.first, most_rows));
  const Move& move = plan.moves.front();
  const std::vector<double> rows = start.rows<double>(run.first, count, plan);
  const double curvature = largest_curvature(*plan.source, move.sigma, rows.data(), count);
  if (!(curvature > 0)) return {"a shorter --step-size may be stable", false};
  return {"the largest curvature at the starting rows is " + short_number(curvature) +
              "; on a Gaussian of that curvature a --step-size below " +
              short_number(2 / curvature) + " is stable",
          move.constants[1] >= 2 / curvature};
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

Shape with_extents(std::vector<std::size_t> extents, const Shape& row_shape) {
  extents.insert(extents.end(), row_shape.begin(), row_shape.end());
  return extents;
}

}  // namespace

StartingRows::StartingRows(const std::string& text, std::size_t dimension, std::uint64_t seed)
    : dimension_(dimension), seed_(seed) {
  if (text.compare(0, normal_prefix.size(), normal_prefix) == 0) {
    const std::string number = text.substr(normal_prefix.size());
    char* end = nullptr;
    deviation_ = std::strtod(number.c_str(), &end);
    if (number.empty() || *end != '\0' || !std::isfinite(deviation_) || deviation_ < 0)
      fail_usage("option --init: " + text + " is not normal:SIGMA with SIGMA a number from 0 on");
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
std::vector<T> StartingRows::rows(std::uint64_t first, std::size_t count,
                                  const SamplingPlan& plan) const {
  std::vector<T> rows;
  if (file_ != nullptr) {
    rows = file_->read<T>(static_cast<std::size_t>(first), count);
  } else {
    rows.resize(count * dimension_);
    Random(seed_, Stream::init).fill_normal(rows.data(), count, dimension_, first);
  }
  for (std::size_t i = 0; i < rows.size(); ++i)
    rows[i] = static_cast<T>(plan.centre[i % dimension_] +
                             plan.scale * deviation_ * static_cast<double>(rows[i]));
  return rows;
}

template <class T>
void draw_rows(const SamplingPlan& plan, const StartingRows& start, const SamplingRun& run,
               ContainerWriter* output, ContainerWriter* trajectory) {
  const std::size_t dimension = static_cast<std::size_t>(plan.source->dimension());
  const std::uint64_t total = total_steps(plan.moves), chains = run.end - run.first;
  ChainOptions options;
  options.seed = run.seed;
  options.rows = plan.rows;
  options.method = plan.method;
  const StepAdvice advice = advise_on_step(plan, start, run);
  options.advice = advice.text;
  if (trajectory != nullptr) {
    options.trajectory = {0, run.trajectory_every, total / run.trajectory_every + 1};
    options.trajectory_end = total % run.trajectory_every != 0;
  }
  const std::size_t kept = static_cast<std::size_t>(plan.rows.count);
  const std::size_t states = options.trajectory_count();
  output->create_rows("/x", element_type<T>(), run.row_shape);
  if (run.label >= 0) output->create_rows("/label", ElementType::int32, {});
  if (trajectory != nullptr) {
    const std::vector<std::uint64_t> steps = trajectory_steps(options, total);
    trajectory->create_rows("/x", element_type<T>(), with_extents({states}, run.row_shape));
    trajectory->write("/trajectory/step", Array::of(steps, {states}));
    trajectory->write("/trajectory/sigma", Array::of(levels_after(plan.moves, steps), {states}));
  }
  if (chains == 0) return;

  Workers workers(run.threads);
  const std::size_t lane_rows = sampler_lane_rows(chains);
  Sampler<T> sampler(*plan.source, plan.moves, lane_rows, &workers);
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
    const std::vector<T> begin = start.rows<T>(first, count, plan);
    std::vector<T> rows(count * kept * dimension), path(count * states * dimension);
    sampler.run(first, count, begin.data(), options, rows.data(), path.data());
    output->append_rows("/x", Array::of(rows, with_extents({count * kept}, run.row_shape)));
    if (run.label >= 0)
      output->append_rows(
          "/label", Array::of(std::vector<std::int32_t>(count * kept, run.label), {count * kept}));
    if (trajectory != nullptr)
      trajectory->append_rows("/x", Array::of(path, with_extents({count, states}, run.row_shape)));
  }
  if (advice.beyond && run.warn)
    run.warn(plan.method + ": step size " + short_number(plan.moves.front().constants[1]) +
             " is long: " + advice.text);
}

template void draw_rows<float>(const SamplingPlan&, const StartingRows&, const SamplingRun&,
                               ContainerWriter*, ContainerWriter*);
template void draw_rows<double>(const SamplingPlan&, const StartingRows&, const SamplingRun&,
                                ContainerWriter*, ContainerWriter*);

}  // namespace pushforward
