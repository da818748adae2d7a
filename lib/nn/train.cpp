#include "nn/train.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <functional>
#include <limits>
#include <optional>

#include "base/constants.hpp"
#include "base/error.hpp"
#include "base/lanes.hpp"
#include "base/stop.hpp"
#include "nn/trainer.hpp"

namespace pushforward {
namespace {

constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();

// Copying more weights than this takes as long as a small part of a step, so it is done in every
// tenth step only.
constexpr std::size_t few_weights = 200000;

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
  if (schedule == Schedule::cosine) rate *= 0.5 * (1 + std::cos(pi * done));
  if (schedule == Schedule::step) rate *= done >= 0.75 ? 0.01 : done >= 0.5 ? 0.1 : 1.0;
  if (step < warmup) rate *= static_cast<double>(step + 1) / static_cast<double>(warmup);
  return rate;
}

std::vector<LogRow> settled_log(const TrainingState& state) {
  std::vector<LogRow> log = state.log;
  while (state.before_end && !log.empty() && log.back().step == state.step) log.pop_back();
  return log;
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

namespace {

// One run: the loop over steps, what validation finds, and what is left when the numbers fail.
template <class T>
class Run {
 public:
  Run(const Learners& learners, const ParameterTable& table, const TrainingRows& rows,
      const TrainingRows& validation, const TrainingOptions& options, const TrainingHooks& hooks,
      TrainingState* state)
      : objective_(*learners.model.objective),
        has_adversary_(learners.adversary.has_value()),
        validation_(validation),
        options_(options),
        hooks_(hooks),
        state_(state),
        trainer_(learners, table, rows, options, *state),
        total_(options.total_steps(rows.count())),
        validate_every_(validation_steps(rows)),
        keep_every_(table.size() > few_weights ? 10 : 1),
        started_(seconds_now()),
        last_save_(started_),
        last_show_(started_),
        progress_(hooks.progress, hooks.program, static_cast<std::uint64_t>(total_), "step") {
    if (validates())
      judge_.emplace(objective_, table, objective_.lane_rows(lane_rows), rows.columns, false,
                     options.threads);
  }

  void train() {
    if (hooks_.planned) hooks_.planned(trainer_.planned_bytes());
    state_->failed = false;
    reopen();
    show();
    first_step_ = state_->step;
    first_step_began_ = seconds_now();
    if (!state_->log.empty()) shown_ = state_->log.back();
    while (state_->step < total_ && !out_of_patience()) {
      step();
      if (stop_signal() != 0) {
        save();
        throw_if_stopped();
      }
      if (hooks_.checkpoint && checkpoint_due() && state_->step < total_) save();
    }
    trainer_.update_statistics(objective_);
    require_finite_weights();
    trainer_.save(state_);
  }

 private:
  [[nodiscard]] bool validates() const { return validation_.count() > 0; }
  [[nodiscard]] bool out_of_patience() const {
    return validates() && options_.patience > 0 && state_->stale >= options_.patience;
  }
  [[nodiscard]] bool validation_due() const {
    return validates() && state_->step % validate_every_ == 0;
  }
  [[nodiscard]] bool log_due() const {
    return state_->step % options_.log_every == 0 || validation_due();
  }
  [[nodiscard]] std::int64_t validation_steps(const TrainingRows& rows) const {
    if (options_.validate_every > 0) return options_.validate_every;
    return std::max<std::int64_t>(static_cast<std::int64_t>(rows.count()) / options_.batch, 100);
  }
  [[nodiscard]] bool checkpoint_due() const {
    return (options_.checkpoint_every_steps > 0 &&
            state_->step % options_.checkpoint_every_steps == 0) ||
           (options_.checkpoint_every_seconds > 0 &&
            seconds_now() - last_save_ >= options_.checkpoint_every_seconds);
  }

  void step() {
    const double rate = options_.rate_at(state_->step, total_);
    std::function<void()> keep;
    if (hooks_.checkpoint && (state_->step % keep_every_ == 0 || !trainer_.has_kept_weights()))
      keep = [this] {
        require_finite_weights();
        trainer_.keep_weights();
        kept_step_ = state_->step;
        kept_ = gathered();
        kept_best_replaced_ = false;
      };
    const auto outcome = trainer_.step(state_->step, rate, keep);
    if (!outcome.finite())
      fail("the loss or its gradient is not finite at step " + std::to_string(state_->step + 1));
    ++state_->step;
    state_->loss_sum += outcome.model.loss;
    state_->norm_sum += outcome.model.gradient_norm;
    state_->adversary_loss_sum += outcome.adversary_loss;
    ++state_->summed_steps;
    assess();
    const bool last = state_->step == total_ || out_of_patience();
    const WeightViewer& viewer = hooks_.viewer;
    if (last || (viewer.every > 0 && state_->step % viewer.every == 0) ||
        (viewer.every_seconds > 0 && seconds_now() - last_show_ >= viewer.every_seconds))
      show();
    if (state_->log.empty()) {
      shown_.loss = outcome.model.loss;
      shown_.adversary_loss = outcome.adversary_loss;
    }
    const double rows = static_cast<double>((state_->step - first_step_) * options_.batch);
    progress_.update(
        static_cast<std::uint64_t>(state_->step),
        progress_note(shown_, has_adversary_, rows / (seconds_now() - first_step_began_)));
  }

  // Validates and logs where the step reached asks for it, as the last one always does.
  void assess() {
    const bool last = state_->step >= total_;
    const bool validating = validation_due() || (last && validates());
    if (last && (validating != validation_due() || !log_due())) {
      state_->before_end = static_cast<const Judgement&>(*state_);
    }
    const double validation_loss = validating ? validate() : not_a_number;
    if (last || log_due()) log(validation_loss);
  }

  // A state from the end of a shorter run goes on from before what only that end asked for.
  void reopen() {
    if (!state_->before_end) return;
    static_cast<Judgement&>(*state_) = *state_->before_end;
    state_->log = settled_log(*state_);
    state_->before_end.reset();
    assess();
  }

  [[nodiscard]] double validate() {
    trainer_.update_statistics(objective_);
    const double loss = mean_loss<T>(&*judge_, trainer_.judged().data(), validation_, options_.seed,
                                     &trainer_.workers());
    if (!std::isfinite(loss) && !warned_of_validation_ && hooks_.warn) {
      hooks_.warn("the loss of the validation rows is not finite at step " +
                  std::to_string(state_->step) + "; weights like these are not kept as the best");
      warned_of_validation_ = true;
    }
    if (std::isfinite(loss) && (state_->best.empty() || loss < state_->best_validation)) {
      if (!kept_best_replaced_) {
        kept_.best = std::move(state_->best);
        kept_.best_validation = state_->best_validation;
        kept_best_replaced_ = true;
      }
      state_->best_validation = loss;
      state_->best.assign(trainer_.judged().begin(), trainer_.judged().end());
      state_->stale = 0;
    } else {
      ++state_->stale;
    }
    return loss;
  }

  void log(double validation_loss) {
    const double steps = static_cast<double>(state_->summed_steps);
    const double adversary_loss =
        has_adversary_ ? state_->adversary_loss_sum / steps : not_a_number;
    const LogRow row{state_->step,
                     state_->loss_sum / steps,
                     validation_loss,
                     options_.rate_at(state_->step - 1, total_),
                     state_->norm_sum / steps,
                     adversary_loss};
    state_->log.push_back(row);
    state_->loss_sum = state_->norm_sum = state_->adversary_loss_sum = 0;
    state_->summed_steps = 0;
    shown_ = row;
    if (hooks_.logged) hooks_.logged(row, seconds_now() - started_);
  }

  void show() {
    if (!hooks_.viewer.show) return;
    last_show_ = seconds_now();
    trainer_.update_statistics(objective_);
    hooks_.viewer.show(state_->step, {trainer_.judged().begin(), trainer_.judged().end()});
  }

  void save() {
    require_finite_weights();
    trainer_.save(state_);
    if (hooks_.checkpoint) hooks_.checkpoint(*state_);
    last_save_ = seconds_now();
  }

  void require_finite_weights() {
    if (!trainer_.finite())
      fail("a weight or its moments are not finite after step " + std::to_string(state_->step));
  }

  // The sums of the log row that is being gathered; the best weights stay where they are until
  // better ones replace them.
  [[nodiscard]] Judgement gathered() const {
    Judgement sums;
    sums.stale = state_->stale;
    sums.loss_sum = state_->loss_sum;
    sums.norm_sum = state_->norm_sum;
    sums.adversary_loss_sum = state_->adversary_loss_sum;
    sums.summed_steps = state_->summed_steps;
    return sums;
  }

  [[noreturn]] void fail(const std::string& what) {
    std::string advice = "; a smaller --lr or --clip-norm may help";
    if (hooks_.checkpoint && trainer_.has_kept_weights()) {
      trainer_.take_kept_weights();
      trainer_.save(state_);
      if (!kept_best_replaced_) {
        kept_.best = std::move(state_->best);
        kept_.best_validation = state_->best_validation;
      }
      static_cast<Judgement&>(*state_) = std::move(kept_);
      state_->step = kept_step_;
      state_->failed = true;
      state_->before_end.reset();
      while (!state_->log.empty() && state_->log.back().step > kept_step_) state_->log.pop_back();
      hooks_.checkpoint(*state_);
      advice += "; the checkpoint holds step " + std::to_string(kept_step_);
    }
    fail_numerical(what + advice);
  }

  const Objective& objective_;
  bool has_adversary_;
  const TrainingRows& validation_;
  const TrainingOptions& options_;
  const TrainingHooks& hooks_;
  TrainingState* state_;
  Trainer<T> trainer_;
  std::optional<LossProgram<T>> judge_;
  std::int64_t total_, validate_every_, keep_every_;
  double started_, last_save_, last_show_;
  Progress progress_;
  std::int64_t first_step_ = 0;
  double first_step_began_ = 0;
  LogRow shown_;
  std::int64_t kept_step_ = 0;       // of the weights that the trainer keeps
  Judgement kept_;                   // of kept_step_
  bool kept_best_replaced_ = false;  // the best weights of kept_step_ are in kept_, not in state_
  bool warned_of_validation_ = false;
};

}  // namespace

template <class T>
void train(const Learners& learners, const ParameterTable& table, const TrainingRows& rows,
           const TrainingRows& validation, const TrainingOptions& options,
           const TrainingHooks& hooks, TrainingState* state) {
  start_state(table, options, state);
  Run<T>(learners, table, rows, validation, options, hooks, state).train();
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
