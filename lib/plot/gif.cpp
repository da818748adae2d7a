// Animated GIF, by giflib.
#include <gif_lib.h>

#include <cmath>
#include <memory>
#include <new>

#include "plot/animation.hpp"
#include "plot/palette.hpp"

namespace pushforward {
namespace {

using Bytes = std::vector<std::byte>;

// Called by giflib with a piece of the file; no exception may pass through it.
int append(GifFileType* gif, const GifByteType* bytes, int count) {
  auto* all = static_cast<Bytes*>(gif->UserData);
  const auto* first = reinterpret_cast<const std::byte*>(bytes);
  try {
    all->insert(all->end(), first, first + count);
  } catch (const std::bad_alloc&) {
    return 0;
  }
  return count;
}

void require(int outcome) {
  if (outcome != GIF_OK) throw std::bad_alloc();  // all that can fail: nothing is written to disk
}

struct Close {
  void operator()(GifFileType* gif) const { EGifCloseFile(gif, nullptr); }
};
struct FreePalette {
  void operator()(ColorMapObject* map) const { GifFreeMapObject(map); }
};
using Palette = std::unique_ptr<ColorMapObject, FreePalette>;

// The number of colours of a GIF's palette is a power of two.
Palette palette_of(const std::vector<std::uint32_t>& colours) {
  int size = 2;
  while (size < static_cast<int>(colours.size())) size *= 2;
  std::vector<GifColorType> entries(static_cast<std::size_t>(size));
  for (std::size_t i = 0; i < colours.size(); ++i)
    entries[i] = {static_cast<GifByteType>(colours[i] >> 16 & 0xffu),
                  static_cast<GifByteType>(colours[i] >> 8 & 0xffu),
                  static_cast<GifByteType>(colours[i] & 0xffu)};
  Palette palette(GifMakeMapObject(size, entries.data()));
  if (palette == nullptr) throw std::bad_alloc();
  return palette;
}

void put_repetition(GifFileType* gif) {
  const GifByteType for_ever[] = {1, 0, 0};
  require(EGifPutExtensionLeader(gif, APPLICATION_EXT_FUNC_CODE));
  require(EGifPutExtensionBlock(gif, 11, "NETSCAPE2.0"));
  require(EGifPutExtensionBlock(gif, sizeof for_ever, for_ever));
  require(EGifPutExtensionTrailer(gif));
}

// How long the next frame is shown; it is drawn over the last one, which stays.
void put_time(GifFileType* gif, double seconds) {
  GraphicsControlBlock control = {};
  control.DisposalMode = DISPOSE_DO_NOT;
  control.DelayTime = static_cast<int>(std::lround(100 * seconds));
  control.TransparentColor = NO_TRANSPARENT_COLOR;
  GifByteType bytes[4];
  require(EGifGCBToExtension(&control, bytes) == sizeof bytes ? GIF_OK : GIF_ERROR);
  require(EGifPutExtension(gif, GRAPHICS_EXT_FUNC_CODE, sizeof bytes, bytes));
}

void put_frame(GifFileType* gif, const Raster& frame, const ChangedBox& box) {
  IndexedPixels pixels = indexed(pixels_in(frame, box), 256);
  const Palette palette = palette_of(pixels.colours);
  require(EGifPutImageDesc(gif, box.left, box.top, box.width, box.height, false, palette.get()));
  GifByteType* line = pixels.indices.data();
  for (int y = 0; y < box.height; ++y, line += box.width)
    require(EGifPutLine(gif, line, box.width));
}

}  // namespace

std::vector<std::byte> gif_of(const Frames& frames, double frames_a_second) {
  Bytes bytes;
  std::unique_ptr<GifFileType, Close> gif(EGifOpen(&bytes, append, nullptr));
  if (gif == nullptr) throw std::bad_alloc();
  EGifSetGifVersion(gif.get(), true);
  bool begun = false;
  write_frames(
      frames, frames_a_second, [&](const Raster& frame, const ChangedBox& box, double seconds) {
        if (!begun) {
          require(EGifPutScreenDesc(gif.get(), frame.width(), frame.height(), 8, 0, nullptr));
          put_repetition(gif.get());
          begun = true;
        }
        put_time(gif.get(), seconds);
        put_frame(gif.get(), frame, box);
      });
  require(EGifCloseFile(gif.release(), nullptr));
  return bytes;
}

}  // namespace pushforward
