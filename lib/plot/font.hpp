// The font of figures.
#pragma once

// NOLINTBEGIN(bugprone-reserved-identifier)
using PangoContext = struct _PangoContext;
using PangoFontDescription = struct _PangoFontDescription;
// NOLINTEND(bugprone-reserved-identifier)

namespace pushforward {

struct Font {
  PangoContext* context;              // without hinting, so that widths are proportional to sizes
  PangoFontDescription* description;  // of the family
};

// DejaVu Sans, loaded by the first call. If it is not installed, a warning names the font that the
// system uses instead. Error(not_found) if the system has no font.
//
// GLib, Pango and Fontconfig crash when memory runs out. So this throws std::bad_alloc if little
// more is left than they need. Their messages are suppressed, except the last one before GLib ends
// the program (if it cannot start a thread, for example): that is printed as one line, with
// status 1.
[[nodiscard]] const Font& picture_font();

}  // namespace pushforward
