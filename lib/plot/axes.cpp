#include "plot/axes.hpp"

#include <algorithm>
#include <cmath>
#include <string>

#include "plot/text.hpp"

namespace pushforward {
namespace {

double thickness(double unit) { return std::max(1.0, std::round(unit)); }

double length_of(const Tick& tick, double unit) {
  return (tick.label.empty() ? 0.55 : 1) * tick_length * unit;
}

}  // namespace

std::vector<Tick> printed_ticks(const Scale& scale, int most) {
  std::vector<Tick> result = ticks(scale, most);
  for (Tick& tick : result)
    for (std::size_t at; (at = tick.label.find('-')) != std::string::npos;)
      tick.label.replace(at, 1, "\u2212");
  return result;
}

std::vector<Tick> x_ticks(const Frame& frame) {
  const double u = frame.unit, width = frame.box.width();
  std::vector<Tick> result;
  for (int most = std::clamp(static_cast<int>(width / (65 * u)), 1, 8); most >= 1; --most) {
    result = printed_ticks(frame.x, most);
    double taken = 0;
    for (const Tick& tick : result)
      if (!tick.label.empty()) taken += text_width(tick.label, text_size * u) + 14 * u;
    if (taken < width) break;
  }
  return result;
}

std::vector<Tick> y_ticks(const Frame& frame) {
  const int room = static_cast<int>(frame.box.height() / (50 * frame.unit));
  return printed_ticks(frame.y, std::clamp(room, 1, 8));
}

double widest_label(const std::vector<Tick>& ticks, double unit) {
  double width = 0;
  for (const Tick& tick : ticks) width = std::max(width, text_width(tick.label, text_size * unit));
  return width;
}

void draw_x_axis(Canvas* canvas, const Frame& frame, const std::optional<Interval>& label_room) {
  const double u = frame.unit, size = text_size * u, thin = thickness(u);
  const Box& box = frame.box;
  for (const Tick& tick : x_ticks(frame)) {
    const double x = std::floor(frame.at(tick.value, frame.y.interval.low).x - thin / 2 + 0.5);
    canvas->rectangle({x, box.bottom, x + thin, box.bottom + length_of(tick, u)}, ink);
    if (!label_room) continue;
    const double half = text_width(tick.label, size) / 2;
    const double place = std::min(x + thin / 2, label_room->high - half);
    draw_text(
        canvas, tick.label,
        {std::max(place, label_room->low + half), box.bottom + (tick_length + tick_gap) * u + size},
        {size, Align::centre});
  }
}

void draw_y_axis(Canvas* canvas, const Frame& frame, TickLabels labels) {
  const double u = frame.unit, size = text_size * u, thin = thickness(u);
  const Box& box = frame.box;
  for (const Tick& tick : y_ticks(frame)) {
    const double y = std::floor(frame.at(frame.x.interval.low, tick.value).y - thin / 2 + 0.5);
    canvas->rectangle({box.left - length_of(tick, u), y, box.left, y + thin}, ink);
    if (labels == TickLabels::printed)
      draw_text(canvas, tick.label,
                {box.left - (tick_length + tick_gap) * u, y + thin / 2 + size / 2},
                {size, Align::right});
  }
}

void draw_border(Canvas* canvas, const Box& box, double unit) {
  const double thin = thickness(unit);
  canvas->rectangle({box.left - thin, box.top - thin, box.right + thin, box.top}, ink);
  canvas->rectangle({box.left - thin, box.bottom, box.right + thin, box.bottom + thin}, ink);
  canvas->rectangle({box.left - thin, box.top, box.left, box.bottom}, ink);
  canvas->rectangle({box.right, box.top, box.right + thin, box.bottom}, ink);
}

}  // namespace pushforward
