// A model as samplers and solvers take it.
#pragma once

#include <cstddef>
#include <functional>

#include "density/density.hpp"
#include "sample/score_source.hpp"
#include "score/score_model.hpp"

namespace pushforward {

struct ChainTarget {
  int dimension = 0;                           // D
  const ParameterTable* parameters = nullptr;  // what steps read
  // Rows of a lane: at most `limit`; fewer where the layers of a large network would not stay in a
  // core's cache.
  std::function<std::size_t(std::size_t limit)> lane_rows = [](std::size_t limit) { return limit; };
  // Empty for a model that has no score. Its steps hold what they compute with.
  ScoreSource source{};
};

// The model must outlive the target, here and below.

// A density as it is; sigma is ignored. States are rows less the density's origin().
[[nodiscard]] ChainTarget density_target(const Density& density);

// A density that has a noised form, whose score is exact. States are rows less its origin().
[[nodiscard]] ChainTarget noised_density_target(const Density& density);

// A score model, in its own coordinates. For a model with classes the score is that of the rows
// with this label, or of all rows for -1. With guidance w it is (1 + w) s(x | label) - w s(x) (Ho,
// Salimans 2021); a learned variance is that of the label.
[[nodiscard]] ChainTarget score_target(const ScoreModel& model, int label = -1,
                                       double guidance = 0);

// A model without a score, whose steps run a network of this shape.
[[nodiscard]] ChainTarget network_target(int dimension, const ParameterTable& parameters,
                                         const ConditionalShape& shape);

}  // namespace pushforward
