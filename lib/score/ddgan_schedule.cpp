#include "score/ddgan_schedule.hpp"

#include <cmath>

namespace pushforward {

std::vector<DdganStep> ddgan_steps(int steps, double beta_min, double beta_max) {
  constexpr double first_time = 0.001;
  const auto integral = [&](int k) {  // of beta, from t_0 to t_k
    const double t = first_time + (1 - first_time) * k / steps;
    return beta_min * (t - first_time) +
           0.5 * (beta_max - beta_min) * (t - first_time) * (t + first_time);
  };
  std::vector<DdganStep> result;
  for (int k = 1; k <= steps; ++k) {
    const double before = integral(k - 1), now = integral(k);
    const double variance_before = -std::expm1(-before), variance = -std::expm1(-now);
    const double beta = -std::expm1(before - now);
    DdganStep step;
    step.signal_before = std::exp(-0.5 * before);
    step.noise_before = std::sqrt(variance_before);
    step.signal = std::exp(-0.5 * now);
    step.noise = std::sqrt(variance);
    step.keep = std::exp(0.5 * (before - now));
    step.fresh = std::sqrt(beta);
    // In the first step beta equals the variance up to rounding.
    step.from_clean = k == 1 ? 1 : beta * step.signal_before / variance;
    step.from_noisy = variance_before * step.keep / variance;
    step.deviation = std::sqrt(beta * variance_before / variance);
    result.push_back(step);
  }
  return result;
}

}  // namespace pushforward
