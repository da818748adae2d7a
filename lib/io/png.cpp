#include "io/png.hpp"

#include <zlib.h>

#include <algorithm>
#include <cstdlib>
#include <new>
#include <stdexcept>

namespace pushforward {
namespace {

void append_big_endian(std::uint32_t value, std::vector<std::byte>* out) {
  for (int shift = 24; shift >= 0; shift -= 8)
    out->push_back(static_cast<std::byte>(value >> shift));
}

void append_chunk(const char* type, const std::vector<std::byte>& data,
                  std::vector<std::byte>* out) {
  append_big_endian(static_cast<std::uint32_t>(data.size()), out);
  const std::size_t start = out->size();
  for (int i = 0; i < 4; ++i) out->push_back(static_cast<std::byte>(type[i]));
  out->insert(out->end(), data.begin(), data.end());
  const uLong sum = crc32(0, reinterpret_cast<const Bytef*>(out->data() + start),
                          static_cast<uInt>(out->size() - start));
  append_big_endian(static_cast<std::uint32_t>(sum), out);
}

// The predictor of filter 4: whichever of left, above and upper left is nearest to their plane.
int paeth(int left, int above, int corner) {
  const int plane = left + above - corner;
  const int a = std::abs(plane - left), b = std::abs(plane - above), c = std::abs(plane - corner);
  return a <= b && a <= c ? left : b <= c ? above : corner;
}

// One line by PNG's filter `kind`, its number in front.
void filter_line(int kind, const std::uint8_t* line, const std::uint8_t* above, std::size_t size,
                 std::size_t step, std::vector<std::uint8_t>* out) {
  (*out)[0] = static_cast<std::uint8_t>(kind);
  for (std::size_t i = 0; i < size; ++i) {
    const int left = i >= step ? line[i - step] : 0;
    const int up = above != nullptr ? above[i] : 0;
    const int corner = above != nullptr && i >= step ? above[i - step] : 0;
    const int guess = kind == 0   ? 0
                      : kind == 1 ? left
                      : kind == 2 ? up
                      : kind == 3 ? (left + up) / 2
                                  : paeth(left, up, corner);
    (*out)[i + 1] = static_cast<std::uint8_t>(line[i] - guess);
  }
}

// Filtered bytes that are near 0, seen as signed numbers, compress best.
std::uint64_t cost(const std::vector<std::uint8_t>& line) {
  std::uint64_t sum = 0;
  for (std::size_t i = 1; i < line.size(); ++i) sum += std::min<unsigned>(line[i], 256u - line[i]);
  return sum;
}

std::vector<std::byte> packed(const std::vector<std::uint8_t>& bytes) {
  uLongf size = compressBound(static_cast<uLong>(bytes.size()));
  std::vector<std::byte> out(size);
  if (compress2(reinterpret_cast<Bytef*>(out.data()), &size, bytes.data(),
                static_cast<uLong>(bytes.size()), 9) != Z_OK)
    throw std::bad_alloc();
  out.resize(size);
  return out;
}

}  // namespace

std::vector<std::byte> encode_png(const std::uint8_t* pixels, int width, int height, int channels) {
  if (width < 1 || height < 1 || channels < 1 || channels > 4)
    throw std::logic_error("a PNG picture has at least one pixel and one to four channels");
  const auto step = static_cast<std::size_t>(channels);
  const std::size_t size = static_cast<std::size_t>(width) * step;
  std::vector<std::uint8_t> lines, line(size + 1), best;
  lines.reserve((size + 1) * static_cast<std::size_t>(height));
  for (int y = 0; y < height; ++y) {
    const std::uint8_t* current = pixels + static_cast<std::size_t>(y) * size;
    const std::uint8_t* above = y > 0 ? current - size : nullptr;
    std::uint64_t best_cost = ~std::uint64_t{0};
    for (int kind = 0; kind < 5; ++kind) {
      filter_line(kind, current, above, size, step, &line);
      if (cost(line) >= best_cost) continue;
      best_cost = cost(line);
      best = line;
    }
    lines.insert(lines.end(), best.begin(), best.end());
  }
  const int colour_type[] = {0, 0, 4, 2, 6};
  std::vector<std::byte> header;
  append_big_endian(static_cast<std::uint32_t>(width), &header);
  append_big_endian(static_cast<std::uint32_t>(height), &header);
  for (int value : {8, colour_type[channels], 0, 0, 0})
    header.push_back(static_cast<std::byte>(value));
  std::vector<std::byte> out;
  for (int value : {0x89, 'P' + 0, 'N' + 0, 'G' + 0, 0x0d, 0x0a, 0x1a, 0x0a})
    out.push_back(static_cast<std::byte>(value));
  append_chunk("IHDR", header, &out);
  append_chunk("IDAT", packed(lines), &out);
  append_chunk("IEND", {}, &out);
  return out;
}

}  // namespace pushforward
