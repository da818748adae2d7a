// The training loop: minibatches cut into lanes, Adam, EMA, validation with patience, checkpoints.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/lanes.hpp"
#include "base/progress.hpp"
#include "graph/plan.hpp"
#include "io/paged_memory.hpp"
#include "nn/parameters.hpp"

namespace pushforward {

// Rows, row-major; large sets stay on disk.
struct TrainingRows {
  std::vector<float, PagedAllocator<float>> values;
  std::size_t columns = 0;
  // What was subtracted from every column, in double, before its numbers became float32; empty: 0
  // everywhere.
  std::vector<double> origin{};
  [[nodiscard]] std::size_t count() const { return columns == 0 ? 0 : values.size() / columns; }
};

// What the loss of a lane of rows is made of.
struct LossInputs {
  Expr x;                  // [n, D]
  Expr weights;            // [n, 1]: 1 for the rows that count, 0 for those that fill up the lane
  Expr normals, uniforms;  // [n, normal_columns()], [n, uniform_columns()]; invalid for none
  Expr level;              // [n, level_columns()]; invalid for none
  bool training = true;    // false when measured only
};

// What training minimises: the mean over rows of a loss. Randomness is an input: a row is given as
// many standard normal and uniform numbers as it asks for.
class Objective {
 public:
  virtual ~Objective() = default;
  [[nodiscard]] virtual int normal_columns() const { return 0; }
  [[nodiscard]] virtual int uniform_columns() const { return 0; }
  // What each row draws for itself (a noise level, say): numbers that are functions of a uniform
  // one.
  [[nodiscard]] virtual int level_columns() const { return 0; }
  virtual void draw_level(double /*uniform*/, double* /*columns*/) const {}
  // The loss of each row, [n, 1].
  [[nodiscard]] virtual Expr loss(Scope scope, const LossInputs& inputs) const = 0;
  // Rows of a lane: `most`, or as many fewer as keep what a large row needs in a core's cache. A
  // function of the objective alone.
  [[nodiscard]] virtual std::size_t lane_rows(std::size_t most) const { return most; }
  // Whether some parameters are statistics of the rows under the others, and not trained.
  [[nodiscard]] virtual bool has_statistics() const { return false; }
  // Sets those, in the flat buffer of parameters.
  virtual void update_statistics(const TrainingRows& /*rows*/, Workers* /*workers*/,
                                 std::vector<double>* /*values*/) const {}
};

// A part of the parameters and the loss that moves it, by Adam (Kingma, Ba 2015).
struct Learner {
  const Objective* objective = nullptr;  // must outlive the run, as rare_objective must
  std::string scope = {};                // the parameters below it; empty: all
  // Takes the objective's place at step 0 and every rare_every-th after; null: never.
  const Objective* rare_objective = nullptr;
  std::int64_t rare_every = 1;
  double rate = 1;  // its learning rate over that of the run
  double beta1 = 0.9, beta2 = 0.999;
};

// Who learns in a run: a model, and perhaps an adversary of it, each on a loss of its own that may
// depend on the other's parameters. A step is one of the adversary and then one of the model, on
// the same rows with noise of their own.
struct Learners {
  Learners(const Objective& objective) : model{&objective} {}  // most runs have but the one
  Learners(Learner of_model, Learner of_adversary)
      : model(std::move(of_model)), adversary(std::move(of_adversary)) {}
  Learner model;
  std::optional<Learner> adversary;
};

enum class Schedule { constant, cosine, step };

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
  std::int64_t validate_every = 0;         // steps; 0: an epoch, but at least 100 steps
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
struct Judgement {
  std::vector<double> best;                                   // weights; empty: none yet
  double best_validation = 0;                                 // of `best`, where it is not empty
  std::int64_t stale = 0;                                     // validations since the best
  double loss_sum = 0, norm_sum = 0, adversary_loss_sum = 0;  // since the last logged row
  std::int64_t summed_steps = 0;
};

// Everything a stopped run needs to go on to the same bits. Values are exact in double.
struct TrainingState : Judgement {
  std::int64_t step = 0;
  std::vector<double> parameters, first_moment, second_moment, ema;
  std::vector<LogRow> log;
  // Where the last step validated or logged only because it was the last: how things stood before.
  // A longer run goes on from there, and gives what it gives without the stop.
  std::optional<Judgement> before_end;
  bool failed = false;  // a step soon after this one had no finite loss
};

// The rows of the log that a run going on from `state` keeps.
[[nodiscard]] std::vector<LogRow> settled_log(const TrainingState& state);

// Shows the weights that validation judges, on their way: before the first step of the run (or of
// what is left of it after resuming), at every multiple of `every` steps or whenever so many
// seconds have passed, and at the end.
struct WeightViewer {
  std::int64_t every = 1;  // 0: by the clock alone
  std::function<void(std::int64_t step, const std::vector<double>& parameters)> show;  // or empty
  double every_seconds = 0;  // 0: by steps alone
};

struct TrainingHooks {
  std::function<void(const TrainingState&)> checkpoint;       // save it; may be empty
  std::function<void(const LogRow&, double seconds)> logged;  // may be empty
  std::function<void(std::size_t bytes)> planned;             // memory of a step; may be empty
  std::function<void(const std::string&)> warn;               // may be empty
  WeightViewer viewer;
  ProgressMode progress = ProgressMode::never;
  std::string program;
};

// Trains from `state` (a fresh one has step 0 and empty vectors) and leaves the last state in it.
// T: float or double. `table` gives names and starting values. The bits of the result are a
// function of rows, options and seed, not of options.threads; a run that was stopped, saved and
// continued gives the bits of one that was not.
// Throws Error(numerical) naming the step when a loss, gradient or weight is not finite; Stopped
// after a stop signal. Before that hooks.checkpoint is called, where numbers failed with the last
// state from which a step was finite (of large models, one of the last ten), if there was any.
template <class T>
void train(const Learners& learners, const ParameterTable& table, const TrainingRows& rows,
           const TrainingRows& validation, const TrainingOptions& options,
           const TrainingHooks& hooks, TrainingState* state);

extern template void train<float>(const Learners&, const ParameterTable&, const TrainingRows&,
                                  const TrainingRows&, const TrainingOptions&, const TrainingHooks&,
                                  TrainingState*);
extern template void train<double>(const Learners&, const ParameterTable&, const TrainingRows&,
                                   const TrainingRows&, const TrainingOptions&,
                                   const TrainingHooks&, TrainingState*);

// The weights a finished (or early-stopped) run hands out: the best ones where validation was
// measured, else the averaged ones where there are any, else the last.
[[nodiscard]] const std::vector<double>& final_parameters(const TrainingState& state);

// Mean loss of `rows` under given parameters, with the noise every validation uses.
template <class T>
[[nodiscard]] double mean_loss(const Objective& objective, const ParameterTable& table,
                               const TrainingRows& rows, std::uint64_t seed, int threads);

}  // namespace pushforward
