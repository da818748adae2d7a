// Pictures of one size tiled into one.
#pragma once

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "base/image_shape.hpp"

namespace pushforward {

// Error(invalid) beginning with `where` where the grid below would have more than 10^8 pixels: to
// be called before so many are read.
void check_picture_grid(std::size_t count, const ImageShape& shape, std::size_t columns,
                        const std::string& where);

// A PNG of `count` pictures in lines of `columns` (0: about as many as lines), two pixels apart.
// `values` are those of [count, channels, height, width]; `range` says which are black and white,
// what lies outside is cut off and what is not a number is black.
[[nodiscard]] std::vector<std::byte> picture_grid(const std::vector<double>& values,
                                                  std::size_t count, const ImageShape& shape,
                                                  std::size_t columns,
                                                  const std::pair<double, double>& range);

}  // namespace pushforward
