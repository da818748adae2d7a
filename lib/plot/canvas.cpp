#include "plot/canvas.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>

#include "io/png.hpp"

namespace pushforward {
namespace {

// Edges of the canvas are far below this, so that clamping to it changes no picture, and the result
// fits an int.
int pixel_of(double coordinate) {
  return static_cast<int>(std::floor(std::clamp(coordinate, -1e6, 1e6)));
}

double squared(double x) { return x * x; }

double distance_to_segment(Point p, Point a, Point b) {
  const double dx = b.x - a.x, dy = b.y - a.y, length = dx * dx + dy * dy;
  const double t =
      length > 0 ? std::clamp(((p.x - a.x) * dx + (p.y - a.y) * dy) / length, 0.0, 1.0) : 0;
  return std::sqrt(squared(p.x - a.x - t * dx) + squared(p.y - a.y - t * dy));
}

// Cuts the segment to |x|, |y| <= 1e6 in place; false if nothing is left. Far ends would cost
// precision.
bool cut(Point* a, Point* b) {
  constexpr double far = 1e6;
  double from = 0, to = 1;
  const double dx = b->x - a->x, dy = b->y - a->y;
  const auto side = [&](double start, double delta) {
    for (const double sign : {-1.0, 1.0}) {
      const double rise = sign * delta, room = far - sign * start;
      if (rise == 0) {
        if (room < 0) return false;
      } else if (rise > 0) {
        to = std::min(to, room / rise);
      } else {
        from = std::max(from, room / rise);
      }
    }
    return from <= to;
  };
  if (!side(a->x, dx) || !side(a->y, dy)) return false;
  const Point start = *a;
  *a = {start.x + from * dx, start.y + from * dy};
  *b = {start.x + to * dx, start.y + to * dy};
  return true;
}

}  // namespace

Canvas::Canvas(int width, int height)
    : width_(width),
      height_(height),
      clip_{0, 0, width, height},
      pixels_(static_cast<std::size_t>(width) * static_cast<std::size_t>(height), white) {}

void Canvas::clip(const Box& box) {
  clip_ = {std::clamp(pixel_of(box.left + 0.5), 0, width_),
           std::clamp(pixel_of(box.top + 0.5), 0, height_),
           std::clamp(pixel_of(box.right + 0.5), 0, width_),
           std::clamp(pixel_of(box.bottom + 0.5), 0, height_)};
}

void Canvas::clip_nothing() { clip_ = {0, 0, width_, height_}; }

Canvas::Pixels Canvas::touched(double left, double top, double right, double bottom) const {
  return {std::max(clip_.left, pixel_of(left)), std::max(clip_.top, pixel_of(top)),
          std::min(clip_.right, pixel_of(right) + 1), std::min(clip_.bottom, pixel_of(bottom) + 1)};
}

void Canvas::pixel(int x, int y, Colour colour, double opacity) {
  if (x < clip_.left || x >= clip_.right || y < clip_.top || y >= clip_.bottom) return;
  Colour& old = pixels_[static_cast<std::size_t>(y) * static_cast<std::size_t>(width_) +
                        static_cast<std::size_t>(x)];
  const float a = static_cast<float>(opacity);
  old.red += a * (colour.red - old.red);
  old.green += a * (colour.green - old.green);
  old.blue += a * (colour.blue - old.blue);
}

void Canvas::rectangle(const Box& box, Colour colour, double opacity) {
  const Pixels area = touched(box.left, box.top, box.right, box.bottom);
  for (int y = area.top; y < area.bottom; ++y) {
    const double tall = std::min(box.bottom, y + 1.0) - std::max(box.top, static_cast<double>(y));
    for (int x = area.left; x < area.right; ++x) {
      const double wide = std::min(box.right, x + 1.0) - std::max(box.left, static_cast<double>(x));
      if (tall > 0 && wide > 0) pixel(x, y, colour, opacity * tall * wide);
    }
  }
}

void Canvas::disc(Point centre, double radius, Colour colour, double opacity) {
  const double reach = radius + 0.5;
  const Pixels area =
      touched(centre.x - reach, centre.y - reach, centre.x + reach, centre.y + reach);
  for (int y = area.top; y < area.bottom; ++y)
    for (int x = area.left; x < area.right; ++x) {
      const double d = std::sqrt(squared(x + 0.5 - centre.x) + squared(y + 0.5 - centre.y));
      const double cover = std::min(1.0, reach - d);
      if (cover > 0) pixel(x, y, colour, opacity * cover);
    }
}

void Canvas::segment(Point a, Point b, double half_width, const Pixels& pixels,
                     std::vector<float>* coverage) const {
  const double reach = half_width + 0.5;
  const Pixels area = touched(std::min(a.x, b.x) - reach, std::min(a.y, b.y) - reach,
                              std::max(a.x, b.x) + reach, std::max(a.y, b.y) + reach);
  const double dx = b.x - a.x, dy = b.y - a.y;
  for (int y = std::max(area.top, pixels.top); y < std::min(area.bottom, pixels.bottom); ++y) {
    // Of a long, slanting segment a line of pixels meets only a part.
    int left = std::max(area.left, pixels.left), right = std::min(area.right, pixels.right);
    if (std::abs(dy) > 1) {
      const double middle = a.x + (y + 0.5 - a.y) * dx / dy;
      const double spread = reach * std::sqrt(1 + squared(dx / dy)) + 1;
      left = std::max(left, pixel_of(middle - spread));
      right = std::min(right, pixel_of(middle + spread) + 1);
    }
    for (int x = left; x < right; ++x) {
      const double cover = reach - distance_to_segment({x + 0.5, y + 0.5}, a, b);
      const auto place = static_cast<std::size_t>(y - pixels.top) *
                             static_cast<std::size_t>(pixels.right - pixels.left) +
                         static_cast<std::size_t>(x - pixels.left);
      if (cover > (*coverage)[place]) (*coverage)[place] = static_cast<float>(std::min(cover, 1.0));
    }
  }
}

void Canvas::lines(const std::vector<Polyline>& lines, double width, Colour colour,
                   double opacity) {
  // A line thinner than a pixel is a paler one of a pixel's width.
  const double half = std::max(width, 1.0) / 2, paleness = std::min(width, 1.0), reach = half + 0.5;
  Box bounds = {1e300, 1e300, -1e300, -1e300};
  for (const Polyline& line : lines)
    for (const Point& p : line)
      bounds = {std::min(bounds.left, p.x), std::min(bounds.top, p.y), std::max(bounds.right, p.x),
                std::max(bounds.bottom, p.y)};
  const Pixels area =
      touched(bounds.left - reach, bounds.top - reach, bounds.right + reach, bounds.bottom + reach);
  if (area.empty()) return;
  const auto wide = static_cast<std::size_t>(area.right - area.left);
  std::vector<float> coverage(wide * static_cast<std::size_t>(area.bottom - area.top));
  for (const Polyline& line : lines)
    for (std::size_t i = 0; i < line.size(); ++i) {
      Point a = line[i == 0 ? 0 : i - 1], b = line[i];
      if (i == 0 && line.size() > 1) continue;
      if (cut(&a, &b)) segment(a, b, half, area, &coverage);
    }
  for (int y = area.top; y < area.bottom; ++y)
    for (int x = area.left; x < area.right; ++x) {
      const float cover = coverage[static_cast<std::size_t>(y - area.top) * wide +
                                   static_cast<std::size_t>(x - area.left)];
      if (cover > 0) pixel(x, y, colour, opacity * paleness * static_cast<double>(cover));
    }
}

void Canvas::polygon(const Polyline& corners, Colour colour, double opacity) {
  Box bounds = {1e300, 1e300, -1e300, -1e300};
  double area = 0;
  for (std::size_t i = 0; i < corners.size(); ++i) {
    const Point a = corners[i], b = corners[(i + 1) % corners.size()];
    area += a.x * b.y - b.x * a.y;
    bounds = {std::min(bounds.left, a.x), std::min(bounds.top, a.y), std::max(bounds.right, a.x),
              std::max(bounds.bottom, a.y)};
  }
  const double turn = area < 0 ? -1 : 1;
  const Pixels pixels =
      touched(bounds.left - 1, bounds.top - 1, bounds.right + 1, bounds.bottom + 1);
  for (int y = pixels.top; y < pixels.bottom; ++y)
    for (int x = pixels.left; x < pixels.right; ++x) {
      double inside = 1;
      for (std::size_t i = 0; i < corners.size(); ++i) {
        const Point a = corners[i], b = corners[(i + 1) % corners.size()];
        const double dx = b.x - a.x, dy = b.y - a.y, length = std::sqrt(dx * dx + dy * dy);
        if (length == 0) continue;
        const double depth = turn * (dx * (y + 0.5 - a.y) - dy * (x + 0.5 - a.x)) / length;
        inside = std::min(inside, depth + 0.5);
      }
      if (inside > 0) pixel(x, y, colour, opacity * inside);
    }
}

Colour Canvas::at(int x, int y) const {
  return pixels_[static_cast<std::size_t>(y) * static_cast<std::size_t>(width_) +
                 static_cast<std::size_t>(x)];
}

std::vector<std::byte> Canvas::png() const {
  std::vector<std::uint8_t> bytes;
  bytes.reserve(3 * pixels_.size());
  for (const Colour& c : pixels_)
    for (const float part : {c.red, c.green, c.blue})
      bytes.push_back(static_cast<std::uint8_t>(std::clamp(part, 0.0f, 1.0f) * 255.0f + 0.5f));
  return encode_png(bytes.data(), width_, height_, 3);
}

}  // namespace pushforward
