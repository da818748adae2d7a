// The file of --config: one `option = value` a line.
#pragma once

#include <string>
#include <vector>

namespace pushforward {

struct ConfigEntry {
  std::string name;
  std::string value;
  bool has_value = false;  // a flag may stand alone
  std::string place;       // "FILE:3: ", to begin a message with
};

// Empty lines are passed over; `#` begins a comment at the start of a line or after a space. A file
// that cannot be read is an Error with the system's reason.
[[nodiscard]] std::vector<ConfigEntry> read_config_file(const std::string& file);

}  // namespace pushforward
