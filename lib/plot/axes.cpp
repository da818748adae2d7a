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

// The room that labels side by side need.
double labels_width(const std::vector<Tick>& ticks, double unit) {
  double width = 0;
  for (const Tick& tick : ticks)
    if (!tick.label.empty()) width += text_width(tick.label, text_size * unit) + 14 * unit;
  return width;
}

}  // namespace

double readable_unit(double share, PictureFormat format, const PaperSize& paper) {
  constexpr double least = 0.7, most = 16;  // of pixels of 1/96 inch
  const double finer = format == PictureFormat::png && paper.dpi > 0 ? paper.dpi / 96 : 1;
  return std::clamp(share, least * finer, std::max(most, least * finer));
}

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
    if (labels_width(result, u) < width) return result;
  }
  // No rounder numbers: some of these have a label, 0 among them.
  const std::vector<Tick> all = result;
  const auto zero =
      std::find_if(all.begin(), all.end(), [](const Tick& t) { return t.value == 0; });
  const std::size_t first = zero == all.end() ? 0 : static_cast<std::size_t>(zero - all.begin());
  for (std::size_t every = 2; every <= all.size() && labels_width(result, u) >= width; ++every)
    for (std::size_t i = 0; i < all.size(); ++i)
      result[i].label = i % every == first % every ? all[i].label : "";
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
