// Images of pixels, drawn on a canvas as a whole.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "plot/colour.hpp"

namespace pushforward {

// A place on the page or in a raster, from the upper left corner with y downwards. Pixel (i, j) of
// a raster covers [i, i + 1) x [j, j + 1).
struct Point {
  double x, y;
};

// Row by row from the top. Transparent at first.
class Raster {
 public:
  Raster(int width, int height)
      : width_(width),
        height_(height),
        pixels_(static_cast<std::size_t>(width) * static_cast<std::size_t>(height)) {}

  [[nodiscard]] int width() const { return width_; }
  [[nodiscard]] int height() const { return height_; }
  // The place must lie in the raster; the colour is multiplied by the opacity.
  void set(int x, int y, Colour colour, float opacity = 1);
  // The same, as in pixels().
  void set_pixel(int x, int y, std::uint32_t pixel) {
    pixels_[static_cast<std::size_t>(y) * static_cast<std::size_t>(width_) +
            static_cast<std::size_t>(x)] = pixel;
  }
  // Eight bits each, from the highest: opacity; red, green and blue, multiplied by the opacity.
  [[nodiscard]] const std::vector<std::uint32_t>& pixels() const { return pixels_; }

 private:
  int width_, height_;
  std::vector<std::uint32_t> pixels_;
};

// Translucent discs, blended in order, in float: with eight bits, the rounding of thousands of pale
// discs on top of each other would change the colour.
class DiscLayer {
 public:
  DiscLayer(int width, int height);
  // In pixels. A disc may lie anywhere, also outside; its centre must not be NaN.
  void add(Point centre, double radius, Colour colour, double opacity);
  [[nodiscard]] Raster raster() const;

 private:
  struct Pixel {
    Colour colour = {0, 0, 0};  // multiplied by the opacity
    float opacity = 0;
  };

  int width_, height_;
  std::vector<Pixel> pixels_;
};

}  // namespace pushforward
