// What training minimises, and who learns on it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
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
  std::string scope = "";                // the parameters below it; empty: all
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
  Learners(Learner of_model, Learner of_adversary) : model(of_model), adversary(of_adversary) {}
  Learner model;
  std::optional<Learner> adversary;
};

}  // namespace pushforward
