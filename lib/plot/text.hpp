// Text in pictures, set by Pango.
#pragma once

#include <limits>
#include <string>

#include "plot/canvas.hpp"

namespace pushforward {

// Of the anchor's place in the line.
enum class Align { left, centre, right };

struct TextStyle {
  double size = 0;  // height of capitals in pixels
  Align align = Align::left;
  bool upwards = false;  // turned by a quarter, to be read from below to above
  // A longer line ends with an ellipsis where it still has so many pixels.
  double room = std::numeric_limits<double>::infinity();
};

// Any text is a line of UTF-8: what is not UTF-8 is shown as U+FFFD, control characters as blanks.
// Characters come from DejaVu Sans and, where it lacks them, from other fonts of the system. Both
// functions may throw the errors of writing_context() (font.hpp).

// Width in pixels of a line whose capitals are `size` pixels high.
[[nodiscard]] double text_width(const std::string& text, double size);

// Draws a line whose baseline begins at, is centred at, or ends at `anchor`. A warning names a text
// with characters that no font has, which are boxes.
void draw_text(Canvas* canvas, const std::string& text, Point anchor, const TextStyle& style);

}  // namespace pushforward
