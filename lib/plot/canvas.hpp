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

// The size of a page on paper. Zeros: 96 pixels per inch in SVG and PDF, and a PNG does not say.
struct PaperSize {
  double width = 0, height = 0;  // in cm; those of the page of SVG and PDF
  double dpi = 0;                // pixels per inch: of a PNG, and of the images in SVG and PDF
};

enum class LineStyle { solid, dashed };

// Lengths are in pixels. Shapes may lie anywhere, even far outside the
// page; coordinates must not be NaN. Opacity is in [0, 1].
class Canvas {
 public:
  // A white page. std::bad_alloc, or Error(io) if it is too large for Cairo.
  Canvas(int width, int height, PictureFormat format, const PaperSize& paper = {});
  Canvas(Canvas&&) noexcept;
  ~Canvas();

  [[nodiscard]] int width() const { return width_; }
  [[nodiscard]] int height() const { return height_; }
  [[nodiscard]] PictureFormat format() const { return format_; }
  // Pixels of a raster per pixel of the page, along a side: 1 for PNG, more for SVG and PDF, which
  // can be enlarged.
  [[nodiscard]] int resolution() const;

  // From now on draws only inside the box, whose edges are rounded to pixels.
  void clip(const Box& box);
  void clip_nothing();

  void rectangle(const Box& box, Colour colour, double opacity = 1);
  void disc(Point centre, double radius, Colour colour, double opacity = 1);
  // Lines with round ends and joins. Together they are one shape: opacities do not add up where
  // they cross or meet.
  void lines(const std::vector<Polyline>& lines, double width, Colour colour, double opacity = 1,
             LineStyle style = LineStyle::solid);
  // Its corners must lie within a million pixels of the page.
  void polygon(const Polyline& corners, Colour colour, double opacity = 1);
  // A raster that fills the box, as one image in the file. It is not smoothed.
  void image(const Box& box, const Raster& raster);
  // For text (text.hpp).
  [[nodiscard]] cairo_t* cairo();

  // Ends the drawing and returns the bytes of the file. They contain no time and no random number:
  // the same drawing gives the same bytes (in SVG, if it is drawn on the n-th canvas of the process
  // both times). std::bad_alloc, or Error(io) if Cairo could not draw.
  [[nodiscard]] std::vector<std::byte> bytes();
  // What is drawn on a page of pixels (PNG), opaque.
  [[nodiscard]] Raster raster();

 private:
  struct Page;
  int width_, height_;
  PictureFormat format_;
  PaperSize paper_;
  Box clip_;
  std::unique_ptr<Page> page_;
};

}  // namespace pushforward
