#include "io/image_damage.hpp"

#include <zlib.h>

#include <cstdint>

namespace pushforward {
namespace {

const char* const cut_short = "is damaged: it is cut short";

std::uint32_t byte(const std::string& bytes, std::size_t at) {
  return static_cast<std::uint8_t>(bytes[at]);
}

std::uint32_t big_endian(const std::string& bytes, std::size_t at) {
  return byte(bytes, at) << 24 | byte(bytes, at + 1) << 16 | byte(bytes, at + 2) << 8 |
         byte(bytes, at + 3);
}

std::uint32_t little_endian(const std::string& bytes, std::size_t at, int size) {
  std::uint32_t value = 0;
  for (int i = size; i-- > 0;) value = value << 8 | byte(bytes, at + static_cast<std::size_t>(i));
  return value;
}

// Chunks of length, type, data and checksum of type and data, to the chunk IEND. Those whose type
// begins with a small letter are not needed for the pixels, so theirs are left alone.
std::string png_damage(const std::string& bytes) {
  constexpr std::size_t frame = 12;
  for (std::size_t at = 8; at + frame <= bytes.size();) {
    const std::size_t length = big_endian(bytes, at);
    if (bytes.size() - at - frame < length) return cut_short;
    const std::string type = bytes.substr(at + 4, 4);
    const uLong sum = crc32(0, reinterpret_cast<const Bytef*>(bytes.data() + at + 4),
                            static_cast<uInt>(length + 4));
    const bool needed = (byte(bytes, at + 4) & 0x20u) == 0;
    if (needed && sum != big_endian(bytes, at + 8 + length))
      return "is damaged: the checksum of a chunk is wrong";
    if (type == "IEND") return {};
    at += frame + length;
  }
  return cut_short;
}

// Segments that begin with 0xff and their kind; after the header of a scan its bytes, in which 0xff
// is followed by 0 or by the number of a restart. The last one is 0xffd9.
std::string jpeg_damage(const std::string& bytes) {
  for (std::size_t at = 2; at + 1 < bytes.size();) {
    const std::uint32_t kind = byte(bytes, at + 1);
    if (byte(bytes, at) != 0xff || kind == 0xff || kind <= 1 || (kind >= 0xd0 && kind <= 0xd8)) {
      const std::size_t next = bytes.find('\xff', at + 1);
      if (next == std::string::npos) return cut_short;
      at = next;
      continue;
    }
    if (kind == 0xd9) return {};
    if (at + 3 >= bytes.size()) return cut_short;
    at += 2 + (byte(bytes, at + 2) << 8 | byte(bytes, at + 3));
  }
  return cut_short;
}

// The lines are padded to four bytes and lie at the end. Packed forms are the decoder's to refuse.
std::string bmp_damage(const std::string& bytes) {
  if (bytes.size() < 30) return cut_short;
  const bool old = little_endian(bytes, 14, 4) == 12;
  const std::uint64_t width = little_endian(bytes, 18, old ? 2 : 4);
  const std::uint32_t height = little_endian(bytes, old ? 20 : 22, old ? 2 : 4);
  const std::uint64_t lines = (height >> 31) != 0 ? 0 - height : height;
  const std::uint64_t bits = little_endian(bytes, old ? 24 : 28, 2);
  const std::uint64_t line = (width * bits + 31) / 32 * 4;
  const std::uint64_t first = little_endian(bytes, 10, 4);
  const bool whole = first <= bytes.size() && (line == 0 || lines <= (bytes.size() - first) / line);
  return whole ? std::string() : cut_short;
}

}  // namespace

std::string image_damage(const std::string& bytes) {
  if (bytes.compare(0, 4, "\x89PNG") == 0) return png_damage(bytes);
  return bytes.compare(0, 2, "BM") == 0 ? bmp_damage(bytes) : jpeg_damage(bytes);
}

}  // namespace pushforward
