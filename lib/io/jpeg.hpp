// Reads JPEG images.
#pragma once

#include <cstdint>
#include <string>

#include "io/image_decoder.hpp"

namespace pushforward {

// Both throw Error(invalid), beginning with the image's name, for missing data and invalid codes,
// and for variants that are not read: lossless, 12-bit and two-component JPEGs. A JPEG has no
// checksum: changed bits that are still valid codes go unnoticed.

// The format according to the header; 3 channels for CMYK as well.
[[nodiscard]] ImageFormat jpeg_format(const EncodedImage& image);

// Decodes to `pixels` [height, width, channels], for 1 or 3 channels, with the values of Pillow's
// convert("RGB") and convert("L"): a colour of CMYK, stored inverted, is scaled by the light that
// black leaves, and luminance is 0.299 red + 0.587 green + 0.114 blue.
void decode_jpeg(const EncodedImage& image, int channels, std::uint8_t* pixels);

}  // namespace pushforward
