// Picture files of kinds that the programs do not write.
#pragma once

#include <zlib.h>

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace pushforward::testing {

inline std::string big_endian(std::uint64_t value, int size) {
  std::string bytes(static_cast<std::size_t>(size), '\0');
  for (auto at = bytes.rbegin(); at != bytes.rend(); ++at, value >>= 8)
    *at = static_cast<char>(value);
  return bytes;
}

inline std::string little_endian(std::uint64_t value, int size) {
  const std::string bytes = big_endian(value, size);
  return {bytes.rbegin(), bytes.rend()};
}

inline std::string png_chunk(const std::string& type, const std::string& data) {
  const std::string summed = type + data;
  return big_endian(data.size(), 4) + summed +
         big_endian(crc32(0, reinterpret_cast<const Bytef*>(summed.data()),
                          static_cast<uInt>(summed.size())),
                    4);
}

inline std::string png_file(const std::vector<std::pair<std::string, std::string>>& chunks) {
  std::string file = "\x89PNG\r\n\x1a\n";
  for (const auto& [type, data] : chunks) file += png_chunk(type, data);
  return file;
}

inline std::string zlib_stream(const std::string& bytes) {
  uLongf size = compressBound(static_cast<uLong>(bytes.size()));
  std::string out(size, '\0');
  compress(reinterpret_cast<Bytef*>(out.data()), &size,
           reinterpret_cast<const Bytef*>(bytes.data()), static_cast<uLong>(bytes.size()));
  out.resize(size);
  return out;
}

enum PngColour { png_grey = 0, png_rgb = 2, png_palette = 3, png_grey_alpha = 4, png_rgba = 6 };

// `pixels` are the lines as PNG packs them, whole bytes each. `between` stands before the pixels.
inline std::vector<std::pair<std::string, std::string>> png_chunks(
    int width, int height, int bits, PngColour colour, const std::string& pixels,
    const std::vector<std::pair<std::string, std::string>>& between = {}) {
  std::string lines;
  const std::size_t line = pixels.size() / static_cast<std::size_t>(height);
  for (std::size_t at = 0; at < pixels.size(); at += line)
    lines += std::string(1, '\0') + pixels.substr(at, line);
  std::vector<std::pair<std::string, std::string>> chunks = {
      {"IHDR", big_endian(static_cast<std::uint64_t>(width), 4) +
                   big_endian(static_cast<std::uint64_t>(height), 4) +
                   big_endian(static_cast<std::uint64_t>(bits), 1) + big_endian(colour, 1) +
                   std::string(3, '\0')}};
  chunks.insert(chunks.end(), between.begin(), between.end());
  chunks.emplace_back("IDAT", zlib_stream(lines));
  chunks.emplace_back("IEND", "");
  return chunks;
}

// 24 bits a pixel; `pixels` are [height, width, 3] from the upper left, red first.
inline std::string bmp_file(int width, int height, const std::string& pixels, bool upper_first) {
  std::string lines;
  const auto line = static_cast<std::size_t>(width) * 3;
  for (int y = 0; y < height; ++y) {
    const auto from = static_cast<std::size_t>(upper_first ? y : height - 1 - y) * line;
    for (std::size_t at = from; at < from + line; at += 3)
      lines += {pixels[at + 2], pixels[at + 1], pixels[at]};
    lines.append((4 - line % 4) % 4, '\0');
  }
  const auto stored_height = static_cast<std::uint32_t>(upper_first ? -height : height);
  return "BM" + little_endian(54 + lines.size(), 4) + little_endian(0, 4) + little_endian(54, 4) +
         little_endian(40, 4) + little_endian(static_cast<std::uint64_t>(width), 4) +
         little_endian(stored_height, 4) + little_endian(1, 2) + little_endian(24, 2) +
         little_endian(0, 4) + little_endian(lines.size(), 4) + little_endian(0, 16) + lines;
}

inline std::string from_hexadecimal(const std::string& digits) {
  std::string bytes;
  for (std::size_t at = 0; at < digits.size(); at += 2)
    bytes += static_cast<char>(std::stoi(digits.substr(at, 2), nullptr, 16));
  return bytes;
}

// A JPEG of 12x16 pixels, in which red is 20 x, green 15 y and blue 9 (x + y), nearly. Its colours
// are stored at half the resolution.
inline std::string jpeg_file() {
  const std::string digits =
      "ffd8ffe000104a46494600010100000100010000ffdb00430003020203020203030303040303040508050504040"
      "50a070706080c0a0c0c0b0a0b0b0d0e12100d0e110e0b0b1016101113141515150c0f171816141812141514ffdb"
      "00430103040405040509050509140d0b0d141414141414141414141414141414141414141414141414141414141"
      "4141414141414141414141414141414141414141414141414ffc00011080010000c03012200021101031101ffc4"
      "001500010100000000000000000000000000000708ffc4001f10000103030500000000000000000000000700"
      "23a10305330115254151ffc4001501010100000000000000000000000000000405ffc4001b1100020105000000"
      "0000000000000000000007030421243241ffda000c03010002110311003f0091c7e26c6c427eb289b8fa6c42541"
      "f8971b3e749faca25d76fa6cc25d34962f2e9818bbf0fffd9";
  return from_hexadecimal(digits);
}

}  // namespace pushforward::testing
