// The variance of a step backwards from one noise level to a lower one.
#pragma once

#include "score/process.hpp"

namespace pushforward {

// Of x^' at the lower level given x^ = x_t / a(t), sigma' < sigma; v = sigma^2 - sigma'^2.
struct StepVariance {
  double lost;   // v
  double small;  // v sigma'^2 / sigma^2: given x_0 too, which is the least there is
  double large;  // v (a / a')^2: that of the step forward, the most there is (Ho et al. 2020, 3.2)
};
[[nodiscard]] StepVariance step_variance(const LevelPoint& from, const LevelPoint& to);

// Of step k of ddpm's T, from 1. Nothing is left to chance in the step to clean data: its `small`
// is that of step 2, as Nichol and Dhariwal (2021) have it, or `large` where T is 1.
[[nodiscard]] StepVariance ddpm_step_variance(const Process& process, int k);

}  // namespace pushforward
