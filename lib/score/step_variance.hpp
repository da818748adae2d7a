// The variance of a reverse step from one noise level to a lower one.
#pragma once

#include "score/process.hpp"

namespace pushforward {

// Variances of x^' at the lower level given x^ = x_t / a(t); v = sigma^2 - sigma'^2.
struct StepVariance {
  double lost;   // v
  double small;  // v sigma'^2 / sigma^2: given x_0 as well, the lower bound
  double large;  // v (a / a')^2: that of the forward step, the upper bound (Ho et al. 2020, 3.2)
};
[[nodiscard]] StepVariance step_variance(const LevelPoint& from, const LevelPoint& to);

// For step k = 1 ... T of ddpm. The variance of the step to clean data given x_0 is 0: its `small`
// is that of step 2, as in Nichol and Dhariwal (2021), or `large` if T is 1.
[[nodiscard]] StepVariance ddpm_step_variance(const Process& process, int k);

}  // namespace pushforward
