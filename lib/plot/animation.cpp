#include "plot/animation.hpp"

#include <algorithm>
#include <optional>

#include "base/stop.hpp"
#include "io/atomic_file.hpp"
#include "io/numbered_files.hpp"
#include "plot/png_chunks.hpp"
#include "plot/png_frame.hpp"

namespace pushforward {
namespace {

constexpr double seconds_at_end = 1;

}  // namespace

ChangedBox changed_box(const Raster& before, const Raster& after) {
  int left = after.width(), right = -1, top = after.height(), bottom = -1;
  for (int y = 0, i = 0; y < after.height(); ++y)
    for (int x = 0; x < after.width(); ++x, ++i) {
      const auto place = static_cast<std::size_t>(i);
      if (before.pixels()[place] == after.pixels()[place]) continue;
      left = std::min(left, x);
      right = std::max(right, x);
      top = std::min(top, y);
      bottom = y;
    }
  if (right < 0) return {};
  return {left, top, right - left + 1, bottom - top + 1};
}

std::vector<std::uint32_t> pixels_in(const Raster& raster, const ChangedBox& box) {
  std::vector<std::uint32_t> pixels;
  for (int y = box.top; y < box.top + box.height; ++y) {
    const auto line = raster.pixels().begin() + static_cast<std::ptrdiff_t>(y) * raster.width();
    pixels.insert(pixels.end(), line + box.left, line + box.left + box.width);
  }
  return pixels;
}

void write_frames(const Frames& frames, double frames_a_second, const WriteFrame& write) {
  // A frame waits until it is known whether another one follows.
  std::optional<Raster> waiting;
  ChangedBox changed;
  const double seconds = 1 / frames_a_second;
  frames([&](const Raster& frame) {
    throw_if_stopped();
    if (waiting) write(*waiting, changed, seconds);
    changed =
        waiting ? changed_box(*waiting, frame) : ChangedBox{0, 0, frame.width(), frame.height()};
    waiting = frame;
  });
  write(*waiting, changed, std::max(seconds, seconds_at_end));
}

void write_png_files(const Frames& frames, const std::string& pattern, double dpi) {
  const NumberedFiles files(pattern);
  std::size_t number = 0;
  frames([&](const Raster& frame) {
    throw_if_stopped();
    Bytes png = png_of_pixels(frame.pixels(), frame.width(), frame.height());
    if (dpi > 0) png = with_resolution(png, dpi);
    AtomicFile file(files.name(number++));
    file.write(png.data(), png.size());
    file.commit();
  });
}

}  // namespace pushforward
