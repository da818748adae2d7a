// Damage to picture files that their decoder does not notice.
#pragma once

#include <string>

namespace pushforward {

// What is wrong with the bytes of a PNG, JPEG or BMP file ("is cut short"), or an empty string. The
// decoder fills what a JPEG or BMP lacks with grey or black, and looks at none of PNG's checksums.
// A JPEG has none: damage inside of it that leaves its end in place shows in its pixels alone.
[[nodiscard]] std::string image_damage(const std::string& bytes);

}  // namespace pushforward
