// Colours: a colour map for numbers, distinct colours for series, colours of text and axes.
#pragma once

namespace pushforward {

// sRGB, each in [0, 1].
struct Colour {
  float red, green, blue;
};

// The colour map at t in [0, 1] (values outside are clamped, NaN is 0): from dark violet over blue
// and green to light yellow. The lightness L* rises linearly from 14 to 92, so equal differences
// look equal, and a print in grey keeps the order.
[[nodiscard]] Colour ramp(double t);

// Distinct colours for curves and labels; they repeat after series_colours.
constexpr int series_colours = 8;
[[nodiscard]] Colour series_colour(long index);

// The same for classes of points, which marks cannot tell apart: after the colours of series come
// darker and two paler ones.
constexpr int class_colours = 16;
[[nodiscard]] Colour class_colour(long index);

constexpr Colour white = {1, 1, 1};
constexpr Colour ink = {0.13f, 0.13f, 0.15f};        // text and axes
constexpr Colour faint_ink = {0.87f, 0.87f, 0.88f};  // lines of the grid

}  // namespace pushforward
