// A ladder of noise levels chosen from the data: techniques 1 and 2 of Song and Ermon (2020).
#pragma once

#include <cstddef>

#include "nn/training_rows.hpp"

namespace pushforward {

// The largest Euclidean distance between two rows, of their first `dimension` columns.
[[nodiscard]] double largest_distance(const TrainingRows& rows, std::size_t dimension);

// The factor gamma between neighbouring levels, for which noise of one level reaches where the next
// is trained: Phi(sqrt(2 D) (gamma - 1) + 3 gamma) - Phi(sqrt(2 D) (gamma - 1) - 3 gamma) = 1/2. In
// few dimensions, where every factor reaches, that of the ladder of Song and Ermon (2019),
// 100^(1/9).
[[nodiscard]] double ladder_ratio(std::size_t dimension);

// How many levels there are from sigma_max down to sigma_min, none further from the next than that
// factor; at least 2.
[[nodiscard]] int ladder_levels(double sigma_min, double sigma_max, double ratio);

}  // namespace pushforward
