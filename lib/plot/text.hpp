// Text in figures, by Pango.
#pragma once

#include <limits>
#include <string>

#include "plot/canvas.hpp"

namespace pushforward {

// The place of the anchor in the line.
enum class Align { left, centre, right };

struct TextStyle {
  double size = 0;  // height of capitals in pixels
  Align align = Align::left;
  bool upwards = false;  // turned by 90 degrees, read from bottom to top
  // In pixels. A longer line is cut and ends with an ellipsis.
  double room = std::numeric_limits<double>::infinity();
};

// Any text is one line of UTF-8. Invalid UTF-8 is shown as U+FFFD, control characters as blanks.
// Characters are taken from DejaVu Sans or, if it lacks them, from other fonts of the system. Both
// functions may throw the errors of writing_context() (font.hpp).

// Width in pixels of a line whose capitals are `size` pixels high.
[[nodiscard]] double text_width(const std::string& text, double size);

// Draws a line whose baseline begins, is centred or ends at `anchor`. Characters that no font has
// are drawn as boxes, and a warning names the text.
void draw_text(Canvas* canvas, const std::string& text, Point anchor, const TextStyle& style);

}  // namespace pushforward
