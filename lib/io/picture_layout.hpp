// The shape of the picture in a row, from the row's shape.
#pragma once

#include <string>

#include "base/image_shape.hpp"
#include "io/array.hpp"

namespace pushforward {

// The picture in a row [C, H, W], or [H, W] with one channel. Error(invalid), beginning with
// `where`, for other ranks, for no pixels, and for more than 10^8 numbers.
[[nodiscard]] ImageShape image_shape(const Shape& row_shape, const std::string& where);
// The same for pictures to be drawn: 1 channel (grey) or 3.
[[nodiscard]] ImageShape drawn_image_shape(const Shape& row_shape, const std::string& where);

// Whether a row's shape is more likely [H, W, C] than [C, H, W]: the last extent is 1, 3 or 4 after
// two equal extents, or 3 or 4 after two of at least 8, and the first is not 1 or 3.
[[nodiscard]] bool looks_channels_last(const Shape& row_shape);

// Error(invalid), beginning with `where`, if looks_channels_last(); for code that reads [C, H, W].
void require_channels_first(const Shape& row_shape, const std::string& where);

}  // namespace pushforward
