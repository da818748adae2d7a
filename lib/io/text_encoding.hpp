// Text of other encodings as UTF-8.
#pragma once

#include <string>

#include "io/input_file.hpp"

namespace pushforward {

// Does a file that begins with these bytes hold UTF-16: with a byte order mark, or plain ASCII in
// two bytes a character?
[[nodiscard]] bool is_utf16(const std::string& head);

// Such a file as UTF-8, held in memory. Error(invalid) if it is no UTF-16.
[[nodiscard]] InputFile utf8_of_utf16(const InputFile& file);

// Makes a text that is not UTF-8 into UTF-8, taking it as Windows-1252 (a superset of Latin-1).
// False if it was UTF-8 already.
bool make_utf8(std::string* text);

}  // namespace pushforward
