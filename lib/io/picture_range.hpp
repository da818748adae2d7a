// Which values of a picture are black and white.
#pragma once

#include <utility>
#include <vector>

#include "io/array.hpp"

namespace pushforward {

// The values of black and white: [0, 255] for integer types. For floats, the first of [0, 1],
// [-1, 1] and [0, 255] that the finite values exceed by at most a quarter of its length, or else
// their minimum and maximum.
[[nodiscard]] std::pair<double, double> picture_range(ElementType type,
                                                      const std::vector<double>& values);

}  // namespace pushforward
