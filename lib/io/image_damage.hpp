// Damage to image files that their decoder, stb_image, does not notice.
#pragma once

#include <string>

namespace pushforward {

// What is wrong with the bytes of a PNG or BMP file ("is damaged: it is cut short"), or an empty
// string. Checks the checksums, the whole compressed stream, and that there are enough bytes for
// the size of the image, so that a small file cannot ask for much memory. stb_image itself fills
// missing pixels with black and ignores checksums. (The JPEG decoder checks more, io/jpeg.hpp.)
[[nodiscard]] std::string image_damage(const std::string& bytes);

}  // namespace pushforward
