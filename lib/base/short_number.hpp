// Numbers in messages.
#pragma once

#include <cstdio>
#include <string>

namespace pushforward {

// A few significant digits, "0.0123"; not meant to be read back.
[[nodiscard]] inline std::string short_number(double value, int digits = 3) {
  char text[32];
  std::snprintf(text, sizeof text, "%.*g", digits, value);
  return text;
}

}  // namespace pushforward
