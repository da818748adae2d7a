#include "nn/train.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <limits>
#include <optional>

#include "base/error.hpp"
#include "base/lanes.hpp"
#include "base/stop.hpp"
#include "nn/batches.hpp"
#include "nn/learner_step.hpp"

namespace pushforward {
namespace {

constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();

std::size_t pieces(std::size_t count, std::size_t size) { return (count + size - 1) / size; }

double seconds_now() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

std::string progress_note(const LogRow& row, bool has_adversary, double rows_a_second) {
  char losses[64], speed[32];
  if (has_adversary)
    std::snprintf(losses, sizeof losses, "losses %.4g, %.4g", row.loss, row.adversary_loss);
  else
    std::snprintf(losses, sizeof losses, "loss %.4g", row.loss);
  std::snprintf(speed, sizeof speed, ", %.4g rows/s", rows_a_second);
  return std::string(losses) + speed;
}

// The noise of the adversary's rows is that of rows beyond any batch.
constexpr std::uint64_t adversary_noise_row = std::uint64_t{1} << 32;

// The learners of a run and the weights they share.
template <class T>
class Trainer {
 public:
  Trainer(const Learners& learners, const ParameterTable& table, const TrainingRows& rows,
          const TrainingOptions& options, const TrainingState& state)
      : rows_(rows),
        workers_(options.threads),
        model_(learners.model, table, rows, options, 0, &workers_),
        batches_(rows.count(), static_cast<std::size_t>(options.batch), options.seed),
        weights_(state, options.ema > 0) {
    if (learners.adversary)
      adversary_.emplace(*learners.adversary, table, rows, options, adversary_noise_row, &workers_);
  }

  struct Outcome {
    typename LearnerStep<T>::Outcome model;
    double adversary_loss;  // 0 where there is no adversary
    [[nodiscard]] bool finite() const { return model.finite() && std::isfinite(adversary_loss); }
  };
  // A step of the adversary, if there is one, then one of the model on the same rows.
  Outcome step(std::int64_t step, double rate) {
    const std::uint64_t* index = batches_.of_step(step);
    Outcome outcome{{0, 0}, 0};
    if (adversary_) {
      const auto adversary = adversary_->run(step, rate, index, &weights_);
      outcome.adversary_loss = adversary.finite() ? adversary.loss : not_a_number;
    }
    if (outcome.finite()) outcome.model = model_.run(step, rate, index, &weights_);
    return outcome;
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
    const std::size_t kept = weights_.average.empty() ? 3 : 4;
    return sizeof(T) *
           (model_.planned_numbers() + (adversary_ ? adversary_->planned_numbers() : 0) +
            kept * weights_.parameters.size());
  }
  [[nodiscard]] Workers& workers() { return workers_; }

 private:
  const TrainingRows& rows_;
  Workers workers_;
  LearnerStep<T> model_;
  std::optional<LearnerStep<T>> adversary_;
  Batches batches_;
  Weights<T> weights_;
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
void train(const Learners& learners, const ParameterTable& table, const TrainingRows& rows,
           const TrainingRows& validation, const TrainingOptions& options,
           const TrainingHooks& hooks, TrainingState* state) {
  const Objective& objective = *learners.model.objective;
  start_state(table, options, state);
  Trainer<T> trainer(learners, table, rows, options, *state);
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
  LogRow shown;
  if (!state->log.empty()) shown = state->log.back();
  bool stale = validates && options.patience > 0 && state->stale >= options.patience;
  while (state->step < total && !stale) {
    const double rate = options.rate_at(state->step, total);
    const auto outcome = trainer.step(state->step, rate);
    if (!outcome.finite())
      fail_numerical("the loss or its gradient is not finite at step " +
                     std::to_string(state->step + 1) + "; a smaller --lr or --clip-norm may help");
    ++state->step;
    state->loss_sum += outcome.model.loss;
    state->norm_sum += outcome.model.gradient_norm;
    state->adversary_loss_sum += outcome.adversary_loss;
    ++state->summed_steps;
    double validation_loss = not_a_number;
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
      const double adversary_loss =
          learners.adversary ? state->adversary_loss_sum / steps : not_a_number;
      const LogRow row{state->step, state->loss_sum / steps, validation_loss,
                       rate,        state->norm_sum / steps, adversary_loss};
      state->log.push_back(row);
      state->loss_sum = state->norm_sum = state->adversary_loss_sum = 0;
      state->summed_steps = 0;
      shown = row;
      if (hooks.logged) hooks.logged(row, seconds_now() - started);
    }
    const WeightViewer& viewer = hooks.viewer;
    if (last || stale || (viewer.every > 0 && state->step % viewer.every == 0) ||
        (viewer.every_seconds > 0 && seconds_now() - last_show >= viewer.every_seconds))
      show();
    if (state->log.empty()) shown.loss = outcome.model.loss;
    if (state->log.empty()) shown.adversary_loss = outcome.adversary_loss;
    progress.update(static_cast<std::uint64_t>(state->step),
                    progress_note(shown, learners.adversary.has_value(),
                                  static_cast<double>((state->step - first_step) * options.batch) /
                                      (seconds_now() - first_step_began)));
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

template void train<float>(const Learners&, const ParameterTable&, const TrainingRows&,
                           const TrainingRows&, const TrainingOptions&, const TrainingHooks&,
                           TrainingState*);
template void train<double>(const Learners&, const ParameterTable&, const TrainingRows&,
                            const TrainingRows&, const TrainingOptions&, const TrainingHooks&,
                            TrainingState*);
template double mean_loss<float>(const Objective&, const ParameterTable&, const TrainingRows&,
                                 std::uint64_t, int);
template double mean_loss<double>(const Objective&, const ParameterTable&, const TrainingRows&,
                                  std::uint64_t, int);

}  // namespace pushforward
