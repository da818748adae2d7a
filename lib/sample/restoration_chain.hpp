// What the methods of sample/methods share that undo a degradation, level by level.
#pragma once

#include <string>
#include <vector>

#include "sample/method.hpp"

namespace pushforward {

// The row of such a method.
[[nodiscard]] Method restoration_method(const char* name, const std::vector<MethodField>& fields,
                                        PlanFunction plan);

struct RestorationChain {
  Step step;                    // its constants begin with the numbers of the level
  bool noise_in_steps = false;  // a last constant is delta, or 0 in the last step
  double default_delta = 0;     // in ranges of the data
  // What is drawn where no pictures are given and both are possible: a Gaussian, or training rows.
  bool starts_gaussian = false;
};

// Steps from the start level to level 1. The start is D(v, s) plus delta z, with z standard normal.
// Errors as those of plan_sampling.
void plan_restoration(const SamplingRequest& request, const RestorationChain& chain,
                      SamplingPlan* plan);

}  // namespace pushforward
