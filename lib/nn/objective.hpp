// What training minimises, and who learns on it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/lanes.hpp"
#include "nn/parameters.hpp"
#include "nn/training_rows.hpp"

namespace pushforward {

// What the loss of a lane of rows is made of.
struct LossInputs {
  Expr x;                  // [n, D]
  Expr weights;            // [n, 1]: 1 for the rows that count, 0 for those that fill up the lane
  Expr normals, uniforms;  // [n, normal_columns()], [n, uniform_columns()]; invalid for none
  Expr level;              // [n, level_columns()]; invalid for none
  bool training = true;    // false when measured only
};

// What training minimises: the mean over rows of a loss. Randomness is an input: each row is given
// normal_columns() standard normal and uniform_columns() uniform numbers.
class Objective {
 public:
  virtual ~Objective() = default;
  [[nodiscard]] virtual int normal_columns() const { return 0; }
  [[nodiscard]] virtual int uniform_columns() const { return 0; }
  // Numbers that each row draws for itself, such as its noise level: functions of a uniform number.
  [[nodiscard]] virtual int level_columns() const { return 0; }
  virtual void draw_level(double /*uniform*/, double* /*columns*/) const {}
  // The loss of each row, [n, 1].
  [[nodiscard]] virtual Expr loss(Scope scope, const LossInputs& inputs) const = 0;
  // Rows of a lane, at most `most`: fewer where rows are large, so that what a lane needs stays in
  // a core's cache. It depends on the objective alone.
  [[nodiscard]] virtual std::size_t lane_rows(std::size_t most) const { return most; }
  // Whether some parameters are not trained but statistics of the rows, given the others.
  [[nodiscard]] virtual bool has_statistics() const { return false; }
  // Sets those, in the flat buffer of parameters.
  virtual void update_statistics(const TrainingRows& /*rows*/, Workers* /*workers*/,
                                 std::vector<double>* /*values*/) const {}
};

// A part of the parameters and the loss that moves it, by Adam (Kingma, Ba 2015).
struct Learner {
  const Objective* objective = nullptr;  // must outlive the run, as rare_objective must
  std::string scope = {};                // the parameters below it; empty: all
  // Replaces the objective at step 0 and every rare_every-th step after it; null: never.
  const Objective* rare_objective = nullptr;
  std::int64_t rare_every = 1;
  double rate = 1;  // its learning rate, as a multiple of the run's
  double beta1 = 0.9, beta2 = 0.999;
};

// Who learns in a run: a model, and perhaps an adversary, each on its own loss, which may depend on
// the other's parameters. In each step the adversary moves and then the model, on the same rows
// with different noise.
struct Learners {
  Learners(const Objective& objective) : model{&objective} {}  // a run without an adversary
  Learners(Learner of_model, Learner of_adversary)
      : model(std::move(of_model)), adversary(std::move(of_adversary)) {}
  Learner model;
  std::optional<Learner> adversary;
};

}  // namespace pushforward
