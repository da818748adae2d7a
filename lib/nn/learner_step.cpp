#include "nn/learner_step.hpp"

#include <algorithm>
#include <cmath>

namespace pushforward {
namespace {

constexpr std::size_t segment_size = 8192;  // parameters per parallel slice of the optimizer

std::size_t pieces(std::size_t count, std::size_t size) { return (count + size - 1) / size; }

template <class T>
bool all_finite(const std::vector<T>& values) {
  return std::all_of(values.begin(), values.end(), [](T v) { return std::isfinite(v); });
}

}  // namespace

template <class T>
Weights<T>::Weights(const TrainingState& state, bool averaged)
    : parameters(state.parameters.begin(), state.parameters.end()),
      first(state.first_moment.begin(), state.first_moment.end()),
      second(state.second_moment.begin(), state.second_moment.end()) {
  if (averaged) average.assign(state.ema.begin(), state.ema.end());
}

template <class T>
void Weights<T>::save(TrainingState* state) const {
  state->parameters.assign(parameters.begin(), parameters.end());
  state->first_moment.assign(first.begin(), first.end());
  state->second_moment.assign(second.begin(), second.end());
  state->ema.assign(average.begin(), average.end());
}

template <class T>
bool Weights<T>::finite() const {
  return all_finite(parameters) && all_finite(first) && all_finite(second) && all_finite(average);
}

template <class T>
bool LearnerStep<T>::Outcome::finite() const {
  return std::isfinite(loss) && std::isfinite(gradient_norm);
}

template <class T>
LearnerStep<T>::LearnerStep(const Learner& learner, const TrainingTask& task,
                            const TrainingOptions& options, std::uint64_t noise_row,
                            Workers* workers)
    : learner_(learner),
      rows_(task.rows),
      options_(options),
      noise_row_(noise_row),
      workers_(workers),
      range_(task.table.below(learner.scope)),
      batch_(static_cast<std::size_t>(options.batch)),
      lanes_(pieces(batch_, learner.objective->lane_rows(training_lane_rows(range_.size)))),
      lane_size_(pieces(batch_, lanes_)),
      program_(*learner.objective, task.table, lane_size_, rows_.columns, true, workers->count(),
               options.products, learner.scope),
      gradients_(lanes_ * range_.size),
      losses_(lanes_),
      segments_(pieces(range_.size, segment_size)),
      squares_(segments_) {
  if (learner.rare_objective != nullptr)
    rare_program_ = std::make_unique<LossProgram<T>>(
        *learner.rare_objective, task.table, lane_size_, rows_.columns, true, workers->count(),
        options.products, learner.scope);
}

template <class T>
typename LearnerStep<T>::Outcome LearnerStep<T>::run(std::int64_t step, double rate,
                                                     const std::uint64_t* index,
                                                     Weights<T>* weights,
                                                     const std::function<void()>& before_update) {
  const bool rare = rare_program_ != nullptr && step % learner_.rare_every == 0;
  LossProgram<T>& program = rare ? *rare_program_ : program_;
  program.bind_parameters(weights->parameters.data());
  workers_->run(lanes_, [&](std::size_t lane, int worker) {
    const std::size_t first = lane * lane_size_;
    const typename LossProgram<T>::Noise noise{
        Random(options_.seed, Stream::loss_noise), Random(options_.seed, Stream::loss_level),
        noise_row_ + first, static_cast<std::uint32_t>(step)};
    losses_[lane] = program.run(worker, rows_, index + first, std::min(lane_size_, batch_ - first),
                                noise, gradients_.data() + lane * range_.size);
  });
  workers_->run(segments_, [&](std::size_t segment, int) { reduce(segment); });
  Outcome outcome{0, 0};
  double squares = 0;
  for (const T lane_loss : losses_) outcome.loss += static_cast<double>(lane_loss);
  for (const double s : squares_) squares += s;
  outcome.loss /= static_cast<double>(batch_);
  outcome.gradient_norm = std::sqrt(squares) / static_cast<double>(batch_);
  if (!outcome.finite()) return outcome;
  if (before_update) before_update();
  const AdamStep<T> adam = adam_step(step, learner_.rate * rate, outcome.gradient_norm);
  workers_->run(segments_, [&](std::size_t segment, int) {
    const std::size_t first = segment * segment_size, at = range_.offset + first;
    const std::size_t count = std::min(segment_size, range_.size - first);
    optimizer_kernels<T>().adam(count, adam, gradients_.data() + first,
                                weights->parameters.data() + at, weights->first.data() + at,
                                weights->second.data() + at,
                                weights->average.empty() ? nullptr : weights->average.data() + at);
  });
  return outcome;
}

template <class T>
std::size_t LearnerStep<T>::planned_numbers() const {
  std::size_t numbers = gradients_.size();
  const LossProgram<T>* programs[] = {&program_, rare_program_.get()};
  for (const LossProgram<T>* program : programs) {
    if (program == nullptr) continue;
    const Plan<T>& plan = program->plan();
    numbers +=
        plan.workspace_size() * static_cast<std::size_t>(workers_->count()) + plan.prepared_size();
  }
  return numbers;
}

// Adds the lanes' gradients of one segment in tree order.
template <class T>
void LearnerStep<T>::reduce(std::size_t segment) {
  const std::size_t size = range_.size, first = segment * segment_size;
  const std::size_t count = std::min(segment_size, size - first);
  for (std::size_t distance = 1; distance < lanes_; distance *= 2)
    for (std::size_t i = 0; i + distance < lanes_; i += 2 * distance)
      optimizer_kernels<T>().add(count, gradients_.data() + (i + distance) * size + first,
                                 gradients_.data() + i * size + first);
  squares_[segment] = optimizer_kernels<T>().sum_of_squares(count, gradients_.data() + first);
}

template <class T>
AdamStep<T> LearnerStep<T>::adam_step(std::int64_t step, double rate, double norm) const {
  const double t = static_cast<double>(step + 1);
  const double clip =
      options_.clip_norm > 0 && norm > options_.clip_norm ? options_.clip_norm / norm : 1.0;
  AdamStep<T> adam;
  adam.gradient_scale = static_cast<T>(clip / static_cast<double>(batch_));
  adam.l2 = static_cast<T>(options_.l2);
  adam.rate = static_cast<T>(rate);
  adam.beta1 = static_cast<T>(learner_.beta1);
  adam.beta2 = static_cast<T>(learner_.beta2);
  adam.epsilon = static_cast<T>(1e-8);
  adam.correction1 = static_cast<T>(1 / (1 - std::pow(learner_.beta1, t)));
  adam.correction2 = static_cast<T>(1 / (1 - std::pow(learner_.beta2, t)));
  adam.decay = static_cast<T>(options_.weight_decay);
  // Early in a run the average spans only the steps so far, so that it forgets the initial values.
  adam.ema = static_cast<T>(std::min(options_.ema, (1 + t) / (10 + t)));
  return adam;
}

template struct Weights<float>;
template struct Weights<double>;
template class LearnerStep<float>;
template class LearnerStep<double>;

}  // namespace pushforward
