// What a person asks of a sampler, and the plan that is made of it.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "sample/mcmc.hpp"
#include "sample/moves.hpp"
#include "sample/preconditioner.hpp"
#include "sample/sampled_model.hpp"
#include "sample/sampler.hpp"
#include "sample/score_source.hpp"

namespace pushforward {

// 0 and empty mean the default of the method and the model.
struct MethodOptions {
  std::string method;
  std::optional<ProcessSettings> process;  // noises an analytic model
  double sigma = 0, sigma_min = 0, sigma_max = 0;
  int label = -1;  // of a score model with classes
  double guidance = 0;
  std::int64_t levels = 0;
  std::int64_t steps = 0;
  double step_size = 0;
  double rho = 7;
  Churn churn;
  std::int64_t corrector_steps = 1;  // pc
  double snr = 0.16;                 // pc
  std::string variance;              // ddpm: fixed-small, fixed-large, learned
  double eta = 0;                    // ddim
  double atol = 0, rtol = 0;         // ode, adaptive
  bool denoise = true;
  std::int64_t count = 0;  // rows to draw
  // Markov chains: ula, mala, hmc, underdamped.
  std::int64_t chains = 0;    // 0: one a row
  std::int64_t burn_in = -1;  // -1: 0, or 1000 where chains are given
  std::int64_t thin = 0;
  std::optional<bool> adapt;  // mala, hmc; by default where there is a burn-in and no step size
  std::int64_t leapfrog = 10;
  double jitter = 0.6;  // hmc: the worst autocorrelation of a Gaussian's x^2 is then about 0.6
  double friction = 1;
  std::string preconditioner;  // file
  std::vector<double> probes;  // a few starting rows, where step sizes are judged
  // Restoration: blur, cold.
  bool init_is_file = false;   // what --init gives: a file, not noise
  bool init_degraded = false;  // whose rows are degraded already
  std::string start;           // rows, gaussian: what is drawn where there is no --init
  int start_level = 0;         // 0: the last
  double delta = 0;            // noise, in ranges of the data
  int algorithm = 2;           // cold
};

// Steps that each row chooses for itself; 0 is the default of the method.
struct AdaptivePlan {
  enum class Equation { ordinary, stochastic };  // the probability flow, the reverse process
  Equation equation;
  Process process;
  double atol = 0, rtol = 0;
  bool denoise = true;
  std::vector<double> data_scale;  // deviation of the data in the chain's coordinates; empty: 1
};

struct SamplingPlan {
  std::string method;
  std::unique_ptr<ScoreSource> source;
  Moves moves;
  Companions companions;
  std::uint64_t chains = 0;  // each gives rows.count rows
  Records rows;
  // A chain starts at centre + scale times its row of noise, or, where starts_at_rows, at a row in
  // data units.
  std::vector<double> centre;
  double scale = 1;
  // A state x of the chain is offset + unit a x in data units, a column each, or a x where these
  // are empty; a is start_scale at the start, then that of the last move (Move::scale), and
  // end_scale for the rows that are drawn.
  std::vector<double> offset, unit;
  double start_scale = 1, end_scale = 1;
  bool starts_at_rows = false;
  // Where set, chains first, first + 1, ... start at `count` rows of this, [count, D], in their own
  // coordinates.
  std::function<std::vector<double>(std::uint64_t seed, std::uint64_t first, std::size_t count)>
      drawn_start;
  std::optional<AdaptivePlan> adaptive;  // ode, adaptive: in place of moves

  std::vector<std::string> warnings;  // of levels that do not fit the model

  // Of Markov chains.
  std::optional<Preconditioner> preconditioner;   // source and moves are in its coordinates
  std::optional<std::size_t> acceptance, energy;  // of a Chain
  std::uint64_t burn_in = 0;                      // steps that acceptance does not count
  std::optional<double> step_size;                // where one was chosen
  bool diverges_with_step = false;                // too long a step makes a chain run away
  double curvature = 0;    // the largest at the probes; 0 where there is none
  double stable_step = 0;  // the step size that a Gaussian of that curvature allows
};

// What a method makes its plan from. `given` says whether an option of that name was given.
struct SamplingRequest {
  const SampledModel& model;
  const MethodOptions& options;
  const std::function<bool(const std::string&)>& given;
};

}  // namespace pushforward
