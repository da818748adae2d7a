#include "nn/training_state.hpp"

#include <algorithm>
#include <cmath>

#include "base/constants.hpp"

namespace pushforward {

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

}  // namespace pushforward
