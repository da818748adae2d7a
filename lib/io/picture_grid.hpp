// Pictures of equal size as the tiles of one.
#pragma once

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "base/image_shape.hpp"

namespace pushforward {

// Error(invalid), beginning with `where`, if picture_grid() would have more than 10^8 pixels. Call
// it before the values are read.
void check_picture_grid(std::size_t count, const ImageShape& shape, std::size_t columns,
                        const std::string& where);

// A PNG of `count` tiles, `columns` per line (0: about as many as there are lines), two pixels
// apart. `values` are [count, channels, height, width]; `range` holds the values of black and
// white. Values outside are clamped, NaN is black.
[[nodiscard]] std::vector<std::byte> picture_grid(const std::vector<double>& values,
                                                  std::size_t count, const ImageShape& shape,
                                                  std::size_t columns,
                                                  const std::pair<double, double>& range);

}  // namespace pushforward
