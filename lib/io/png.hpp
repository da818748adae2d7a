// Writes PNG images.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace pushforward {

// A PNG file with 8 bits per channel. `pixels` are [height, width, channels]; 1 channel is grey, 2
// are grey and alpha, 3 RGB, 4 RGBA. Equal pixels give equal bytes.
[[nodiscard]] std::vector<std::byte> encode_png(const std::uint8_t* pixels, int width, int height,
                                                int channels);

}  // namespace pushforward
