// The plan of a sampling run, which a method makes of a model and of what a person asks for.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "sample/chain_target.hpp"
#include "sample/data_units.hpp"
#include "sample/mcmc.hpp"
#include "sample/method_options.hpp"
#include "sample/sampled_model.hpp"
#include "sample/sampler.hpp"
#include "sample/transitions.hpp"

namespace pushforward {

class StartingRows;

// Where chains start, in their own coordinates.
struct StartPlan {
  // A row of a file, turned from units of the data; otherwise centre + scale times a row of noise.
  bool at_rows = false;
  std::vector<double> centre;
  double scale = 1;
  // In place of both: the chains first, first + 1, ... start at `count` rows of this, [count, D].
  std::function<std::vector<double>(std::uint64_t seed, std::uint64_t first, std::size_t count)>
      drawn;
};

// Steps that each row chooses for itself; a tolerance of 0 is the default of the method.
struct AdaptivePlan {
  enum class Equation { ordinary, stochastic };  // the probability flow, the reverse process
  Equation equation;
  Process process;
  double atol = 0, rtol = 0;
  bool denoise = true;
  std::vector<double> data_scale;  // deviation of the data in the chain's coordinates; empty: 1
};

// What is said of Markov chains besides their rows.
struct MarkovPlan {
  std::optional<std::size_t> acceptance, energy;  // as those of Chain
  std::uint64_t burn_in = 0;                      // steps that acceptance does not count
  std::optional<double> step_size;                // where one was chosen
  bool diverges_with_step = false;                // too long a step makes a chain run away
  double curvature = 0;    // the largest at the starting rows; 0 where there is none
  double stable_step = 0;  // the step size that a Gaussian of that curvature allows
};

struct SamplingPlan {
  std::string method;
  ChainTarget target;
  Transitions transitions;
  AuxiliaryState auxiliary;
  std::optional<AdaptivePlan> adaptive;  // in place of transitions
  std::uint64_t chains = 0;              // each gives rows.count rows
  Records rows;
  StartPlan start;
  DataUnits units;
  MarkovPlan markov;
  std::vector<std::string> warnings;  // of levels that do not fit the model
};

// What a method makes its plan from.
struct SamplingRequest {
  const SampledModel& model;
  const MethodOptions& options;
  const StartingRows& start;

  template <class Field>
  [[nodiscard]] typename Field::Value value(const Field& field) const {
    return value_of(field, options.fields);
  }
};

using PlanFunction = void (*)(const SamplingRequest&, SamplingPlan*);

}  // namespace pushforward
