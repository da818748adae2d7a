// What a sampler does to a chain, worked out before it starts: transitions and their constants.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "sample/step.hpp"
#include "score/process.hpp"

namespace pushforward {

// Steps of one kind: `step`, with its constants and the level of its score, `repeats` times.
struct Transition {
  Step step;
  std::vector<double> constants;  // in the order of the step's description
  double sigma = 0;
  std::uint64_t repeats = 1;
  // The scale a(t) of the process after it; the chain holds x_t / a(t).
  double scale = 1;
  // The noise level of the chain before it, where it adds noise up to sigma.
  std::optional<double> start_sigma = {};
};

using Transitions = std::vector<Transition>;

[[nodiscard]] std::uint64_t total_steps(const Transitions& transitions);
[[nodiscard]] std::uint64_t total_evaluations(const Transitions& transitions);

// a x + b s(x, sigma) + c z. An a of 1 and a c of 0 cost nothing.
[[nodiscard]] Transition linear_transition(double sigma, double a, double b, double c,
                                           std::uint64_t repeats = 1);

// The auxiliary variables of a chain, beside x: matrices of so many columns, one row per chain.
struct AuxiliaryState {
  static constexpr int as_x = 0;
  std::vector<int> columns;  // as_x: as many as x has. All numbers are 0 before the first step.
  Transition begin;          // sets them from the start, before step 1; none where its step is null
};

// Unadjusted Langevin: x + eps s(x, sigma) + sqrt(2 eps) z. sigma is 0 for a density as it is.
[[nodiscard]] Transitions ula_transitions(double step_size, std::uint64_t steps, double sigma);

// Annealed Langevin dynamics (Song, Ermon 2019, algorithm 1, in the form of the authors' code): at
// each level `steps_a_level` Langevin steps of size alpha_i = step_size (sigma_i / sigma_L)^2; with
// `denoise`, at the end x + sigma_L^2 s(x, sigma_L).
[[nodiscard]] Transitions annealed_transitions(const std::vector<double>& ladder, double step_size,
                                               std::uint64_t steps_a_level, bool denoise);

// The grid of Karras et al. (2022), equation 5: `count` levels from sigma_max to sigma_min, even in
// sigma^(1 / rho). A count of 1 is sigma_max alone.
[[nodiscard]] std::vector<double> edm_grid(double sigma_min, double sigma_max, int count,
                                           double rho);

// Karras et al. (2022), algorithm 2.
struct Churn {
  double amount = 0;         // S_churn; 0 is the deterministic sampler
  double low = 0, high = 0;  // S_min, S_max; a high of 0 is no bound
  double noise = 1;          // S_noise
};

// Heun's method for the probability-flow ODE dx = -sigma s dsigma, from each point to the next. A
// step to sigma = 0 is Euler's.
[[nodiscard]] Transitions heun_transitions(const std::vector<LevelPoint>& points,
                                           const Churn& churn);

// One more evaluation at the end of a chain that came to sigma: the mean of the clean row,
// x + sigma^2 s(x, sigma) (Tweedie's formula).
[[nodiscard]] Transition denoising_transition(double sigma);

}  // namespace pushforward
