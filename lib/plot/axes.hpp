// The axes of a panel: ticks, their labels and the frame around it.
#pragma once

#include <optional>
#include <vector>

#include "plot/axis.hpp"
#include "plot/canvas.hpp"

namespace pushforward {

// The place of a panel on the page, and its scales.
struct Frame {
  Box box;  // whole pixels
  Scale x, y;
  double unit = 1;  // pixels per unit of line widths and text; grows with the picture
  [[nodiscard]] Point at(double x_value, double y_value) const {
    return {box.left + x.fraction(x_value) * box.width(),
            box.bottom - y.fraction(y_value) * box.height()};
  }
};

// Lengths on the page in units. In a picture of ordinary size a unit is one pixel.
constexpr double text_size = 9, heading_size = 11;  // height of capitals
constexpr double padding = 12, tick_length = 4, tick_gap = 5, label_gap = 9;

// The unit of a picture of a given size: `share`, cut to what can be read. Letters in a size on
// paper are readable there.
[[nodiscard]] double readable_unit(double share, PictureFormat format, const PaperSize& paper);

// The ticks with their labels as printed, with minus signs instead of hyphens.
[[nodiscard]] std::vector<Tick> printed_ticks(const Scale& scale, int most);

// The ticks of a panel's axes: as many as there is room for.
[[nodiscard]] std::vector<Tick> x_ticks(const Frame& frame);
[[nodiscard]] std::vector<Tick> y_ticks(const Frame& frame);

// The width of the widest label, in pixels.
[[nodiscard]] double widest_label(const std::vector<Tick>& ticks, double unit);

// The ticks below a panel. Their labels are printed if there is room for them: between two places
// on the page, so that they run neither off the page nor into those of the next panel.
void draw_x_axis(Canvas* canvas, const Frame& frame, const std::optional<Interval>& label_room);
// The ticks left of a panel.
enum class TickLabels { printed, none };
void draw_y_axis(Canvas* canvas, const Frame& frame, TickLabels labels);

// The frame lies just outside the box, so that it hides nothing.
void draw_border(Canvas* canvas, const Box& box, double unit);

}  // namespace pushforward
