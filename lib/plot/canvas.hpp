// A page to draw on with Cairo: anti-aliased shapes, blended in order.
#pragma once

#include <cstddef>
#include <memory>
#include <vector>

#include "plot/colour.hpp"
#include "plot/raster.hpp"

using cairo_t = struct _cairo;  // NOLINT(bugprone-reserved-identifier)

namespace pushforward {

struct Box {
  double left, top, right, bottom;
  [[nodiscard]] double width() const { return right - left; }
  [[nodiscard]] double height() const { return bottom - top; }
};

using Polyline = std::vector<Point>;

enum class PictureFormat { png, svg, pdf };

// Lengths are pixels, of which SVG and PDF have 96 an inch. Shapes may lie anywhere, also far
// outside; coordinates must not be NaN. Opacity is in [0, 1].
class Canvas {
 public:
  // White. std::bad_alloc, or Error(io) if Cairo makes none so large.
  Canvas(int width, int height, PictureFormat format);
  Canvas(Canvas&&) noexcept;
  ~Canvas();

  [[nodiscard]] int width() const { return width_; }
  [[nodiscard]] int height() const { return height_; }
  [[nodiscard]] PictureFormat format() const { return format_; }
  // How many pixels of a raster a pixel of the page should hold: 1 in PNG; more in SVG and PDF,
  // which are looked at closely.
  [[nodiscard]] int resolution() const;

  // What follows is drawn inside the box (its edges rounded to pixels) only.
  void clip(const Box& box);
  void clip_nothing();

  void rectangle(const Box& box, Colour colour, double opacity = 1);
  void disc(Point centre, double radius, Colour colour, double opacity = 1);
  // Lines with round ends and joins. Together they are one shape: where they cross or meet, the
  // opacity is not doubled.
  void lines(const std::vector<Polyline>& lines, double width, Colour colour, double opacity = 1);
  // Its corners must lie within a million pixels of the page.
  void polygon(const Polyline& corners, Colour colour, double opacity = 1);
  // A raster that fills the box: one image in the file. Its pixels keep their edges.
  void image(const Box& box, const Raster& raster);
  // For text (text.hpp).
  [[nodiscard]] cairo_t* cairo();

  // Ends the drawing and returns the bytes of the file. They hold no time and no random number, so
  // a program that draws the same in the same order gives the same bytes (SVG counts the canvases
  // of a process). std::bad_alloc, or Error(io) if Cairo could not draw.
  [[nodiscard]] std::vector<std::byte> bytes();

 private:
  struct Page;
  int width_, height_;
  PictureFormat format_;
  Box clip_;
  std::unique_ptr<Page> page_;
};

}  // namespace pushforward
