// Text in pictures, in a font of strokes that needs no font file.
#pragma once

#include <string>

#include "plot/canvas.hpp"

namespace pushforward {

enum class Align { left, centre, right };

// Width in pixels of a line of text whose capitals are `size` pixels high. ASCII has glyphs; any
// other character of UTF-8, and each byte that is not UTF-8, is shown as an empty box.
[[nodiscard]] double text_width(const std::string& text, double size);

// Draws a line of text whose baseline begins at, is centred at, or ends at `anchor`. `upwards`
// turns it by a quarter, to be read from below to above.
void draw_text(Canvas* canvas, const std::string& text, Point anchor, double size,
               Align align = Align::left, bool upwards = false, Colour colour = ink);

// The text cut off with "..." where it is wider than `room`.
[[nodiscard]] std::string shortened(const std::string& text, double size, double room);

}  // namespace pushforward
