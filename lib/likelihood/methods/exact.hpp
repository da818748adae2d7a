// What the exact log density of an analytic model or a flow is computed of.
#pragma once

#include "likelihood/density_method.hpp"

namespace pushforward {

struct ExactPlan {
  const Density* density = nullptr;
  // Whether it is the density of scale X + deviation Z, with Z standard normal.
  bool noised = false;
  double scale = 1, deviation = 0;
  int draws = 0;  // of the noise of 8-bit rows; 0: rows are points
};

// For a model that is a density. Errors as those of plan_density.
[[nodiscard]] ExactPlan plan_exact(const DensityRequest& request);

}  // namespace pushforward
