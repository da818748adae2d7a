// The options of a training run and the state that it goes on from.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "graph/plan.hpp"

namespace pushforward {

enum class Schedule { constant, cosine, step };

// TrainingOptions::patience: a quarter of the steps, at least 20 validations.
constexpr std::int64_t automatic_patience = -1;

struct TrainingOptions {
  std::int64_t steps = 0;  // one of the two: 0 is "not given"
  std::int64_t epochs = 0;
  std::int64_t batch = 256;
  Products products = Products::exact;  // of training steps; never of validation
  double learning_rate = 1e-3;
  Schedule schedule = Schedule::constant;  // cosine: to 0; step: a tenth at 1/2 and 3/4 of the run
  std::int64_t warmup = 0;                 // steps of linear rise
  double weight_decay = 0;                 // decoupled (Loshchilov, Hutter 2019)
  double l2 = 0;                           // the loss has l2/2 |parameters|^2 added, unclipped
  double clip_norm = 0;                    // 0: none
  double ema = 0;                          // 0: none
  std::int64_t patience = 0;               // validations without a better one; 0: never stop early
  std::int64_t validate_every = 0;         // steps; 0: validations take a tenth of the time
  std::int64_t log_every = 100;            // steps a logged row averages over
  std::int64_t checkpoint_every_steps = 0;
  double checkpoint_every_seconds = 0;
  std::uint64_t seed = 0;
  int threads = 1;

  // Steps of the whole run over `rows` training rows.
  [[nodiscard]] std::int64_t total_steps(std::size_t rows) const;
  [[nodiscard]] double rate_at(std::int64_t step, std::int64_t total) const;  // step from 0
};

// One row of the training log. validation is NaN where it was not measured, adversary_loss where
// there is no adversary.
struct LogRow {
  std::int64_t step = 0;
  double loss = 0, validation = 0, rate = 0, gradient_norm = 0, adversary_loss = 0;
};

// What validation has found so far, and the sums of the log row that is being gathered.
struct TrainingTally {
  std::vector<double> best;                                   // weights; empty: none yet
  double best_validation = 0;                                 // of `best`, where it is not empty
  std::int64_t stale = 0;                                     // validations since the best
  double loss_sum = 0, norm_sum = 0, adversary_loss_sum = 0;  // since the last logged row
  std::int64_t summed_steps = 0;
};

// Everything a stopped run needs to go on to the same bits. Values are exact in double.
struct TrainingState : TrainingTally {
  std::int64_t step = 0;
  std::vector<double> parameters, first_moment, second_moment, ema;
  std::vector<LogRow> log;
  // The tally before the last step, where that step validated or logged only because it was the
  // last. A longer run goes on from it, and gives what it gives without the stop.
  std::optional<TrainingTally> before_end;
  bool failed = false;  // a step soon after this one had no finite loss
};

// The rows of the log that a run going on from `state` keeps.
[[nodiscard]] std::vector<LogRow> settled_log(const TrainingState& state);

// The weights of a run's result: the best ones where validation was measured, else the averaged
// ones where there are any, else the last.
[[nodiscard]] const std::vector<double>& final_parameters(const TrainingState& state);

}  // namespace pushforward
