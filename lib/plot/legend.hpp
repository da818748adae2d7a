// Legends: what the colours of a picture stand for.
#pragma once

#include <string>
#include <vector>

#include "plot/canvas.hpp"

namespace pushforward {

// The marks at the points of a curve. A ring is filled with white.
enum class Mark { none, disc, ring };
void draw_mark(Canvas* canvas, Point at, double unit, Colour colour, Mark mark);

// What is drawn before a text: a piece of the curve, a point, or an area.
enum class Key { line, dashed_line, line_with_disc, line_with_ring, point, area };

struct LegendEntry {
  std::string text;
  Colour colour;
  Key key = Key::line;
};

// The height in pixels of a legend that is at most `room` pixels wide: entries side by side, in as
// many lines as they need. 0 without entries.
[[nodiscard]] double legend_height(const std::vector<LegendEntry>& entries, double unit,
                                   double room);

// Draws it at the top of the box, each line in the middle. Texts that are wider than the box are
// cut.
void draw_legend(Canvas* canvas, const Box& box, double unit,
                 const std::vector<LegendEntry>& entries);

}  // namespace pushforward
