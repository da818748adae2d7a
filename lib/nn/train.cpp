#include "nn/train.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <limits>
#include <map>
#include <optional>

#include "base/error.hpp"
#include "base/lanes.hpp"
#include "base/stop.hpp"
#include "nn/kernels/optimizer.hpp"
#include "nn/loss_program.hpp"

namespace pushforward {
namespace {

constexpr std::size_t segment_size = 8192;  // numbers of a parallel slice of the optimizer

std::size_t pieces(std::size_t count, std::size_t size) { return (count + size - 1) / size; }

double seconds_now() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

// The rows of each step: every epoch visits all rows once, in an order of its own.
class Batches {
 public:
  Batches(std::size_t rows, std::size_t batch, std::uint64_t seed)
      : rows_(rows), batch_(batch), random_(seed, Stream::shuffle), index_(batch) {}

  const std::uint64_t* of_step(std::int64_t step) {
    const std::uint64_t first = static_cast<std::uint64_t>(step) * batch_;
    orders_.erase(orders_.begin(), orders_.lower_bound(first / rows_));
    for (std::size_t i = 0; i < batch_; ++i) {
      const std::uint64_t at = first + i, epoch = at / rows_;
      auto order = orders_.find(epoch);
      if (order == orders_.end())
        order =
            orders_.emplace(epoch, permutation(rows_, random_, static_cast<std::uint32_t>(epoch)))
                .first;
      index_[i] = order->second[at % rows_];
    }
    return index_.data();
  }

 private:
  std::uint64_t rows_, batch_;
  Random random_;
  std::map<std::uint64_t, std::vector<std::uint64_t>> orders_;
  std::vector<std::uint64_t> index_;
};

// Parameters and optimizer state in working precision; one flat buffer each.
template <class T>
struct Weights {
  std::vector<T> parameters, first, second, average;

  Weights(const TrainingState& state, bool averaged)
      : parameters(state.parameters.begin(), state.parameters.end()),
        first(state.first_moment.begin(), state.first_moment.end()),
        second(state.second_moment.begin(), state.second_moment.end()) {
    if (averaged) average.assign(state.ema.begin(), state.ema.end());
  }

  void save(TrainingState* state) const {
    state->parameters.assign(parameters.begin(), parameters.end());
    state->first_moment.assign(first.begin(), first.end());
    state->second_moment.assign(second.begin(), second.end());
    state->ema.assign(average.begin(), average.end());
  }
};

template <class T>
class Trainer {
 public:
  Trainer(const Objective& objective, const ParameterTable& table, const TrainingRows& rows,
          const TrainingOptions& options, const TrainingState& state)
      : rows_(rows),
        options_(options),
        batch_(static_cast<std::size_t>(options.batch)),
        workers_(options.threads),
        lanes_(pieces(batch_, objective.lane_rows(training_lane_rows(table.size())))),
        lane_size_(pieces(batch_, lanes_)),
        program_(objective, table, lane_size_, rows.columns, true, options.threads,
                 options.products),
        batches_(rows.count(), batch_, options.seed),
        weights_(state, options.ema > 0),
        gradients_(lanes_ * table.size()),
        losses_(lanes_),
        segments_(pieces(table.size(), segment_size)),
        squares_(segments_) {}

  // One step of Adam. Returns the batch's mean loss and the gradient's norm.
  std::pair<double, double> step(std::int64_t step, double rate) {
    const std::size_t size = weights_.parameters.size();
    program_.bind_parameters(weights_.parameters.data());
    const std::uint64_t* index = batches_.of_step(step);
    const auto lane_body = [&](std::size_t lane, int worker) {
      const std::size_t first = lane * lane_size_;
      const typename LossProgram<T>::Noise noise{Random(options_.seed, Stream::loss_noise),
                                                 Random(options_.seed, Stream::loss_level), first,
                                                 static_cast<std::uint32_t>(step)};
      losses_[lane] =
          program_.run(worker, rows_, index + first, std::min(lane_size_, batch_ - first), noise,
                       gradients_.data() + lane * size);
    };
    workers_.run(lanes_, lane_body);
    workers_.run(segments_, [&](std::size_t segment, int) { reduce(segment); });
    double loss = 0, squares = 0;
    for (const T lane_loss : losses_) loss += static_cast<double>(lane_loss);
    for (const double s : squares_) squares += s;
    loss /= static_cast<double>(batch_);
    const double norm = std::sqrt(squares) / static_cast<double>(batch_);
    if (!std::isfinite(loss) || !std::isfinite(norm)) return {loss, norm};
    const AdamStep<T> adam = adam_step(step, rate, norm);
    workers_.run(segments_, [&](std::size_t segment, int) {
      const std::size_t first = segment * segment_size;
      const std::size_t count = std::min(segment_size, size - first);
      optimizer_kernels<T>().adam(
          count, adam, gradients_.data() + first, weights_.parameters.data() + first,
          weights_.first.data() + first, weights_.second.data() + first,
          weights_.average.empty() ? nullptr : weights_.average.data() + first);
    });
    return {loss, norm};
  }

  [[nodiscard]] const std::vector<T>& judged() const {  // what validation looks at
    return weights_.average.empty() ? weights_.parameters : weights_.average;
  }
  // Sets the statistics among the judged parameters, which no gradient touches.
  void update_statistics(const Objective& objective) {
    if (!objective.has_statistics()) return;
    std::vector<T>& judged = weights_.average.empty() ? weights_.parameters : weights_.average;
    std::vector<double> values(judged.begin(), judged.end());
    objective.update_statistics(rows_, &workers_, &values);
    judged.assign(values.begin(), values.end());
  }
  void save(TrainingState* state) const { weights_.save(state); }
  // Of a step: the workers' workspaces, the lanes' gradients, parameters, moments and average.
  [[nodiscard]] std::size_t planned_bytes() const {
    const Plan<T>& plan = program_.plan();
    const std::size_t kept = weights_.average.empty() ? 3 : 4;
    return sizeof(T) *
           (plan.workspace_size() * static_cast<std::size_t>(workers_.count()) +
            plan.prepared_size() + gradients_.size() + kept * weights_.parameters.size());
  }
  [[nodiscard]] Workers& workers() { return workers_; }

 private:
  // Adds the lanes' gradients of one segment in tree order.
  void reduce(std::size_t segment) {
    const std::size_t size = weights_.parameters.size(), first = segment * segment_size;
    const std::size_t count = std::min(segment_size, size - first);
    for (std::size_t distance = 1; distance < lanes_; distance *= 2)
      for (std::size_t i = 0; i + distance < lanes_; i += 2 * distance)
        optimizer_kernels<T>().add(count, gradients_.data() + (i + distance) * size + first,
                                   gradients_.data() + i * size + first);
    squares_[segment] = optimizer_kernels<T>().sum_of_squares(count, gradients_.data() + first);
  }

  [[nodiscard]] AdamStep<T> adam_step(std::int64_t step, double rate, double norm) const {
    constexpr double beta1 = 0.9, beta2 = 0.999;
    const double t = static_cast<double>(step + 1);
    const double clip =
        options_.clip_norm > 0 && norm > options_.clip_norm ? options_.clip_norm / norm : 1.0;
    AdamStep<T> adam;
    adam.gradient_scale = static_cast<T>(clip / static_cast<double>(batch_));
    adam.l2 = static_cast<T>(options_.l2);
    adam.rate = static_cast<T>(rate);
    adam.beta1 = static_cast<T>(beta1);
    adam.beta2 = static_cast<T>(beta2);
    adam.epsilon = static_cast<T>(1e-8);
    adam.correction1 = static_cast<T>(1 / (1 - std::pow(beta1, t)));
    adam.correction2 = static_cast<T>(1 / (1 - std::pow(beta2, t)));
    adam.decay = static_cast<T>(options_.weight_decay);
    // The average forgets its start: a young run averages over its own length.
    adam.ema = static_cast<T>(std::min(options_.ema, (1 + t) / (10 + t)));
    return adam;
  }

  const TrainingRows& rows_;
  const TrainingOptions& options_;
  std::size_t batch_;
  Workers workers_;
  std::size_t lanes_, lane_size_;  // a batch in lanes of one size, the last perhaps shorter
  LossProgram<T> program_;
  Batches batches_;
  Weights<T> weights_;
  std::vector<T> gradients_, losses_;
  std::size_t segments_;
  std::vector<double> squares_;
};

// Mean loss over all rows, lane by lane, under noise that is the same at every call.
template <class T>
double mean_loss(LossProgram<T>* program, const T* parameters, const TrainingRows& rows,
                 std::uint64_t seed, Workers* workers) {
  program->bind_parameters(parameters);
  const std::size_t size = program->rows(), lanes = pieces(rows.count(), size);
  std::vector<double> losses(lanes);
  workers->run(lanes, [&](std::size_t lane, int worker) {
    std::uint64_t index[lane_rows];
    const std::size_t first = lane * size, count = std::min(size, rows.count() - first);
    for (std::size_t k = 0; k < count; ++k) index[k] = first + k;
    const typename LossProgram<T>::Noise noise{Random(seed, Stream::validation),
                                               Random(seed, Stream::validation_level), first, 0};
    losses[lane] = static_cast<double>(program->run(worker, rows, index, count, noise, nullptr));
  });
  double total = 0;
  for (const double loss : losses) total += loss;
  return total / static_cast<double>(rows.count());
}

void start_state(const ParameterTable& table, const TrainingOptions& options,
                 TrainingState* state) {
  if (!state->parameters.empty()) return;
  state->parameters = table.values;
  state->first_moment.assign(table.size(), 0);
  state->second_moment.assign(table.size(), 0);
  if (options.ema > 0) state->ema = table.values;
}

}  // namespace

std::int64_t TrainingOptions::total_steps(std::size_t rows) const {
  if (steps > 0) return steps;
  const std::int64_t per_epoch =
      std::max<std::int64_t>(1, (static_cast<std::int64_t>(rows) + batch - 1) / batch);
  return epochs * per_epoch;
}

double TrainingOptions::rate_at(std::int64_t step, std::int64_t total) const {
  double rate = learning_rate;
  const double done =
      static_cast<double>(step) / static_cast<double>(std::max<std::int64_t>(1, total));
  if (schedule == Schedule::cosine) rate *= 0.5 * (1 + std::cos(3.14159265358979323846 * done));
  if (schedule == Schedule::step) rate *= done >= 0.75 ? 0.01 : done >= 0.5 ? 0.1 : 1.0;
  if (step < warmup) rate *= static_cast<double>(step + 1) / static_cast<double>(warmup);
  return rate;
}

const std::vector<double>& final_parameters(const TrainingState& state) {
  if (!state.best.empty()) return state.best;
  return state.ema.empty() ? state.parameters : state.ema;
}

template <class T>
double mean_loss(const Objective& objective, const ParameterTable& table, const TrainingRows& rows,
                 std::uint64_t seed, int threads) {
  LossProgram<T> program(objective, table, objective.lane_rows(lane_rows), rows.columns, false,
                         threads);
  Workers workers(threads);
  const std::vector<T> parameters(table.values.begin(), table.values.end());
  return mean_loss<T>(&program, parameters.data(), rows, seed, &workers);
}

template <class T>
void train(const Objective& objective, const ParameterTable& table, const TrainingRows& rows,
           const TrainingRows& validation, const TrainingOptions& options,
           const TrainingHooks& hooks, TrainingState* state) {
  start_state(table, options, state);
  Trainer<T> trainer(objective, table, rows, options, *state);
  const bool validates = validation.count() > 0;
  std::optional<LossProgram<T>> judge;
  if (validates)
    judge.emplace(objective, table, objective.lane_rows(lane_rows), rows.columns, false,
                  options.threads);
  if (hooks.planned) hooks.planned(trainer.planned_bytes());
  const std::int64_t total = options.total_steps(rows.count());
  const std::int64_t epoch =
      std::max<std::int64_t>(1, static_cast<std::int64_t>(rows.count()) / options.batch);
  const std::int64_t validate_every =
      options.validate_every > 0 ? options.validate_every : std::max<std::int64_t>(epoch, 100);
  const double started = seconds_now();
  double last_save = started;
  Progress progress(hooks.progress, hooks.program, static_cast<std::uint64_t>(total), "step");
  const auto save = [&] {
    trainer.save(state);
    if (hooks.checkpoint) hooks.checkpoint(*state);
    last_save = seconds_now();
  };
  double last_show = started;
  const auto show = [&] {
    if (!hooks.viewer.show) return;
    last_show = seconds_now();
    trainer.update_statistics(objective);
    hooks.viewer.show(state->step, {trainer.judged().begin(), trainer.judged().end()});
  };
  show();
  const std::int64_t first_step = state->step;
  const double first_step_began = seconds_now();
  double shown_loss = state->log.empty() ? 0 : state->log.back().loss;
  bool stale = validates && options.patience > 0 && state->stale >= options.patience;
  while (state->step < total && !stale) {
    const double rate = options.rate_at(state->step, total);
    const auto [loss, norm] = trainer.step(state->step, rate);
    if (!std::isfinite(loss) || !std::isfinite(norm))
      fail_numerical("the loss or its gradient is not finite at step " +
                     std::to_string(state->step + 1) + "; a smaller --lr or --clip-norm may help");
    ++state->step;
    state->loss_sum += loss;
    state->norm_sum += norm;
    ++state->summed_steps;
    double validation_loss = std::numeric_limits<double>::quiet_NaN();
    const bool last = state->step == total;
    if (validates && (state->step % validate_every == 0 || last)) {
      trainer.update_statistics(objective);
      validation_loss = mean_loss<T>(&*judge, trainer.judged().data(), validation, options.seed,
                                     &trainer.workers());
      if (state->best.empty() || validation_loss < state->best_validation) {
        state->best_validation = validation_loss;
        state->best.assign(trainer.judged().begin(), trainer.judged().end());
        state->stale = 0;
      } else {
        ++state->stale;
      }
      stale = options.patience > 0 && state->stale >= options.patience;
    }
    if (state->step % options.log_every == 0 || last || stale || std::isfinite(validation_loss)) {
      const double steps = static_cast<double>(state->summed_steps);
      const LogRow row{state->step, state->loss_sum / steps, validation_loss, rate,
                       state->norm_sum / steps};
      state->log.push_back(row);
      state->loss_sum = state->norm_sum = 0;
      state->summed_steps = 0;
      shown_loss = row.loss;
      if (hooks.logged) hooks.logged(row, seconds_now() - started);
    }
    const WeightViewer& viewer = hooks.viewer;
    if (last || stale || (viewer.every > 0 && state->step % viewer.every == 0) ||
        (viewer.every_seconds > 0 && seconds_now() - last_show >= viewer.every_seconds))
      show();
    char note[64];
    std::snprintf(note, sizeof note, "loss %.4g, %.4g rows/s",
                  state->log.empty() ? loss : shown_loss,
                  static_cast<double>((state->step - first_step) * options.batch) /
                      (seconds_now() - first_step_began));
    progress.update(static_cast<std::uint64_t>(state->step), note);
    if (stop_signal() != 0) {
      save();
      throw_if_stopped();
    }
    const bool due =
        (options.checkpoint_every_steps > 0 && state->step % options.checkpoint_every_steps == 0) ||
        (options.checkpoint_every_seconds > 0 &&
         seconds_now() - last_save >= options.checkpoint_every_seconds);
    if (hooks.checkpoint && due && !last) save();
  }
  trainer.update_statistics(objective);
  trainer.save(state);
}

template void train<float>(const Objective&, const ParameterTable&, const TrainingRows&,
                           const TrainingRows&, const TrainingOptions&, const TrainingHooks&,
                           TrainingState*);
template void train<double>(const Objective&, const ParameterTable&, const TrainingRows&,
                            const TrainingRows&, const TrainingOptions&, const TrainingHooks&,
                            TrainingState*);
template double mean_loss<float>(const Objective&, const ParameterTable&, const TrainingRows&,
                                 std::uint64_t, int);
template double mean_loss<double>(const Objective&, const ParameterTable&, const TrainingRows&,
                                  std::uint64_t, int);

}  // namespace pushforward
