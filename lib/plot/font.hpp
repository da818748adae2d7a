// The font of pictures.
#pragma once

// NOLINTBEGIN(bugprone-reserved-identifier)
using PangoContext = struct _PangoContext;
using PangoFontDescription = struct _PangoFontDescription;
// NOLINTEND(bugprone-reserved-identifier)

namespace pushforward {

struct Font {
  PangoContext* context;              // sets text without hinting, so that widths grow with sizes
  PangoFontDescription* description;  // of the family
};

// DejaVu Sans, found when it is first asked for. Where it is not installed, a warning names the
// font that the system has in its place. Error(not_found) where it has none at all.
//
// GLib, Pango and Fontconfig crash where memory runs out, so std::bad_alloc while there is not much
// more than they need. No message of theirs reaches the user but the last one before GLib ends the
// program, such as that it can start no thread: that is one line, with status 1.
[[nodiscard]] const Font& picture_font();

}  // namespace pushforward
