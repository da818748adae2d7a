// Writing of PNG pictures.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace pushforward {

// A PNG file of 8 bits a channel. `pixels` are height x width x channels; 1 channel is grey, 2 grey
// with opacity, 3 red, green and blue, 4 those with opacity. Equal pixels give equal bytes.
[[nodiscard]] std::vector<std::byte> encode_png(const std::uint8_t* pixels, int width, int height,
                                                int channels);

}  // namespace pushforward
