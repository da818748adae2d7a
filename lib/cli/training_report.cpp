#include "cli/training_report.hpp"

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "base/messages.hpp"
#include "base/short_number.hpp"

namespace pushforward {
namespace {

// Did the loss end far above where it began? A noisy loss, and one that is below 0, wander by about
// their size.
bool loss_rose(const std::vector<LogRow>& log) {
  if (log.size() < 2) return false;
  // The least of the last rows: one bad batch is no rise.
  const std::size_t few = std::max<std::size_t>(1, std::min<std::size_t>(5, log.size() / 4));
  const double begin = log.front().loss;
  double end = log.back().loss;
  for (std::size_t i = 1; i < few; ++i) end = std::min(end, log[log.size() - 1 - i].loss);
  return end > begin + 2 * std::max(1.0, std::abs(begin));
}

// The row of the log whose weights were kept; null where no validation was finite.
const LogRow* best_row(const std::vector<LogRow>& log) {
  const LogRow* best = nullptr;
  for (const LogRow& row : log)
    if (std::isfinite(row.validation) && (best == nullptr || row.validation < best->validation))
      best = &row;
  return best;
}

// The row of the last validation; null where there is none.
const LogRow* last_validated(const std::vector<LogRow>& log) {
  const LogRow* last = nullptr;
  for (const LogRow& row : log)
    if (!std::isnan(row.validation)) last = &row;
  return last;
}

// A difference of losses, in nats, that is worth a word.
bool learned_by_heart(const LogRow& best, const LogRow& last) {
  const double rise = last.validation - best.validation;
  return last.loss < best.loss &&
         (rise > 0.1 * std::max(1.0, std::abs(best.validation)) || !std::isfinite(last.validation));
}

}  // namespace

void report_training(const TrainingState& state, const EndedRun& run) {
  const LogRow* best = best_row(state.log);
  const LogRow* last = last_validated(state.log);
  const std::string step = std::to_string(state.step), total = std::to_string(run.total_steps);
  const bool whole = state.step >= run.total_steps;
  if (best != nullptr && !(whole && best->step == state.step))
    note((whole ? "" : "stopped at step " + step + " of " + total + "; ") +
         "kept the weights of step " + std::to_string(best->step) + (whole ? " of " + total : "") +
         " (validation loss " + short_number(best->validation) + ")");
  if (!run.has_adversary && loss_rose(state.log))
    warn("the loss ended at " + short_number(state.log.back().loss) + ", it began at " +
         short_number(state.log.front().loss) + "; a smaller --lr or --clip-norm may help");
  else if (best != nullptr && last != best && learned_by_heart(*best, *last))
    note(
        "overfitting: from step " + std::to_string(best->step) + " to " +
        std::to_string(last->step) + " the validation loss rose from " +
        short_number(best->validation) + " to " + short_number(last->validation) +
        " while the training loss fell from " + short_number(best->loss) + " to " +
        short_number(last->loss) +
        "; more rows, fewer --layers, a smaller network or --weight-decay may give a better model");
}

}  // namespace pushforward
