// The file of --config: one `option = value` per line.
#pragma once

#include <string>
#include <vector>

namespace pushforward {

struct ConfigEntry {
  std::string name;
  std::string value;
  bool has_value = false;  // a flag needs none
  std::string place;       // "FILE:3: ", which begins messages
};

// "-" is standard input. Empty lines, a byte order mark and carriage returns are ignored; `#`
// begins a comment at the start of a line or after a blank. Double quotes around a value keep its
// blanks and `#`, and are removed. A file that cannot be read, or is no text, is an Error; a line
// of another form is Error(usage) with its number.
[[nodiscard]] std::vector<ConfigEntry> read_config_file(const std::string& file);

}  // namespace pushforward
