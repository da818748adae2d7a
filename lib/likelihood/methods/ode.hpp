// What log densities by the probability-flow ODE are computed of.
#pragma once

#include "likelihood/density_method.hpp"
#include "likelihood/ode_density.hpp"

namespace pushforward {

struct OdePlan {
  NoisedModel model;
  int classes = 0;  // of a conditional model; each row has its label
  double time = 0;
  OdeSettings settings;
};

// For a score model with levels, or a density that has a noised form. Errors as those of
// plan_density.
[[nodiscard]] OdePlan plan_ode(const DensityRequest& request);

}  // namespace pushforward
