// Pictures that move: files of many frames.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

#include "plot/plot.hpp"

namespace pushforward {

// Shows frames of one size one after another, at least one.
using Frames = std::function<void(const ShowFrame& show)>;

constexpr double usual_frames_a_second = 10, most_frames_a_second = 50;

// The bytes of an animated file that repeats for ever, with the last frame held for a second. Of a
// frame only the box that has changed is stored. A GIF has 256 colours a frame, and times in
// hundredths of a second.
[[nodiscard]] std::vector<std::byte> gif_of(const Frames& frames, double frames_a_second);
[[nodiscard]] std::vector<std::byte> apng_of(const Frames& frames, double frames_a_second);

// A PNG file for each frame, numbered from 0, with the names of a pattern (io/numbered_files.hpp).
// Each file appears whole or not at all. `dpi` as that of PaperSize.
void write_png_files(const Frames& frames, const std::string& pattern, double dpi);

// For the writers of files.

// The smallest part of a frame outside of which it is the same as the one before; never empty.
struct ChangedBox {
  int left = 0, top = 0, width = 1, height = 1;
};
[[nodiscard]] ChangedBox changed_box(const Raster& before, const Raster& after);
// The pixels of the box, row by row.
[[nodiscard]] std::vector<std::uint32_t> pixels_in(const Raster& raster, const ChangedBox& box);

// Calls `write` for each frame with what has changed, and how many seconds it is shown.
using WriteFrame =
    std::function<void(const Raster& frame, const ChangedBox& changed, double seconds)>;
void write_frames(const Frames& frames, double frames_a_second, const WriteFrame& write);

}  // namespace pushforward
