// What can be drawn inside a panel.
#pragma once

#include <cstddef>
#include <vector>

#include "plot/figure.hpp"

namespace pushforward {

// Values on a grid of cells over a panel, row by row from the bottom, each from the left. A value
// belongs to the centre of its cell.
struct ScalarField {
  int columns = 0, rows = 0;
  std::vector<double> values;
  [[nodiscard]] double& at(int column, int row) {
    return values[static_cast<std::size_t>(row) * static_cast<std::size_t>(columns) +
                  static_cast<std::size_t>(column)];
  }
  [[nodiscard]] double at(int column, int row) const {
    return const_cast<ScalarField*>(this)->at(column, row);
  }
};

// Draws values by the colour map as one image: interpolated between cells, or each cell in one
// colour.
enum class Shading { smooth, cells };
void draw_field(Canvas* canvas, const Frame& frame, const ScalarField& field, const Scale& colours,
                Shading shading);

// More discs than these become one image, also in SVG and PDF, whose files would grow by 200 bytes
// per disc.
constexpr std::size_t max_discs = 2000;

// Points as translucent discs. More points get smaller and paler discs, so that their density
// shows. `label` is empty, or gives the number of the class colour of each point. A light rim
// keeps them apart from a dark ground.
enum class Rim { none, light };
void draw_points(Canvas* canvas, const Frame& frame, const std::vector<double>& x,
                 const std::vector<double>& y, const std::vector<long>& label, Colour colour,
                 Rim rim = Rim::none);

// Arrows at the centres of the cells of two fields of equal size, the components of the gradient of
// a function of the plane. They are perpendicular to the function's level lines as drawn on the
// page, even if the scales of the axes differ. `colours` maps the length of the vector to a colour;
// the length of the arrow grows with it, up to the size of a cell.
void draw_arrows(Canvas* canvas, const Frame& frame, const ScalarField& x_part,
                 const ScalarField& y_part, const Scale& colours);

// Points joined by lines, with gaps where y is not finite. Isolated points, and all points of a
// short curve, are dots.
void draw_curve(Canvas* canvas, const Frame& frame, const std::vector<double>& x,
                const std::vector<double>& y, Colour colour, LineStyle style = LineStyle::solid);

// The same with a mark at every point.
void draw_marked_curve(Canvas* canvas, const Frame& frame, const std::vector<double>& x,
                       const std::vector<double>& y, Colour colour, Mark mark);

// The curve without marks, thin and translucent, where many lines cross.
void draw_trace(Canvas* canvas, const Frame& frame, const std::vector<double>& x,
                const std::vector<double>& y, Colour colour, double opacity = 0.7);

// Bars from the lower axis. Bar i reaches from edges[i] to edges[i + 1].
void draw_bars(Canvas* canvas, const Frame& frame, const std::vector<double>& edges,
               const std::vector<double>& heights, Colour colour);

}  // namespace pushforward
