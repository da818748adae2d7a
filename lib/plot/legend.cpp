#include "plot/legend.hpp"

#include <algorithm>

#include "plot/axes.hpp"
#include "plot/text.hpp"

namespace pushforward {
namespace {

// In units.
constexpr double key_gap = 6, entry_gap = 18, line_height = 17, below = 5;

double key_width(Key key) { return key == Key::point ? 8 : key == Key::area ? 14 : 22; }

// One line: its entries, and their widths in pixels.
struct Line {
  std::vector<const LegendEntry*> entries;
  std::vector<double> widths;
  double width = 0;
};

std::vector<Line> lines_of(const std::vector<LegendEntry>& entries, double unit, double room) {
  std::vector<Line> lines;
  for (const LegendEntry& entry : entries) {
    const double text = text_width(entry.text, text_size * unit);
    const double width = std::min((key_width(entry.key) + key_gap) * unit + text, room);
    const double gap = entry_gap * unit;
    if (lines.empty() || lines.back().width + gap + width > room) lines.emplace_back();
    Line& line = lines.back();
    line.width += (line.entries.empty() ? 0 : gap) + width;
    line.entries.push_back(&entry);
    line.widths.push_back(width);
  }
  return lines;
}

void draw_key(Canvas* canvas, Point left, double unit, const LegendEntry& entry) {
  const double width = key_width(entry.key) * unit;
  const Point middle = {left.x + width / 2, left.y}, right = {left.x + width, left.y};
  const auto draw_line = [&](LineStyle style) {
    canvas->lines({{left, right}}, 2 * unit, entry.colour, 1, style);
  };
  switch (entry.key) {
    case Key::line:
      return draw_line(LineStyle::solid);
    case Key::dashed_line:
      return draw_line(LineStyle::dashed);
    case Key::line_with_disc:
      draw_line(LineStyle::solid);
      return draw_mark(canvas, middle, unit, entry.colour, Mark::disc);
    case Key::line_with_ring:
      draw_line(LineStyle::solid);
      return draw_mark(canvas, middle, unit, entry.colour, Mark::ring);
    case Key::point:
      return canvas->disc(middle, 3.5 * unit, entry.colour);
    case Key::area: {
      const Box box = {left.x, left.y - 4.5 * unit, right.x, left.y + 4.5 * unit};
      canvas->rectangle(box, entry.colour, 0.3);
      canvas->lines({{{box.left, box.bottom},
                      {box.left, box.top},
                      {box.right, box.top},
                      {box.right, box.bottom},
                      {box.left, box.bottom}}},
                    1.3 * unit, entry.colour);
      return;
    }
  }
}

}  // namespace

void draw_mark(Canvas* canvas, Point at, double unit, Colour colour, Mark mark) {
  if (mark == Mark::none) return;
  canvas->disc(at, 3 * unit, colour);
  if (mark == Mark::ring) canvas->disc(at, 1.6 * unit, white);
}

double legend_height(const std::vector<LegendEntry>& entries, double unit, double room) {
  if (entries.empty()) return 0;
  return (line_height * static_cast<double>(lines_of(entries, unit, room).size()) + below) * unit;
}

void draw_legend(Canvas* canvas, const Box& box, double unit,
                 const std::vector<LegendEntry>& entries) {
  const double size = text_size * unit;
  double middle = box.top + line_height * unit / 2;
  for (const Line& line : lines_of(entries, unit, box.width())) {
    double left = box.left + (box.width() - line.width) / 2;
    for (std::size_t i = 0; i < line.entries.size(); ++i) {
      const LegendEntry& entry = *line.entries[i];
      draw_key(canvas, {left, middle}, unit, entry);
      const double key = (key_width(entry.key) + key_gap) * unit;
      draw_text(canvas, entry.text, {left + key, middle + size / 2},
                {size, Align::left, false, line.widths[i] - key + unit});
      left += line.widths[i] + entry_gap * unit;
    }
    middle += line_height * unit;
  }
}

}  // namespace pushforward
