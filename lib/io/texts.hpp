// Texts that belong to rows: names, dates, identifiers.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "io/array.hpp"

namespace pushforward {

// The longest text that a container may hold beside a row, in bytes of UTF-8.
constexpr std::size_t max_text_size = 4096;

// One text per row as uint8 [N, size]: the bytes of UTF-8, filled up with NUL; size is that of the
// longest text, at least 1. Texts hold no NUL.
[[nodiscard]] Array array_of_texts(const std::vector<std::string>& texts);

// The text of a row of such an array.
[[nodiscard]] std::string_view text_of(const Array& texts, std::size_t row);

// The same texts in rows of `size` bytes, which is at least the size they have.
[[nodiscard]] Array widened_texts(const Array& texts, std::size_t size);

}  // namespace pushforward
