// What is drawn inside a panel.
#pragma once

#include <cstddef>
#include <vector>

#include "plot/figure.hpp"

namespace pushforward {

// Numbers on a grid of cells over a panel: row by row from below, each from the left. A value
// belongs to the middle of its cell.
struct Field {
  int columns = 0, rows = 0;
  std::vector<double> values;
  [[nodiscard]] double& at(int column, int row) {
    return values[static_cast<std::size_t>(row) * static_cast<std::size_t>(columns) +
                  static_cast<std::size_t>(column)];
  }
  [[nodiscard]] double at(int column, int row) const {
    return const_cast<Field*>(this)->at(column, row);
  }
};

// Numbers as colours of the ramp, one image: interpolated between cells, or each cell in one
// colour.
enum class Shading { smooth, cells };
void draw_field(Canvas* canvas, const Frame& frame, const Field& field, const Scale& colours,
                Shading shading);

// More discs than these are one image, also in SVG and PDF, whose files would grow by 200 bytes a
// disc.
constexpr std::size_t most_discs = 2000;

// Points as translucent discs; the more there are, the smaller and paler, so that their density
// shows. `label` is empty or gives each its series colour.
void draw_points(Canvas* canvas, const Frame& frame, const std::vector<double>& x,
                 const std::vector<double>& y, const std::vector<long>& label, Colour colour);

// Arrows at the middle of the cells of two fields of equal size, the components of the gradient of
// a function of the plane. They point uphill as the picture shows it, at right angles to its level
// lines even where the axes differ in units. Colour tells the length of the vector by `colours`;
// the arrow's own length grows with it, up to the size of a cell.
void draw_arrows(Canvas* canvas, const Frame& frame, const Field& x_part, const Field& y_part,
                 const Scale& colours);

// Points joined by lines; a gap where y is not finite. Lone points are dots.
void draw_curve(Canvas* canvas, const Frame& frame, const std::vector<double>& x,
                const std::vector<double>& y, Colour colour);

// The same with a mark at every point.
void draw_marked_curve(Canvas* canvas, const Frame& frame, const std::vector<double>& x,
                       const std::vector<double>& y, Colour colour, Mark mark);

// The curve alone, thin and translucent, for lines of which many cross.
void draw_trace(Canvas* canvas, const Frame& frame, const std::vector<double>& x,
                const std::vector<double>& y, Colour colour, double opacity = 0.7);

// Bars from the lower axis: bar i reaches from edges[i] to edges[i + 1].
void draw_bars(Canvas* canvas, const Frame& frame, const std::vector<double>& edges,
               const std::vector<double>& heights, Colour colour);

}  // namespace pushforward
