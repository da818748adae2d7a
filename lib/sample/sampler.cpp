#include "sample/sampler.hpp"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <cstring>
#include <limits>
#include <type_traits>

#include "base/error.hpp"
#include "base/random.hpp"
#include "base/stop.hpp"

namespace pushforward {
namespace {

constexpr std::size_t max_lane_rows = 256, lane_step = 16;
constexpr double divergence_factor = 1e12;

// The random numbers of what is done before step 1; a step's number is below.
constexpr std::uint32_t begin_step = std::numeric_limits<std::uint32_t>::max();

// Are all numbers finite and at most `limit` in size? On the bits, where not-a-number and infinity
// are larger than every number and the loop has no branch.
template <class T>
bool all_within(const T* values, std::size_t count, T limit) {
  using Bits = std::conditional_t<sizeof(T) == 4, std::uint32_t, std::uint64_t>;
  constexpr Bits magnitude = ~Bits{0} >> 1;
  Bits worst = 0, bound;
  std::memcpy(&bound, &limit, sizeof bound);
  for (std::size_t i = 0; i < count; ++i) {
    Bits bits;
    std::memcpy(&bits, values + i, sizeof bits);
    bits &= magnitude;
    worst = bits > worst ? bits : worst;
  }
  return worst <= bound;
}

}  // namespace

std::size_t sampler_lane_rows(const ChainTarget& target, std::uint64_t chains, Products products) {
  const std::size_t limit = target.lane_rows(max_lane_rows);
  if (products == Products::bf16) return limit;
  const std::uint64_t lanes = (chains + limit - 1) / limit;
  const std::uint64_t even = (chains + lanes - 1) / lanes;
  return std::min(limit, static_cast<std::size_t>((even + lane_step - 1) / lane_step * lane_step));
}

template <class T>
struct Sampler<T>::Lane {
  std::size_t first_row = 0, count = 0;  // of the run's chains
  std::vector<std::vector<T>> state, next;
  std::vector<T> normals, uniforms, constants, known_noise;
  std::vector<const T*> inputs;
  std::vector<T*> outputs;
};

template <class T>
struct Sampler<T>::Job {
  std::uint64_t first;
  std::size_t count;
  const T* start;
  const ChainOptions& options;
  T limit;
  T* rows;
  T* trajectory;
  const Observer<T>& observe;
  KnownState<T> known;
  double all_steps;
  std::atomic<std::uint64_t>* steps_done;
};

template <class T>
Sampler<T>::Sampler(const ChainTarget& target, Transitions transitions, std::size_t rows_a_lane,
                    Workers* workers, AuxiliaryState auxiliary, Products products)
    : dimension_(static_cast<std::size_t>(target.dimension)),
      lane_rows_(rows_a_lane),
      products_(products),
      columns_(1, dimension_),
      transitions_(std::move(transitions)),
      begin_(std::move(auxiliary.begin)),
      workers_(workers),
      parameters_(target.parameters->values.begin(), target.parameters->values.end()),
      lanes_(static_cast<std::size_t>(workers->count())) {
  for (const int columns : auxiliary.columns)
    columns_.push_back(columns == AuxiliaryState::as_x ? dimension_
                                                       : static_cast<std::size_t>(columns));
  for (const Transition& transition : transitions_)
    program_of_transition_.push_back(program_for(target, transition.step));
  if (begin_.step != nullptr) begin_program_ = program_for(target, begin_.step);
  for (Lane& lane : lanes_) {
    for (const std::size_t columns : columns_) lane.state.emplace_back(lane_rows_ * columns);
    lane.next = lane.state;
    for (const auto& program : programs_) {
      lane.normals.resize(
          std::max(lane.normals.size(), lane_rows_ * (dimension_ + program->step->more_normals)));
      lane.uniforms.resize(
          std::max(lane.uniforms.size(), lane_rows_ * (1 + program->step->more_uniforms)));
    }
  }
}

template <class T>
Sampler<T>::~Sampler() = default;

template <class T>
StepProgram<T>* Sampler<T>::program_for(const ChainTarget& target, const Step& step) {
  for (const auto& program : programs_)
    if (program->step == step) return program.get();
  programs_.push_back(std::make_unique<StepProgram<T>>(step, target, columns_, lane_rows_,
                                                       workers_->count(), products_));
  StepProgram<T>* program = programs_.back().get();
  if (!parameters_.empty()) program->evaluator.bind_parameters(parameters_.data());
  return program;
}

template <class T>
void Sampler<T>::run(std::uint64_t first, std::size_t count, const T* start,
                     const ChainOptions& options, T* rows, T* trajectory,
                     const Observer<T>& observe, KnownState<T> known) {
  double largest = 1;
  for (std::size_t i = 0; i < count * dimension_; ++i)
    largest = std::max(largest, std::abs(static_cast<double>(start[i])));
  for (const Transition& transition : transitions_) largest = std::max(largest, transition.sigma);
  const double limit =
      std::min(divergence_factor * largest, static_cast<double>(std::numeric_limits<T>::max()));
  const std::size_t lanes = (count + lane_rows_ - 1) / lane_rows_;
  std::atomic<std::uint64_t> steps_done{0};
  const Job job = {first,
                   count,
                   start,
                   options,
                   static_cast<T>(limit),
                   rows,
                   trajectory,
                   observe,
                   known,
                   static_cast<double>(lanes) * static_cast<double>(total_steps(transitions_)),
                   &steps_done};
  workers_->run(lanes, [&](std::size_t lane, int worker) { run_lane(job, lane, worker); });
}

// One step of a lane: state to next state.
template <class T>
void Sampler<T>::apply(const Transition& transition, StepProgram<T>* program, std::uint32_t step,
                       const Job& job, Lane* lane, int worker) const {
  const std::uint64_t first = job.first + lane->first_row;
  if (program->step->normals)
    Random(job.options.seed, Stream::sampler)
        .fill_normal(lane->normals.data(), lane->count, dimension_ + program->step->more_normals,
                     first, step);
  if (program->step->uniforms)
    Random(job.options.seed, Stream::sampler_uniform)
        .fill_uniform(lane->uniforms.data(), lane->count, 1 + program->step->more_uniforms, first,
                      step);
  lane->constants.assign(1, static_cast<T>(transition.sigma));
  for (const double constant : transition.constants)
    lane->constants.push_back(static_cast<T>(constant));
  lane->inputs.clear();
  for (const std::vector<T>& matrix : lane->state) lane->inputs.push_back(matrix.data());
  lane->inputs.push_back(lane->normals.data());
  lane->inputs.push_back(lane->uniforms.data());
  for (const T& constant : lane->constants) lane->inputs.push_back(&constant);
  lane->outputs.clear();
  for (const std::size_t i : program->changed) lane->outputs.push_back(lane->next[i].data());
  program->evaluator.run(worker, lane->inputs, lane->outputs);
  for (const std::size_t i : program->changed) lane->state[i].swap(lane->next[i]);
}

// Sets the known numbers of a lane to what they are before this step.
template <class T>
void Sampler<T>::set_known(const Transition& transition, std::uint32_t step, const Job& job,
                           Lane* lane) const {
  const std::size_t used = lane->count * dimension_, offset = lane->first_row * dimension_;
  lane->known_noise.resize(used);
  Random(job.options.seed, Stream::known)
      .fill_normal(lane->known_noise.data(), lane->count, dimension_, job.first + lane->first_row,
                   step);
  const T sigma = static_cast<T>(transition.start_sigma.value_or(transition.sigma));
  for (std::size_t i = 0; i < used; ++i)
    if (job.known.mask[offset + i] != 0)
      lane->state[0][i] = job.known.values[offset + i] + sigma * lane->known_noise[i];
}

template <class T>
void Sampler<T>::run_lane(const Job& job, std::size_t lane_index, int worker) {
  constexpr std::uint64_t report_steps = 64;
  Lane& lane = lanes_[static_cast<std::size_t>(worker)];
  const ChainOptions& options = job.options;
  const std::size_t offset = lane_index * lane_rows_;
  const std::size_t count = std::min(lane_rows_, job.count - offset);
  const std::size_t used = count * dimension_;
  lane.first_row = offset;
  lane.count = count;
  for (std::vector<T>& matrix : lane.state) std::fill(matrix.begin(), matrix.end(), T(0));
  std::fill(lane.normals.begin(), lane.normals.end(), T(0));
  std::fill(lane.uniforms.begin(), lane.uniforms.end(), T(0.5));
  const std::vector<T>& x = lane.state[0];
  std::copy_n(job.start + offset * dimension_, used, lane.state[0].data());

  const auto first_beyond = [&](const std::vector<T>& matrix, std::size_t columns, T limit) {
    std::size_t row = 0;
    while (row < count && all_within(matrix.data() + row * columns, columns, limit)) ++row;
    return job.first + offset + row;
  };
  const auto keep = [&](T* to, std::size_t index, std::size_t of) {
    for (std::size_t r = 0; r < count; ++r)
      std::copy_n(x.data() + r * dimension_, dimension_,
                  to + ((offset + r) * of + index) * dimension_);
  };
  const auto record = [&](std::uint64_t step, bool last) {
    const auto index = [step](const Records& r) {
      return static_cast<std::size_t>((step - r.first) / r.every);
    };
    if (options.rows.holds(step))
      keep(job.rows, index(options.rows), static_cast<std::size_t>(options.rows.count));
    const std::size_t frames = options.trajectory_count();
    if (options.trajectory.holds(step)) keep(job.trajectory, index(options.trajectory), frames);
    if (last && options.trajectory_end) keep(job.trajectory, frames - 1, frames);
  };

  const std::uint64_t total = total_steps(transitions_);
  std::uint64_t step = 0;
  if (begin_program_ != nullptr) {
    apply(begin_, begin_program_, begin_step, job, &lane, worker);
    for (std::size_t i = 0; i < columns_.size(); ++i)
      if (!all_within(lane.state[i].data(), count * columns_[i], std::numeric_limits<T>::max()))
        fail_numerical(options.method + ": chain " +
                       std::to_string(first_beyond(lane.state[i], columns_[i],
                                                   std::numeric_limits<T>::max())) +
                       ": the log density or its gradient is not finite at the start; another " +
                       setting("init") + " may help");
  }
  record(0, total == 0);
  for (std::size_t i = 0; i < transitions_.size(); ++i) {
    for (std::uint64_t repeat = 0; repeat < transitions_[i].repeats; ++repeat) {
      throw_if_stopped();
      if (job.known.values != nullptr)
        set_known(transitions_[i], static_cast<std::uint32_t>(step), job, &lane);
      apply(transitions_[i], program_of_transition_[i], static_cast<std::uint32_t>(step), job,
            &lane, worker);
      ++step;
      if (!all_within(x.data(), used, job.limit))
        fail_numerical(
            options.method + ": chain " + std::to_string(first_beyond(x, dimension_, job.limit)) +
            " diverged at step " + std::to_string(step) + " of " + std::to_string(total) +
            (options.advice.empty() ? "" : "; " + options.advice));
      record(step, step == total);
      if (job.observe) job.observe(step, offset, count, lane.state);
      if (step % report_steps == 0 || step == total) {
        const std::uint64_t steps = step % report_steps == 0 ? report_steps : step % report_steps;
        const std::uint64_t done = job.steps_done->fetch_add(steps) + steps;
        if (worker == 0 && options.progress)
          options.progress(static_cast<double>(done) / job.all_steps);
      }
    }
  }
}

template class Sampler<float>;
template class Sampler<double>;

}  // namespace pushforward
