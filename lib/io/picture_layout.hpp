// What the shape of a row says of the picture in it.
#pragma once

#include <string>

#include "base/image_shape.hpp"
#include "io/array.hpp"

namespace pushforward {

// Of a row [C, H, W], or [H, W] with one channel. Error(invalid), beginning with `where`, for any
// other, one without pixels, and one of more than 10^8 numbers.
[[nodiscard]] ImageShape image_shape(const Shape& row_shape, const std::string& where);
// The same for pictures to be drawn: 1 channel (grey) or 3.
[[nodiscard]] ImageShape drawn_image_shape(const Shape& row_shape, const std::string& where);

// Is a row's shape more likely [H, W, C] than [C, H, W]: 1, 3 or 4 numbers last, behind two equal
// extents, or 3 or 4 behind two of 8 or more; and not 1 or 3 first?
[[nodiscard]] bool looks_channels_last(const Shape& row_shape);

// Error(invalid), beginning with `where`, for such rows, which are to be taken as [C, H, W].
void require_channels_first(const Shape& row_shape, const std::string& where);

}  // namespace pushforward
