// Markov chain Monte Carlo with momenta: MALA and Hamiltonian Monte Carlo, which leave the density
// exactly as it is whatever the step size, and underdamped Langevin dynamics.
//
// z is standard normal, fresh at every step; the mass is 1 (sample/preconditioner.hpp changes the
// coordinates instead).
#pragma once

#include <cstdint>
#include <optional>

#include "sample/transitions.hpp"

namespace pushforward {

struct Chain {
  Transitions transitions;
  AuxiliaryState auxiliary;
  // Which matrices of the state, [n, 1], hold the probability of acceptance in the last step, and
  // the energy after its momentum was drawn.
  std::optional<std::size_t> acceptance, energy;
};

// How long a chain runs and steps. With `adapt` the `burn_in` steps find a step size for each chain
// by dual averaging (sample/dual_averaging.hpp), from step_size on, and the others keep it.
struct ChainLength {
  double sigma = 0;  // the level of the density
  double step_size = 0;
  std::uint64_t burn_in = 0, steps = 0;
  bool adapt = false;
};

// Hamiltonian Monte Carlo (Neal 2011, section 3.3): a momentum z, `leapfrog` steps of length h,
// acceptance with probability min(1, exp(-dH)). `leapfrog` evaluations of the score per step. A
// proposal whose density or score is not finite is rejected. The model must have a log density.
//
// Every proposal of every chain has its own h, uniform in [(1 - jitter) step_size, step_size] and
// independent of the state, so detailed balance holds. With a fixed length (jitter 0) a trajectory
// can be close to a whole or half period of a Gaussian target, and the chain hardly moves (Neal,
// sections 3.2 and 5.4.2.2).
[[nodiscard]] Chain hmc_chain(const ChainLength& length, int leapfrog, double jitter);

// The Metropolis-adjusted Langevin algorithm (Roberts, Tweedie 1996) with proposals
// x + eps s(x) + sqrt(2 eps) z, eps = step_size: one leapfrog step of h = sqrt(2 eps), which has
// the same proposals and the same acceptance.
[[nodiscard]] Chain mala_chain(const ChainLength& length);

// Underdamped Langevin dynamics dx = p dt, dp = s(x) dt - friction p dt + sqrt(2 friction) dW by
// the BAOAB splitting (Leimkuhler, Matthews 2013), step_size its h: exact in x on a Gaussian, of
// order h^2 elsewhere. One evaluation per step; it ignores length.adapt.
[[nodiscard]] Chain underdamped_chain(const ChainLength& length, double friction);

}  // namespace pushforward
