// Few colours for many: the palettes of GIF.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace pushforward {

struct IndexedPixels {
  std::vector<std::uint32_t>
      colours;  // at most as many as asked for; red, green and blue in 24 bits
  std::vector<std::uint8_t> indices;  // of each pixel's colour
};

// Pixels, whose lower 24 bits are red, green and blue, by at most `most` <= 256 colours. They are
// exact if there are no more; otherwise the set of colours is cut at the mean of its widest
// channel, again and again where the squared error is largest, and each part becomes its mean.
// Equal pixels give equal results, in any order.
[[nodiscard]] IndexedPixels indexed(const std::vector<std::uint32_t>& pixels, std::size_t most);

}  // namespace pushforward
