// A picture to draw on: anti-aliased shapes, blended in order.
#pragma once

#include <cstddef>
#include <vector>

#include "plot/colour.hpp"

namespace pushforward {

// Coordinates are in pixels from the upper left corner, y downwards; pixel (i, j) covers
// [i, i + 1) x [j, j + 1).
struct Point {
  double x, y;
};

struct Box {
  double left, top, right, bottom;
  [[nodiscard]] double width() const { return right - left; }
  [[nodiscard]] double height() const { return bottom - top; }
};

using Polyline = std::vector<Point>;

// Shapes may lie anywhere, also far outside; coordinates must not be NaN. Opacity is in [0, 1].
class Canvas {
 public:
  // White.
  Canvas(int width, int height);

  [[nodiscard]] int width() const { return width_; }
  [[nodiscard]] int height() const { return height_; }

  // What follows is drawn inside the box (its edges rounded to pixels) only.
  void clip(const Box& box);
  void clip_nothing();

  void pixel(int x, int y, Colour colour, double opacity = 1);
  void rectangle(const Box& box, Colour colour, double opacity = 1);
  void disc(Point centre, double radius, Colour colour, double opacity = 1);
  // Lines with round ends and joins. Together they are one shape: where they cross or meet, the
  // opacity is not doubled.
  void lines(const std::vector<Polyline>& lines, double width, Colour colour, double opacity = 1);
  // A convex polygon, its corners in either direction.
  void polygon(const Polyline& corners, Colour colour, double opacity = 1);

  [[nodiscard]] Colour at(int x, int y) const;
  // The picture as the bytes of a PNG file.
  [[nodiscard]] std::vector<std::byte> png() const;

 private:
  struct Pixels {  // first to one before end
    int left, top, right, bottom;
    [[nodiscard]] bool empty() const { return left >= right || top >= bottom; }
  };
  // The pixels of the clip box that a shape reaching so far may touch.
  [[nodiscard]] Pixels touched(double left, double top, double right, double bottom) const;
  void segment(Point a, Point b, double half_width, const Pixels& pixels,
               std::vector<float>* coverage) const;

  int width_, height_;
  Pixels clip_;
  std::vector<Colour> pixels_;
};

}  // namespace pushforward
