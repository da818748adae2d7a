// Damage to JPEG files.
#pragma once

#include <string>

namespace pushforward {

// What is wrong with the bytes of a JPEG file ("is damaged: it is cut short"), or an empty string:
// every code of its pixels is read, and its end.
[[nodiscard]] std::string jpeg_damage(const std::string& bytes);

}  // namespace pushforward
