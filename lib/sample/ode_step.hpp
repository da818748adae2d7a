// One step of the probability-flow ODE, as plans.
#pragma once

#include <vector>

#include "sample/chain_target.hpp"
#include "sample/row_feed.hpp"

namespace pushforward {

// How the divergence of the flow is followed beside a row.
enum class Trace {
  none,       // not at all
  exact,      // D tangents an evaluation
  hutchinson  // v' J v for a few fixed directions v of signs (Hutchinson 1989)
};

struct OdeSettings {
  double atol = 1e-5, rtol = 1e-5;
  Trace trace = Trace::none;
  int probes = 1;  // hutchinson: directions per row
  // About where the data lie and how wide a column is, D numbers each; empty: 0 and 1. They change
  // what a step costs and what tolerances are measured against, not what is solved.
  std::vector<double> centre, scale;

  // Log-density changes followed side by side.
  [[nodiscard]] int traces() const {
    return trace == Trace::none ? 0 : trace == Trace::exact ? 1 : probes;
  }
};

// Song et al. (2021), equation 13: in x_t / a(t) = x the probability-flow ODE of every process is
// dx / d lambda = -sigma^2 s(x, sigma), lambda = ln sigma. It is solved for
//   y = (x - centre) / r,  r = sqrt(sigma^2 + scale^2),
// which a Gaussian of that centre and scale does not move at all, so that steps are long where the
// flow only spreads. Likewise what is integrated for the log density is the divergence of the flow
// of y; that of r is known:
//   d log p / d lambda along the flow = -(trace + sum_d sigma^2 / r_d^2).
//
// Inputs and outputs of the plans, in this order; `traces` is settings.traces(), and what has that
// many columns is left out where it is 0.
//
// Inputs y [n, D], lambda [n, 1] and for Trace::hutchinson settings.probes directions [n, D];
// outputs the slope, dy / d lambda [n, D], and the divergences of the flow of y [n, traces].
[[nodiscard]] BuiltPlan ode_start_plan(const ChainTarget& target, const OdeSettings& settings,
                                       Scope scope, int rows);

// A step of length h from (y, lambda) by Dormand and Prince (1980), the fifth-order result going
// on. Inputs y [n, D], lambda [n, 1], h [n, 1], the log-density integral so far [n, 1], the
// component beside those of y that the error is measured against, slope [n, D] and divergences [n,
// traces] there, and the directions. Outputs
//   y [n, D] and its slope [n, D] at the end of the step;
//   the mean over the components of (error / (atol + rtol size))^2, [n, 1];
//   where there are traces, the divergences [n, traces] at the end, their integrals over the step
//   [n, traces], and the change of the final log density by the step's error [n, 1], estimated.
[[nodiscard]] BuiltPlan ode_step_plan(const ChainTarget& target, const OdeSettings& settings,
                                      Scope scope, int rows);

}  // namespace pushforward
