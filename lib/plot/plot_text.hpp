// The values of options that say how a picture looks, from text.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "plot/axis.hpp"
#include "plot/canvas.hpp"
#include "plot/film.hpp"

namespace pushforward {

// The resolution of a page whose size is in cm, where none was asked for.
constexpr double usual_dpi = 300;

// What a person says about the size of a picture.
struct PageRequest {
  std::string size;                    // "800x600" in pixels, or "16x10cm"; empty: not given
  std::int64_t width = 0, height = 0;  // in pixels, one of them alone; 0: not given
  double dpi = 0;                      // 0: usual_dpi
};
struct PageSize {
  int width = 0, height = 0;  // in pixels; 0: chosen for the panels
  PaperSize paper;            // of sizes in cm
};
// A PNG of a size in cm has as many pixels as the resolution gives; a page of SVG or PDF is
// measured in pixels of 1/96 inch. Error(usage) if the texts and numbers are not sizes, are too
// small or large, or do not go together.
[[nodiscard]] PageSize page_size(const PageRequest& request, PictureFormat format);

struct Ranges {
  std::optional<Interval> x, y;
};
// "X0:X1" or "X0:X1,Y0:Y1". Error(usage).
[[nodiscard]] Ranges parse_ranges(const std::string& text);

// "N", so many frames, evenly chosen; "all"; or "A:B" and "A:B:K", frames A to B - 1 counted
// from 0, every K-th of them, where A and B may be left out. Error(usage).
[[nodiscard]] FrameChoice parse_frames(const std::string& text);

// Names separated by commas. Error(usage) if one is empty.
[[nodiscard]] std::vector<std::string> parse_columns(const std::string& text);

}  // namespace pushforward
