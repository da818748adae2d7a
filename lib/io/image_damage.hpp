// Damage to picture files that their decoder does not notice.
#pragma once

#include <string>

namespace pushforward {

inline constexpr int most_pixels = 100000000;  // of a picture that is read

// What is wrong with the bytes of a PNG, JPEG or BMP file ("is damaged: it is cut short"), or an
// empty string: every checksum, the whole compressed stream, and whether there are as many bytes as
// the size of the picture needs, so that a few bytes cannot ask for much memory. The decoder itself
// fills what is missing with grey or black and looks at no checksum. A JPEG has none: changed bits
// that still make sense show in its pixels alone.
[[nodiscard]] std::string image_damage(const std::string& bytes);

}  // namespace pushforward
