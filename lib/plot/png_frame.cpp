#include "plot/png_frame.hpp"

#include "io/png.hpp"

namespace pushforward {

std::vector<std::byte> png_of_pixels(const std::vector<std::uint32_t>& pixels, int width,
                                     int height) {
  std::vector<std::uint8_t> bytes;
  bytes.reserve(3 * pixels.size());
  for (const std::uint32_t pixel : pixels)
    for (const int shift : {16, 8, 0})
      bytes.push_back(static_cast<std::uint8_t>((pixel >> shift) & 0xffu));
  return encode_png(bytes.data(), width, height, 3);
}

}  // namespace pushforward
