// Pictures of equal size as the tiles of one.
#pragma once

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "base/image_shape.hpp"

namespace pushforward {

// How tiles are laid out.
struct GridLayout {
  std::size_t columns = 0;  // tiles per line; 0: about as many as there are lines
  std::size_t scale = 1;    // every pixel of a tile is a square of so many pixels a side
};

// Error(invalid), beginning with `where`, if picture_grid() would have more than 10^8 pixels. Call
// it before the values are read.
void check_picture_grid(std::size_t count, const ImageShape& shape, const GridLayout& layout,
                        const std::string& where);

// A PNG of `count` tiles, two pixels apart. `values` are [count, channels, height, width]; `range`
// holds the values of black and white. Values outside are clamped, NaN is black.
[[nodiscard]] std::vector<std::byte> picture_grid(const std::vector<double>& values,
                                                  std::size_t count, const ImageShape& shape,
                                                  const GridLayout& layout,
                                                  const std::pair<double, double>& range);

}  // namespace pushforward
