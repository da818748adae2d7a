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

// "-" is standard input. Empty lines are passed over; `#` begins a comment at the start of a line
// or after a space. Double quotes around a value keep its blanks and `#`, and are taken off. A byte
// order mark and carriage returns are passed over. A file that cannot be read, or is no text, is an
// Error; a line of another form is Error(usage) with its number.
[[nodiscard]] std::vector<ConfigEntry> read_config_file(const std::string& file);

}  // namespace pushforward
