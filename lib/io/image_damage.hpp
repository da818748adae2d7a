// Damage to picture files that their decoder, stb_image, does not notice.
#pragma once

#include <string>

namespace pushforward {

// What is wrong with the bytes of a PNG or BMP file ("is damaged: it is cut short"), or an empty
// string: every checksum, the whole compressed stream, and whether there are as many bytes as the
// size of the picture needs, so that a few bytes cannot ask for much memory. The decoder itself
// fills what is missing with black and looks at no checksum. (That of JPEG notices, io/jpeg.hpp.)
[[nodiscard]] std::string image_damage(const std::string& bytes);

}  // namespace pushforward
