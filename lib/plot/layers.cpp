#include "plot/layers.hpp"

#include <algorithm>
#include <cmath>

namespace pushforward {
namespace {

double interpolated(const ScalarField& field, double x, double y) {
  const double fx = std::clamp(x - 0.5, 0.0, field.columns - 1.0);
  const double fy = std::clamp(y - 0.5, 0.0, field.rows - 1.0);
  const int i = std::min(static_cast<int>(fx), field.columns - 1);
  const int j = std::min(static_cast<int>(fy), field.rows - 1);
  const int next_i = std::min(i + 1, field.columns - 1), next_j = std::min(j + 1, field.rows - 1);
  const double a = fx - i, b = fy - j;
  return (1 - b) * ((1 - a) * field.at(i, j) + a * field.at(next_i, j)) +
         b * ((1 - a) * field.at(i, next_j) + a * field.at(next_i, next_j));
}

double nearest(const ScalarField& field, double x, double y) {
  return field.at(std::min(static_cast<int>(x), field.columns - 1),
                  std::min(static_cast<int>(y), field.rows - 1));
}

// The smallest multiple of a number that is at least another.
int multiple(int least, int of) { return (least + of - 1) / of * of; }

void draw_arrow(Canvas* canvas, Point middle, Point direction, double length, double unit,
                Colour colour) {
  const double head = std::min(0.45 * length, 5.5 * unit), half = 0.42 * head;
  const double width = std::clamp(0.09 * length, 0.8 * unit, 1.5 * unit);
  const Point tip = {middle.x + direction.x * length / 2, middle.y + direction.y * length / 2};
  const Point tail = {middle.x - direction.x * length / 2, middle.y - direction.y * length / 2};
  const Point neck = {tip.x - direction.x * head, tip.y - direction.y * head};
  canvas->lines({{tail, neck}}, width, colour);
  canvas->polygon({tip,
                   {neck.x - direction.y * half, neck.y + direction.x * half},
                   {neck.x + direction.y * half, neck.y - direction.x * half}},
                  colour);
}

// The points on the page, cut into pieces at gaps.
std::vector<Polyline> joined(const Frame& frame, const std::vector<double>& x,
                             const std::vector<double>& y) {
  std::vector<Polyline> pieces;
  bool open = false;
  for (std::size_t i = 0; i < x.size(); ++i) {
    const Point p = frame.at(x[i], y[i]);
    if (!std::isfinite(p.x) || !std::isfinite(p.y)) {
      open = false;
      continue;
    }
    if (!open) pieces.emplace_back();
    open = true;
    pieces.back().push_back(p);
  }
  return pieces;
}

}  // namespace

void draw_field(Canvas* canvas, const Frame& frame, const ScalarField& field, const Scale& colours,
                Shading shading) {
  const int finer = canvas->resolution();
  int columns = finer * static_cast<int>(frame.box.width());
  int rows = finer * static_cast<int>(frame.box.height());
  if (shading == Shading::cells && finer > 1) {  // cells of whole pixels, so that all are equal
    columns = multiple(columns, field.columns);
    rows = multiple(rows, field.rows);
  }
  Raster raster(columns, rows);
  for (int y = 0; y < rows; ++y)
    for (int x = 0; x < columns; ++x) {
      const double at_x = (x + 0.5) / columns * field.columns;
      const double at_y = (rows - y - 0.5) / rows * field.rows;
      const double value =
          shading == Shading::smooth ? interpolated(field, at_x, at_y) : nearest(field, at_x, at_y);
      raster.set(x, y, ramp(colours.fraction(value)));
    }
  canvas->image(frame.box, raster);
}

void draw_points(Canvas* canvas, const Frame& frame, const std::vector<double>& x,
                 const std::vector<double>& y, const std::vector<long>& label, Colour colour,
                 Rim rim) {
  const double count = static_cast<double>(std::max<std::size_t>(x.size(), 1));
  const double radius = std::clamp(3.0 - 0.4 * std::log10(count), 0.9, 2.6) * frame.unit;
  const double opacity = std::clamp(18 / std::pow(count, 0.45), 0.02, 0.8);
  const auto colour_of = [&](std::size_t i) {
    return label.empty() ? colour : class_colour(label[i]);
  };
  const int finer = canvas->resolution();
  const Box& box = frame.box;
  const bool as_image = x.size() > max_discs;
  DiscLayer layer(as_image ? finer * static_cast<int>(box.width()) : 0,
                  as_image ? finer * static_cast<int>(box.height()) : 0);
  const auto draw = [&](std::size_t i, double size, Colour its_colour) {
    const Point p = frame.at(x[i], y[i]);
    if (as_image)
      layer.add({finer * (p.x - box.left), finer * (p.y - box.top)}, finer * size, its_colour,
                opacity);
    else
      canvas->disc(p, size, its_colour, opacity);
  };
  for (std::size_t i = 0; i < x.size(); ++i) {
    if (rim == Rim::light) draw(i, radius + frame.unit, white);
    draw(i, radius, colour_of(i));
  }
  if (as_image) canvas->image(box, layer.raster());
}

void draw_arrows(Canvas* canvas, const Frame& frame, const ScalarField& x_part,
                 const ScalarField& y_part, const Scale& colours) {
  const Box& box = frame.box;
  const double cell = std::min(box.width() / x_part.columns, box.height() / x_part.rows);
  std::vector<double> sizes;
  for (std::size_t i = 0; i < x_part.values.size(); ++i)
    sizes.push_back(std::hypot(x_part.values[i], y_part.values[i]));
  std::vector<double> sorted = sizes;
  const auto middle = sorted.begin() + static_cast<std::ptrdiff_t>(sorted.size() / 2);
  std::nth_element(sorted.begin(), middle, sorted.end());
  const double typical = *middle;
  for (int row = 0; row < x_part.rows; ++row)
    for (int column = 0; column < x_part.columns; ++column) {
      const double x = x_part.at(column, row) * frame.x.interval.length() / box.width();
      const double y = -y_part.at(column, row) * frame.y.interval.length() / box.height();
      const double length = std::hypot(x, y);
      const double size = std::hypot(x_part.at(column, row), y_part.at(column, row));
      if (!(length > 0)) continue;
      const double reach = 1.05 * cell * std::sqrt(size / (size + typical));
      draw_arrow(canvas,
                 {box.left + (column + 0.5) * box.width() / x_part.columns,
                  box.bottom - (row + 0.5) * box.height() / x_part.rows},
                 {x / length, y / length}, reach, frame.unit, ramp(colours.fraction(size)));
    }
}

void draw_curve(Canvas* canvas, const Frame& frame, const std::vector<double>& x,
                const std::vector<double>& y, Colour colour, LineStyle style) {
  const std::vector<Polyline> pieces = joined(frame, x, y);
  std::size_t shown = 0;
  for (const Polyline& piece : pieces) shown += piece.size();
  const bool dots = shown <= 30;
  for (const Polyline& piece : pieces)
    if (dots || piece.size() == 1)
      for (const Point& p : piece) canvas->disc(p, 2.6 * frame.unit, colour);
  canvas->lines(pieces, 1.7 * frame.unit, colour, 1, style);
}

void draw_marked_curve(Canvas* canvas, const Frame& frame, const std::vector<double>& x,
                       const std::vector<double>& y, Colour colour, Mark mark) {
  const std::vector<Polyline> pieces = joined(frame, x, y);
  canvas->lines(pieces, 1.7 * frame.unit, colour);
  for (const Polyline& piece : pieces)
    for (const Point& p : piece) draw_mark(canvas, p, frame.unit, colour, mark);
}

void draw_trace(Canvas* canvas, const Frame& frame, const std::vector<double>& x,
                const std::vector<double>& y, Colour colour, double opacity) {
  canvas->lines(joined(frame, x, y), 1.1 * frame.unit, colour, opacity);
}

void draw_bars(Canvas* canvas, const Frame& frame, const std::vector<double>& edges,
               const std::vector<double>& heights, Colour colour) {
  const double floor_y = frame.box.bottom;
  Polyline outline = {{frame.at(edges[0], 1).x, floor_y}};
  for (std::size_t i = 0; i < heights.size(); ++i) {
    const double left = frame.at(edges[i], 1).x, right = frame.at(edges[i + 1], 1).x;
    // Not infinite; 2 is outside the panel.
    const double fraction = std::clamp(frame.y.fraction(heights[i]), 0.0, 2.0);
    const double top = floor_y - fraction * frame.box.height();
    outline.push_back({left, top});
    outline.push_back({right, top});
  }
  outline.push_back({frame.at(edges.back(), 1).x, floor_y});
  canvas->polygon(outline, colour, 0.3);
  canvas->lines({outline}, 1.3 * frame.unit, colour);
}

}  // namespace pushforward
