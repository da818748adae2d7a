// Conversion of text to UTF-8.
#pragma once

#include <string>

#include "io/input_file.hpp"

namespace pushforward {

// Whether these first bytes are UTF-16: a byte order mark, or ASCII in two bytes per character.
[[nodiscard]] bool is_utf16(const std::string& head);

// A UTF-16 file as UTF-8, held in memory. Error(invalid) if it is not UTF-16.
[[nodiscard]] InputFile utf8_of_utf16(const InputFile& file);

// Converts a text that is not UTF-8 to UTF-8, taking it as Windows-1252. False if it was UTF-8
// already.
bool make_utf8(std::string* text);

}  // namespace pushforward
