// The chunks of a PNG file: https://www.w3.org/TR/png-3.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace pushforward {

using Bytes = std::vector<std::byte>;

// Appends a number of 32 or 16 bits, its highest byte first.
void append_number(std::uint32_t number, Bytes* out);
void append_short(std::uint16_t number, Bytes* out);

// Appends a chunk of that type: length, type, data and check sum.
void append_chunk(const char* type, const Bytes& data, Bytes* out);

struct PngChunk {
  std::string type;
  Bytes data;
};
// The chunks of a PNG file that a library of ours wrote.
[[nodiscard]] std::vector<PngChunk> png_chunks(const Bytes& png);
// The inverse.
[[nodiscard]] Bytes png_of(const std::vector<PngChunk>& chunks);

// The same PNG with its pixels per inch, so that other programs place it at its size on paper.
[[nodiscard]] Bytes with_resolution(const Bytes& png, double dpi);

}  // namespace pushforward
