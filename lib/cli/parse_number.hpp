// Numbers on a command line.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "cli/command_line.hpp"

namespace pushforward {

// A finite number inside `range`. Otherwise Error(usage), with a message that begins with the text
// and ends with what would be right: "-3 is outside 0..1024".
[[nodiscard]] double parse_number(const std::string& text, Range range);

// The same for a whole number; 1e6 is one, 2.5 and 1e40 are not.
[[nodiscard]] std::int64_t parse_integer(const std::string& text, Range range);

// The number, if the whole text is a finite number.
[[nodiscard]] std::optional<double> number_in(const std::string& text);

// The minutes of "5m" or "0.5m", above 0.
[[nodiscard]] std::optional<double> minutes_in(const std::string& text);

// Whether the text begins like a negative number ("-1", "-.5", "-3:4"), so that it is a value and
// not an option.
[[nodiscard]] bool looks_negative(const std::string& text);

}  // namespace pushforward
