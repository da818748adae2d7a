#include "io/png.hpp"

#include <png.h>
#include <zlib.h>

#include <algorithm>
#include <csetjmp>
#include <new>
#include <stdexcept>

namespace pushforward {
namespace {

using Bytes = std::vector<std::byte>;

// Jumps, because no exception may pass through libpng. The default handler would print.
[[noreturn]] void leave(png_structp png, png_const_charp) { png_longjmp(png, 1); }

void say_nothing(png_structp, png_const_charp) {}

void append(png_structp png, png_bytep from, std::size_t count) {
  auto* const out = static_cast<Bytes*>(png_get_io_ptr(png));
  const auto* const bytes = reinterpret_cast<const std::byte*>(from);
  bool full = false;
  try {
    out->insert(out->end(), bytes, bytes + count);
  } catch (const std::bad_alloc&) {
    full = true;
  }
  if (full) leave(png, "");
}

void flush(png_structp) {}

// Writes at libpng's best compression. False if memory runs out: libpng leaves by a jump that skips
// destructors, so nothing here may have one.
bool write(png_structp png, png_infop info, const std::uint8_t* pixels, unsigned width,
           unsigned height, unsigned channels) {
  if (setjmp(png_jmpbuf(png)) != 0) return false;
  constexpr int colour_type[] = {0, PNG_COLOR_TYPE_GRAY, PNG_COLOR_TYPE_GRAY_ALPHA,
                                 PNG_COLOR_TYPE_RGB, PNG_COLOR_TYPE_RGB_ALPHA};
  png_set_user_limits(png, PNG_UINT_31_MAX, PNG_UINT_31_MAX);
  png_set_IHDR(png, info, width, height, 8, colour_type[channels], PNG_INTERLACE_NONE,
               PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
  png_set_compression_level(png, Z_BEST_COMPRESSION);
  // Halves the size of pictures with few colours, compared with the strategy for filtered lines.
  png_set_compression_strategy(png, Z_DEFAULT_STRATEGY);
  const std::size_t line = std::size_t{width} * channels;
  // All data in one chunk, except for large pictures.
  png_set_compression_buffer_size(
      png, std::min<std::size_t>(compressBound((line + 1) * height), std::size_t{1} << 30));
  png_write_info(png, info);
  for (unsigned y = 0; y < height; ++y) png_write_row(png, pixels + y * line);
  png_write_end(png, info);
  return true;
}

}  // namespace

Bytes encode_png(const std::uint8_t* pixels, int width, int height, int channels) {
  if (width < 1 || height < 1 || channels < 1 || channels > 4)
    throw std::logic_error("a PNG picture has at least one pixel and one to four channels");
  Bytes out;
  png_structp png = png_create_write_struct(PNG_LIBPNG_VER_STRING, nullptr, leave, say_nothing);
  png_infop info = png == nullptr ? nullptr : png_create_info_struct(png);
  bool written = false;
  if (info != nullptr) {
    png_set_write_fn(png, &out, append, flush);
    written = write(png, info, pixels, static_cast<unsigned>(width), static_cast<unsigned>(height),
                    static_cast<unsigned>(channels));
  }
  png_destroy_write_struct(&png, &info);
  if (!written) throw std::bad_alloc();
  return out;
}

}  // namespace pushforward
