// One attempted step of the probability-flow ODE, as expressions.
#pragma once

#include <vector>

#include "sample/score_source.hpp"

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
struct OdeSlope {
  Expr y;       // dy / d lambda, [n, D]
  Expr traces;  // divergence of the flow of y, [n, settings.traces()]; invalid for none
};

// y [n, D], lambda [n, 1], directions: settings.probes times [n, D] for Trace::hutchinson.
[[nodiscard]] OdeSlope ode_slope(const ScoreSource& source, Scope scope,
                                 const OdeSettings& settings, Expr y, Expr lambda,
                                 const std::vector<Expr>& directions);

struct OdeAttempt {
  OdeSlope slope;  // at the end of the step: the first of the next one
  Expr y;          // [n, D]
  Expr traces;     // integral of the divergence over the step, [n, traces]; invalid for none
  Expr error;      // mean over the components of (error / (atol + rtol size))^2, [n, 1]
  // Estimated change of the final log density by the step's error, [n, 1]; invalid without a trace.
  Expr log_error;
};

// A step of length h [n, 1] from (y, lambda), where the slope is `first`, by Dormand and Prince
// (1980), the fifth-order result going on. total [n, 1]: the log-density integral so far, the
// component beside those of y that the error is measured against.
[[nodiscard]] OdeAttempt ode_attempt(const ScoreSource& source, Scope scope,
                                     const OdeSettings& settings, Expr y, Expr lambda, Expr h,
                                     const OdeSlope& first, Expr total,
                                     const std::vector<Expr>& directions);

}  // namespace pushforward
