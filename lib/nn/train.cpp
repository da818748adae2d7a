#include "nn/train.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <functional>
#include <limits>
#include <optional>

#include "base/error.hpp"
#include "base/lanes.hpp"
#include "base/stop.hpp"
#include "nn/last_finite.hpp"
#include "nn/trainer.hpp"

namespace pushforward {
namespace {

constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();

// Copying more weights than this takes as long as a small part of a step, so it is done in every
// tenth step only.
constexpr std::size_t few_weights = 200000;

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

void start_state(const ParameterTable& table, const TrainingOptions& options,
                 TrainingState* state) {
  if (!state->parameters.empty()) return;
  state->parameters = table.values;
  state->first_moment.assign(table.size(), 0);
  state->second_moment.assign(table.size(), 0);
  if (options.ema > 0) state->ema = table.values;
}

// One run: the loop over steps, validation, the log, and what is left when the numbers fail.
template <class T>
class Run {
 public:
  Run(const TrainingTask& task, const TrainingOptions& options, const TrainingHooks& hooks,
      TrainingState* state)
      : task_(task),
        objective_(*task.learners.model.objective),
        options_(options),
        hooks_(hooks),
        state_(state),
        trainer_(task, options, *state),
        total_(options.total_steps(task.rows.count())),
        keep_every_(task.table.size() > few_weights ? 10 : 1),
        started_(seconds_now()),
        last_save_(started_),
        last_show_(started_),
        progress_(hooks.progress, hooks.program, static_cast<std::uint64_t>(total_), "step") {
    if (validates())
      validation_loss_.emplace(objective_, task.table, objective_.lane_rows(lane_rows),
                               task.rows.columns, false, options.threads);
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
  [[nodiscard]] bool validates() const { return task_.validation.count() > 0; }
  [[nodiscard]] bool has_adversary() const { return task_.learners.adversary.has_value(); }
  [[nodiscard]] bool out_of_patience() const {
    return validates() && options_.patience != 0 && state_->stale >= patience();
  }
  // Validations without a better one after which the run ends: enough of them for chance, and for
  // a quarter of the run, as the learning rate falls to the end.
  [[nodiscard]] std::int64_t patience() const {
    if (options_.patience != automatic_patience) return options_.patience;
    return std::max<std::int64_t>(20, total_ / (4 * validate_every()));
  }
  // Of noise, a validation, so that it sees as many noised rows as a run of steps does.
  [[nodiscard]] std::size_t draws() const {
    constexpr std::int64_t steps = 40;
    return validation_draws(objective_, task_.validation.count(),
                            static_cast<std::size_t>(steps * options_.batch));
  }
  // A validation evaluates each draw of its rows (and all rows, where a flow has statistics of
  // them) once, a step its batch about three times. Validations may take a tenth of the time.
  [[nodiscard]] std::int64_t validate_every() const {
    if (options_.validate_every > 0) return options_.validate_every;
    constexpr double step_cost = 3, share = 0.1;
    double rows = static_cast<double>(task_.validation.count() * draws());
    if (objective_.has_statistics()) rows += static_cast<double>(task_.rows.count());
    const double steps = rows / (share * step_cost * static_cast<double>(options_.batch));
    return std::max<std::int64_t>(10, static_cast<std::int64_t>(std::ceil(steps)));
  }
  [[nodiscard]] bool validation_due() const {
    return validates() && state_->step % validate_every() == 0;
  }
  [[nodiscard]] bool log_due() const {
    return state_->step % options_.log_every == 0 || validation_due();
  }
  [[nodiscard]] bool checkpoint_due() const {
    return (options_.checkpoint_every_steps > 0 &&
            state_->step % options_.checkpoint_every_steps == 0) ||
           (options_.checkpoint_every_seconds > 0 &&
            seconds_now() - last_save_ >= options_.checkpoint_every_seconds);
  }
  [[nodiscard]] bool show_due() const {
    const WeightViewer& viewer = hooks_.viewer;
    if (viewer.max_share > 0 && show_seconds_ > viewer.max_share * (seconds_now() - started_))
      return false;
    return (viewer.every > 0 && state_->step % viewer.every == 0) ||
           (viewer.every_seconds > 0 && seconds_now() - last_show_ >= viewer.every_seconds);
  }

  void step() {
    std::function<void()> keep;
    if (hooks_.checkpoint && (state_->step % keep_every_ == 0 || !trainer_.has_kept_weights()))
      keep = [this] {
        require_finite_weights();
        trainer_.keep_weights();
        last_finite_.keep(*state_);
      };
    const auto outcome = trainer_.step(state_->step, options_.rate_at(state_->step, total_), keep);
    if (!outcome.finite())
      fail("the loss or its gradient is not finite at step " + std::to_string(state_->step + 1));
    ++state_->step;
    state_->loss_sum += outcome.model.loss;
    state_->norm_sum += outcome.model.gradient_norm;
    state_->adversary_loss_sum += outcome.adversary_loss;
    ++state_->summed_steps;
    measure();
    if (state_->step == total_ || out_of_patience() || show_due()) show();
    if (state_->log.empty()) {
      shown_.loss = outcome.model.loss;
      shown_.adversary_loss = outcome.adversary_loss;
    }
    const double rows = static_cast<double>((state_->step - first_step_) * options_.batch);
    progress_.update(
        static_cast<std::uint64_t>(state_->step),
        progress_note(shown_, has_adversary(), rows / (seconds_now() - first_step_began_)));
  }

  // Validates and logs where the step reached asks for it, as the last one always does.
  void measure() {
    const bool last = state_->step >= total_;
    const bool validating = validation_due() || (last && validates());
    if (last && (validating != validation_due() || !log_due()))
      state_->before_end = static_cast<const TrainingTally&>(*state_);
    const double loss = validating ? validate() : not_a_number;
    if (last || log_due()) log(loss);
  }

  // A state from the end of a shorter run goes on from before what only that end asked for.
  void reopen() {
    if (!state_->before_end) return;
    static_cast<TrainingTally&>(*state_) = *state_->before_end;
    state_->log = settled_log(*state_);
    state_->before_end.reset();
    measure();
  }

  [[nodiscard]] double validate() {
    trainer_.update_statistics(objective_);
    const double loss = mean_loss<T>(&*validation_loss_, trainer_.measured().data(),
                                     task_.validation, draws(), options_.seed, trainer_.workers());
    if (!std::isfinite(loss) && !warned_of_validation_ && hooks_.warn) {
      hooks_.warn("the loss of the validation rows is not finite at step " +
                  std::to_string(state_->step) + "; weights like these are not kept as the best");
      warned_of_validation_ = true;
    }
    keep_best(loss);
    return loss;
  }

  void keep_best(double loss) {
    if (!std::isfinite(loss) || (!state_->best.empty() && loss >= state_->best_validation)) {
      ++state_->stale;
      return;
    }
    last_finite_.take_best(state_);
    state_->best_validation = loss;
    state_->best.assign(trainer_.measured().begin(), trainer_.measured().end());
    state_->stale = 0;
  }

  void log(double validation_loss) {
    const double steps = static_cast<double>(state_->summed_steps);
    const double adversary_loss =
        has_adversary() ? state_->adversary_loss_sum / steps : not_a_number;
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
    const double began = seconds_now();
    trainer_.update_statistics(objective_);
    hooks_.viewer.show(state_->step, {trainer_.measured().begin(), trainer_.measured().end()});
    last_show_ = seconds_now();
    show_seconds_ += last_show_ - began;
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

  [[noreturn]] void fail(const std::string& what) {
    std::string advice = "; a smaller --lr or --clip-norm may help";
    if (hooks_.checkpoint && trainer_.has_kept_weights()) {
      trainer_.take_kept_weights();
      trainer_.save(state_);
      last_finite_.restore(state_);
      hooks_.checkpoint(*state_);
      advice += "; the checkpoint holds step " + std::to_string(state_->step);
    }
    fail_numerical(what + advice);
  }

  const TrainingTask& task_;
  const Objective& objective_;
  const TrainingOptions& options_;
  const TrainingHooks& hooks_;
  TrainingState* state_;
  Trainer<T> trainer_;
  std::optional<LossProgram<T>> validation_loss_;
  std::int64_t total_, keep_every_;
  double started_, last_save_, last_show_;
  double show_seconds_ = 0;  // that the viewer took
  Progress progress_;
  std::int64_t first_step_ = 0;
  double first_step_began_ = 0;
  LogRow shown_;
  LastFinite last_finite_;
  bool warned_of_validation_ = false;
};

}  // namespace

template <class T>
void train(const TrainingTask& task, const TrainingOptions& options, const TrainingHooks& hooks,
           TrainingState* state) {
  start_state(task.table, options, state);
  Run<T>(task, options, hooks, state).train();
}

template void train<float>(const TrainingTask&, const TrainingOptions&, const TrainingHooks&,
                           TrainingState*);
template void train<double>(const TrainingTask&, const TrainingOptions&, const TrainingHooks&,
                            TrainingState*);

}  // namespace pushforward
