// Which numbers of a picture are black and white.
#pragma once

#include <utility>
#include <vector>

#include "io/array.hpp"

namespace pushforward {

// Black and white for pictures of these values: [0, 255] for whole-number types; for others the
// first of [0, 1], [-1, 1] and [0, 255] that the finite values exceed by a quarter of its length at
// most, or else from the least to the greatest of them.
[[nodiscard]] std::pair<double, double> picture_range(ElementType type,
                                                      const std::vector<double>& values);

}  // namespace pushforward
