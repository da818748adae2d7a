// Pixels of a raster as a PNG.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace pushforward {

// Opaque pixels, whose lower 24 bits are red, green and blue, row by row.
[[nodiscard]] std::vector<std::byte> png_of_pixels(const std::vector<std::uint32_t>& pixels,
                                                   int width, int height);

}  // namespace pushforward
