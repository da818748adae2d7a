// A ladder of noise levels chosen from the data: techniques 1 and 2 of Song and Ermon (2020).
#pragma once

#include <cstddef>
#include <vector>

#include "nn/training_rows.hpp"

namespace pushforward {

// The largest Euclidean distance between two rows, in as many of their columns as there are units,
// each column divided by its unit.
[[nodiscard]] double largest_distance(const TrainingRows& rows, const std::vector<double>& unit);

// The ratio gamma of neighbouring levels such that rows noised to one level lie where the next one
// is trained: Phi(sqrt(2 D) (gamma - 1) + 3 gamma) - Phi(sqrt(2 D) (gamma - 1) - 3 gamma) = 1/2. At
// most 100^(1/9), the ratio of Song and Ermon (2019), which holds in few dimensions.
[[nodiscard]] double ladder_ratio(std::size_t dimension);

// The number of levels from sigma_max down to sigma_min whose ratio is at most `ratio`; at least 2.
[[nodiscard]] int ladder_levels(double sigma_min, double sigma_max, double ratio);

}  // namespace pushforward
