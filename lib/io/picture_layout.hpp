// Where the channels of pictures stand.
#pragma once

#include <string>

#include "io/array.hpp"

namespace pushforward {

// Is a row's shape more likely [H, W, C] than [C, H, W]: 1, 3 or 4 numbers last, behind two equal
// extents, or 3 or 4 behind two of 8 or more; and not 1 or 3 first?
[[nodiscard]] bool looks_channels_last(const Shape& row_shape);

// Error(invalid), beginning with `where`, for such rows, which are to be taken as [C, H, W].
void require_channels_first(const Shape& row_shape, const std::string& where);

}  // namespace pushforward
