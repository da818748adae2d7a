#include "plot/text.hpp"

#include <pango/pangocairo.h>

#include <cmath>
#include <cstddef>
#include <memory>
#include <set>

#include "base/messages.hpp"
#include "plot/font.hpp"

namespace pushforward {
namespace {

// The height of capitals of DejaVu Sans, as a fraction of its size.
constexpr double capital_height = 0.729;
constexpr double quarter_turn = 1.5707963267948966;

// More bytes than fit anywhere. Texts are cut, because tables can hold texts of any length, and
// Pango's time and memory grow with it.
constexpr std::size_t longest_text = 4096;

// The beginning of a text, cut between characters of UTF-8.
std::string beginning(const std::string& text) {
  if (text.size() <= longest_text) return text;
  std::size_t end = longest_text;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xc0) == 0x80) --end;
  return text.substr(0, end) + "\u2026";
}

// The text as one line of valid UTF-8.
std::string cleaned(const std::string& text) {
  const std::string part = beginning(text);
  char* valid = g_utf8_make_valid(part.data(), static_cast<gssize>(part.size()));
  std::string result = valid;
  g_free(valid);
  for (char& c : result)
    if ((c >= 0 && c < ' ') || c == 0x7f) c = ' ';
  return result;
}

struct Unref {
  void operator()(PangoLayout* layout) const { g_object_unref(layout); }
};
using Layout = std::unique_ptr<PangoLayout, Unref>;

Layout layout_of(const std::string& text, double size, double room) {
  const Font& font = picture_font();
  pango_font_description_set_absolute_size(font.description, size / capital_height * PANGO_SCALE);
  Layout layout(pango_layout_new(font.context));
  pango_layout_set_font_description(layout.get(), font.description);
  pango_layout_set_single_paragraph_mode(layout.get(), TRUE);
  const std::string clean = cleaned(text);
  pango_layout_set_text(layout.get(), clean.data(), static_cast<int>(clean.size()));
  if (std::isfinite(room)) {
    pango_layout_set_ellipsize(layout.get(), PANGO_ELLIPSIZE_END);
    pango_layout_set_width(layout.get(), static_cast<int>(std::fmax(room, 0) * PANGO_SCALE));
  }
  return layout;
}

// Warns once per text, which may be drawn in many places.
void warn_of_boxes(const std::string& text) {
  static std::set<std::string> named;
  if (named.insert(text).second)
    warn("no installed font has all characters of \"" + cleaned(text) + "\"; boxes are drawn");
}

double width_of(PangoLayoutLine* line) {
  PangoRectangle extents;
  pango_layout_line_get_extents(line, nullptr, &extents);
  return static_cast<double>(extents.width) / PANGO_SCALE;
}

}  // namespace

double text_width(const std::string& text, double size) {
  const Layout layout = layout_of(text, size, INFINITY);
  return width_of(pango_layout_get_line_readonly(layout.get(), 0));
}

void draw_text(Canvas* canvas, const std::string& text, Point anchor, const TextStyle& style) {
  const Layout layout = layout_of(text, style.size, style.room);
  PangoLayoutLine* line = pango_layout_get_line_readonly(layout.get(), 0);
  const double width = width_of(line);
  const double before = style.align == Align::left     ? 0
                        : style.align == Align::centre ? width / 2
                                                       : width;
  const bool of_pixels = canvas->format() == PictureFormat::png;
  if (of_pixels)
    (style.upwards ? anchor.x : anchor.y) = std::round(style.upwards ? anchor.x : anchor.y);
  cairo_t* cairo = canvas->cairo();
  cairo_save(cairo);
  cairo_translate(cairo, anchor.x, anchor.y);
  if (style.upwards) cairo_rotate(cairo, -quarter_turn);
  cairo_move_to(cairo, -before, 0);
  cairo_set_source_rgb(cairo, static_cast<double>(ink.red), static_cast<double>(ink.green),
                       static_cast<double>(ink.blue));
  // Cairo places glyphs in a raster at whole pixels, but not their outlines.
  if (of_pixels) {
    pango_cairo_layout_line_path(cairo, line);
    cairo_fill(cairo);
  } else {
    pango_cairo_show_layout_line(cairo, line);
  }
  cairo_new_path(cairo);
  cairo_restore(cairo);
  if (pango_layout_get_unknown_glyphs_count(layout.get()) > 0) warn_of_boxes(text);
}

}  // namespace pushforward
