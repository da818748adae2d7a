#include "plot/png_chunks.hpp"

#include <zlib.h>

#include <cmath>

namespace pushforward {
namespace {

constexpr unsigned char signature[] = {0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'};

std::uint32_t number_at(const Bytes& bytes, std::size_t at) {
  std::uint32_t number = 0;
  for (std::size_t i = 0; i < 4; ++i)
    number = number << 8 | std::to_integer<std::uint32_t>(bytes[at + i]);
  return number;
}

}  // namespace

void append_number(std::uint32_t number, Bytes* out) {
  append_short(static_cast<std::uint16_t>(number >> 16), out);
  append_short(static_cast<std::uint16_t>(number & 0xffffu), out);
}

void append_short(std::uint16_t number, Bytes* out) {
  out->push_back(static_cast<std::byte>(number >> 8));
  out->push_back(static_cast<std::byte>(number & 0xffu));
}

void append_chunk(const char* type, const Bytes& data, Bytes* out) {
  append_number(static_cast<std::uint32_t>(data.size()), out);
  const std::size_t start = out->size();
  for (int i = 0; i < 4; ++i) out->push_back(static_cast<std::byte>(type[i]));
  out->insert(out->end(), data.begin(), data.end());
  const auto* checked = reinterpret_cast<const Bytef*>(out->data() + start);
  append_number(static_cast<std::uint32_t>(crc32_z(0, checked, out->size() - start)), out);
}

std::vector<PngChunk> png_chunks(const Bytes& png) {
  std::vector<PngChunk> chunks;
  for (std::size_t at = sizeof signature; at + 12 <= png.size();) {
    const std::size_t length = number_at(png, at);
    const auto type = png.begin() + static_cast<std::ptrdiff_t>(at) + 4, data = type + 4;
    chunks.emplace_back();
    for (int i = 0; i < 4; ++i) chunks.back().type += std::to_integer<char>(type[i]);
    chunks.back().data = {data, data + static_cast<std::ptrdiff_t>(length)};
    at += length + 12;
  }
  return chunks;
}

Bytes png_of(const std::vector<PngChunk>& chunks) {
  const auto* first = reinterpret_cast<const std::byte*>(signature);
  Bytes png(first, first + sizeof signature);
  for (const PngChunk& chunk : chunks) append_chunk(chunk.type.c_str(), chunk.data, &png);
  return png;
}

Bytes with_resolution(const Bytes& png, double dpi) {
  std::vector<PngChunk> chunks = png_chunks(png);
  Bytes physical;
  for (int axis = 0; axis < 2; ++axis)
    append_number(static_cast<std::uint32_t>(std::lround(dpi / 0.0254)), &physical);
  physical.push_back(std::byte{1});  // pixels per metre
  chunks.insert(chunks.begin() + 1, {"pHYs", physical});
  return png_of(chunks);
}

}  // namespace pushforward
