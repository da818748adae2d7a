// Reading of JPEG pictures.
#pragma once

#include <cstdint>
#include <string>

#include "io/image_decoder.hpp"

namespace pushforward {

// Both throw Error(invalid), which begins with the picture's name, for damage of any kind that
// shows (what is missing, and codes that make no sense), and for kinds that are not read: lossless
// JPEGs, those of 12 bits, and those of two components. A JPEG has no checksum: changed bits that
// still make sense show in its pixels alone.

// What the header says; 3 channels for four inks too.
[[nodiscard]] ImageFormat jpeg_format(const EncodedImage& image);

// Decodes all of it to `pixels` [height, width, channels], for 1 channel or 3. The numbers are
// those of Pillow's convert("RGB") and convert("L"): inks, which are stored inverted, absorb what
// the black ink leaves of the light, and the luminance is 0.299 red + 0.587 green + 0.114 blue.
void decode_jpeg(const EncodedImage& image, int channels, std::uint8_t* pixels);

}  // namespace pushforward
