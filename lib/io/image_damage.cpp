#include "io/image_damage.hpp"

#include <zlib.h>

#include <algorithm>
#include <cstdint>
#include <new>
#include <optional>

namespace pushforward {
namespace {

const char* const file_cut_short = "is damaged: it is cut short";

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

// The header chunk of a PNG.
struct PngHeader {
  std::uint64_t width = 0, height = 0, bits = 0;  // bits per pixel
  bool interlaced = false;

  // Bytes of the decompressed lines, each preceded by its filter type.
  [[nodiscard]] std::uint64_t unpacked() const {
    const auto lines = [&](std::uint64_t w, std::uint64_t h) {
      return w == 0 ? 0 : h * (1 + (w * bits + 7) / 8);
    };
    if (!interlaced) return lines(width, height);
    // The seven passes of Adam7: first pixel and step in x, then in y.
    constexpr std::uint64_t passes[7][4] = {{0, 8, 0, 8}, {4, 8, 0, 8}, {0, 4, 4, 8}, {2, 4, 0, 4},
                                            {0, 2, 2, 4}, {1, 2, 0, 2}, {0, 1, 1, 2}};
    const auto count = [](std::uint64_t extent, std::uint64_t first, std::uint64_t step) {
      return extent <= first ? 0 : (extent - first + step - 1) / step;
    };
    std::uint64_t sum = 0;
    for (const auto& pass : passes)
      sum += lines(count(width, pass[0], pass[1]), count(height, pass[2], pass[3]));
    return sum;
  }
};

// Samples per pixel of a PNG colour type.
std::uint64_t png_samples(std::uint32_t colour) {
  switch (colour) {
    case 2:
      return 3;
    case 4:
      return 2;
    case 6:
      return 4;
    default:
      return 1;
  }
}

// How a compressed stream ends, and its decompressed size up to there. It stops soon after `limit`
// bytes.
enum class StreamEnd { whole, cut_short, damaged, beyond_limit };
struct Unpacked {
  StreamEnd end;
  std::size_t size;
};

// `window` is zlib's windowBits, which also selects the kind of stream.
Unpacked unpacked(const std::string& packed, int window, std::size_t limit) {
  constexpr std::size_t max_at_once = std::size_t{1} << 30;  // zlib counts in 32 bits
  z_stream stream{};
  if (inflateInit2(&stream, window) != Z_OK) throw std::bad_alloc();
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(packed.data()));
  std::size_t left = packed.size(), size = 0;
  Bytef block[32768];
  int status = Z_OK;
  while (status == Z_OK && size <= limit) {
    const auto part = static_cast<uInt>(std::min(left, max_at_once));
    stream.avail_in = part;
    stream.next_out = block;
    stream.avail_out = sizeof block;
    status = inflate(&stream, Z_NO_FLUSH);  // Z_BUF_ERROR if there is nothing left to read
    left -= part - stream.avail_in;
    size += sizeof block - stream.avail_out;
  }
  inflateEnd(&stream);
  if (status == Z_MEM_ERROR) throw std::bad_alloc();
  return {status == Z_STREAM_END  ? StreamEnd::whole
          : status == Z_BUF_ERROR ? StreamEnd::cut_short
          : status == Z_OK        ? StreamEnd::beyond_limit
                                  : StreamEnd::damaged,
          size};
}

constexpr int zlib_stream = 15, bare_stream = -15;

std::string png_pixel_damage(const PngHeader& header, const std::string& packed, int window) {
  if (packed.empty()) return "is damaged: it has no pixels";
  constexpr std::uint64_t max_deflate_ratio = 1032;
  const std::uint64_t wanted = header.unpacked();
  if (wanted / max_deflate_ratio > packed.size())
    return "is damaged: it declares " + std::to_string(header.width) + "x" +
           std::to_string(header.height) + " pixels, more than its bytes can hold";
  constexpr std::uint64_t surplus = 65536;  // some writers leave bytes after the pixels
  const Unpacked made = unpacked(packed, window, wanted + surplus);
  switch (made.end) {
    case StreamEnd::cut_short:
      return "is damaged: its compressed pixels are cut short";
    case StreamEnd::damaged:
      return "is damaged: its compressed pixels cannot be unpacked";
    case StreamEnd::beyond_limit:
      return "is damaged: it holds more pixels than it declares";
    case StreamEnd::whole:
      break;
  }
  return made.size < wanted ? "is damaged: it holds fewer pixels than it declares" : "";
}

// A PNG is a sequence of chunks up to IEND: length, type, data, checksum of type and data. Chunks
// whose type begins with a small letter are not needed for the pixels and are not checked.
std::string png_damage(const std::string& bytes) {
  constexpr std::size_t frame = 12;
  std::optional<PngHeader> header;
  std::string packed;
  int window = zlib_stream;
  for (std::size_t at = 8; at + frame <= bytes.size();) {
    const std::size_t length = big_endian(bytes, at), data = at + 8;
    if (bytes.size() - at - frame < length) return file_cut_short;
    const std::string type = bytes.substr(at + 4, 4);
    const uLong sum = crc32(0, reinterpret_cast<const Bytef*>(bytes.data() + at + 4),
                            static_cast<uInt>(length + 4));
    const bool needed = (byte(bytes, at + 4) & 0x20u) == 0;
    if (needed && sum != big_endian(bytes, data + length))
      return "is damaged: the checksum of a chunk is wrong";
    if (type == "CgBI") window = bare_stream;  // Apple's variant
    if (type == "IHDR" && length == 13)
      header = PngHeader{big_endian(bytes, data), big_endian(bytes, data + 4),
                         byte(bytes, data + 8) * png_samples(byte(bytes, data + 9)),
                         byte(bytes, data + 12) != 0};
    if (type == "IDAT") packed.append(bytes, data, length);
    if (type == "IEND")
      return header ? png_pixel_damage(*header, packed, window) : "is damaged: it has no header";
    at += frame + length;
  }
  return file_cut_short;
}

// In a BMP the lines come last and are padded to multiples of four bytes.
std::string bmp_damage(const std::string& bytes) {
  constexpr std::size_t old_headers = 26, new_headers = 54;
  if (bytes.size() < old_headers) return file_cut_short;
  const bool old = little_endian(bytes, 14, 4) == 12;
  if (!old && bytes.size() < new_headers) return file_cut_short;
  const std::uint32_t packing = old ? 0 : little_endian(bytes, 30, 4);
  if (packing != 0 && packing != 3 && packing != 6)  // 3 and 6: bit masks of the colours
    return "is a BMP of packed pixels, which is not read; save it as PNG";
  const std::uint64_t width = little_endian(bytes, 18, old ? 2 : 4);
  const std::uint32_t height = little_endian(bytes, old ? 20 : 22, old ? 2 : 4);
  const std::uint64_t lines = (height >> 31) != 0 ? 0 - height : height;
  const std::uint64_t bits = little_endian(bytes, old ? 24 : 28, 2);
  const std::uint64_t line = (width * bits + 31) / 32 * 4;
  const std::uint64_t first = little_endian(bytes, 10, 4);
  const bool whole = first <= bytes.size() && (line == 0 || lines <= (bytes.size() - first) / line);
  return whole ? std::string() : file_cut_short;
}

}  // namespace

std::string image_damage(const std::string& bytes) {
  return bytes.compare(0, 4, "\x89PNG") == 0 ? png_damage(bytes) : bmp_damage(bytes);
}

}  // namespace pushforward
