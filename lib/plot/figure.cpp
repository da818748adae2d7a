#include "plot/figure.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "base/error.hpp"
#include "plot/text.hpp"

namespace pushforward {
namespace {

// Lengths on the page in units, as those of axes.hpp.
constexpr double panel_side = 440;
constexpr double column_gap = 20, bar_gap = 14, bar_width = 13, bar_label_room = 46;
constexpr int max_columns = 4;
constexpr double stacked_width = 1.7 * panel_side, stacked_shape = 0.22;
// Axes with the same unit are scaled equally if one is at most so many times as long as the other.
constexpr double max_unequal = 2.6;

double clamped_shape(const Scale& x, const Scale& y) {
  return std::clamp(y.interval.length() / x.interval.length(), 0.62, 1.3);
}

}  // namespace

Figure::Figure(FigureSpec spec) : spec_(std::move(spec)) {
  columns_ = std::min(spec_.panels, max_columns);
  rows_ = (spec_.panels + columns_ - 1) / columns_;
  columns_ = (spec_.panels + rows_ - 1) / rows_;
  const bool stacked = !spec_.stacked_y.empty();
  if (stacked) {
    columns_ = 1;
    rows_ = spec_.panels;
  }
  if (spec_.width > 0 || spec_.height > 0) {
    double side = 1e9;
    if (spec_.width > 0) side = std::min(side, static_cast<double>(spec_.width) / columns_);
    if (spec_.height > 0) side = std::min(side, static_cast<double>(spec_.height) / rows_);
    if (stacked) side = std::min(spec_.width > 0 ? spec_.width / 1.7 : 1e9, side / 0.45);
    unit_ = readable_unit(side / 480, spec_.format, spec_.paper);
  }
  const double ratio = spec_.y.interval.length() / spec_.x.interval.length();
  spec_.alike = spec_.alike && ratio < max_unequal && ratio > 1 / max_unequal;
  lay_out();
  if (spec_.grid)
    for (const Frame& each : frames_) draw_grid(each);
}

double Figure::y_labels_width() const {
  Frame panel = {{0, 0, panel_width_, panel_height_}, spec_.x, spec_.y, unit_};
  if (spec_.stacked_y.empty()) return widest_label(y_ticks(panel), unit_);
  double width = 0;
  for (const Interval& own : spec_.stacked_y) {
    panel.y = {own, false};
    width = std::max(width, widest_label(y_ticks(panel), unit_));
  }
  return width;
}

double Figure::panels_width() const {
  return columns_ * panel_width_ + (columns_ - 1) * column_gap * unit_;
}

void Figure::lay_out() {
  const double u = unit_;
  const double title = spec_.titles.empty() ? 0 : text_size + label_gap;
  const double heading = spec_.heading.empty() ? 0 : heading_size + 11;
  const double x_axis = (tick_length + tick_gap + text_size) * u;
  const double below = (padding + (spec_.x_label.empty() ? 0 : text_size + label_gap)) * u;
  const double row_gap = column_gap * u;
  const double right = (spec_.colour_bar ? bar_gap + bar_width + tick_length + tick_gap +
                                               bar_label_room + text_size + padding
                                         : padding + 8) *
                       u;
  const double shape = !spec_.stacked_y.empty() ? stacked_shape
                       : spec_.alike            ? clamped_shape(spec_.x, spec_.y)
                       : spec_.grid             ? 0.62
                                                : 0.9;
  panel_width_ = (spec_.grid && spec_.panels == 1 ? 1.25 * panel_side : panel_side) * u;
  if (!spec_.stacked_y.empty()) panel_width_ = stacked_width * u;
  panel_height_ = panel_width_ * shape;
  double left = 0, above = 0;
  // The ticks of the y axis depend on its length, the widths of the panels on the widths of the
  // tick labels, the height of the legend too, and equal units may change the range. A few rounds
  // settle it.
  for (int pass = 0; pass < 3; ++pass) {
    left = (padding + (spec_.y_label.empty() ? 0 : text_size + label_gap)) * u + y_labels_width() +
           (tick_gap + tick_length) * u;
    if (spec_.width > 0)
      panel_width_ = (spec_.width - left - right - (columns_ - 1) * column_gap * u) / columns_;
    above = (padding + 3 + heading) * u + legend_height(spec_.legend, u, panels_width());
    if (spec_.height > 0)
      panel_height_ =
          (spec_.height - above - below - (rows_ - 1) * row_gap) / rows_ - title * u - x_axis;
    else
      panel_height_ = panel_width_ * shape;
    if (spec_.width == 0 && spec_.height > 0) panel_width_ = panel_height_ / shape;
    if (panel_width_ < 24 || panel_height_ < 24)
      fail_usage("the picture is too small for " + std::to_string(spec_.panels) +
                 (spec_.panels == 1 ? " panel" : " panels") + "; give a larger " + setting("size"));
    panel_width_ = std::floor(panel_width_);
    panel_height_ = std::floor(panel_height_);
    if (!spec_.alike) continue;
    const double x_unit = spec_.x.interval.length() / panel_width_;
    const double y_unit = spec_.y.interval.length() / panel_height_;
    if (x_unit < y_unit && !spec_.fixed_x)
      spec_.x.interval = widened(spec_.x.interval, (y_unit / x_unit - 1) / 2);
    if (y_unit < x_unit && !spec_.fixed_y)
      spec_.y.interval = widened(spec_.y.interval, (x_unit / y_unit - 1) / 2);
  }
  const double wide = left + panels_width() + right;
  const double row_height = title * u + panel_height_ + x_axis;
  const double tall = above + rows_ * row_height + (rows_ - 1) * row_gap + below;
  const int width = spec_.width > 0 ? spec_.width : static_cast<int>(std::ceil(wide));
  const int height = spec_.height > 0 ? spec_.height : static_cast<int>(std::ceil(tall));
  if (width > largest_picture || height > largest_picture)
    fail_usage("a picture of " + std::to_string(spec_.panels) + " panels would be " +
               std::to_string(width) + "x" + std::to_string(height) + "; give " + setting("size"));
  canvas_.emplace(width, height, spec_.format, spec_.paper);
  frames_.clear();
  for (int panel = 0; panel < spec_.panels; ++panel) {
    const int column = panel % columns_, row = panel / columns_;
    const double x = std::floor(left + column * (panel_width_ + column_gap * u));
    const double y = std::floor(above + row * (row_height + row_gap) + title * u);
    frames_.push_back({{x, y, x + panel_width_, y + panel_height_}, spec_.x, spec_.y, u});
    if (!spec_.stacked_y.empty())
      frames_.back().y = {spec_.stacked_y[static_cast<std::size_t>(panel)], false};
  }
}

void Figure::enter(int panel) { canvas_->clip(frame(panel).box); }

void Figure::draw_grid(const Frame& each) {
  const double thin = std::max(1.0, std::round(unit_));
  const Box& box = each.box;
  for (const Tick& tick : x_ticks(each)) {
    const double x = std::floor(each.at(tick.value, each.y.interval.low).x - thin / 2 + 0.5);
    if (!tick.label.empty()) canvas_->rectangle({x, box.top, x + thin, box.bottom}, faint_ink);
  }
  for (const Tick& tick : y_ticks(each)) {
    const double y = std::floor(each.at(each.x.interval.low, tick.value).y - thin / 2 + 0.5);
    if (!tick.label.empty()) canvas_->rectangle({box.left, y, box.right, y + thin}, faint_ink);
  }
}

void Figure::draw_axes(int panel) {
  const double u = unit_, size = text_size * u;
  const Frame& f = frame(panel);
  const Box box = f.box;
  const bool leftmost = panel % columns_ == 0, lowest = panel + columns_ >= spec_.panels;
  const bool rightmost = panel % columns_ == columns_ - 1;
  // A wide label at the last tick must stay on the page, and labels at both ends must not run into
  // those of the next panel.
  const double room = 0.4 * column_gap * u;
  std::optional<Interval> label_room;
  if (lowest)
    label_room = {leftmost ? 2 * u : box.left - room,
                  rightmost ? canvas_->width() - 2 * u : box.right + room};
  draw_x_axis(&*canvas_, f, label_room);
  draw_y_axis(&*canvas_, f, leftmost ? TickLabels::printed : TickLabels::none);
  draw_border(&*canvas_, box, u);
  if (!spec_.titles.empty())
    draw_text(&*canvas_, spec_.titles[static_cast<std::size_t>(panel)],
              {(box.left + box.right) / 2, box.top - label_gap * u},
              {size, Align::centre, false, box.width()});
  if (!spec_.x_label.empty() && lowest)
    draw_text(&*canvas_, spec_.x_label,
              {(box.left + box.right) / 2,
               box.bottom + (tick_length + tick_gap + label_gap) * u + 2 * size},
              {size, Align::centre, false, box.width()});
  if (!spec_.y_label.empty() && leftmost)
    draw_text(&*canvas_, spec_.y_label, {padding * u + size, (box.top + box.bottom) / 2},
              {size, Align::centre, true, box.height()});
}

void Figure::draw_bar(const ColourBar& bar) {
  const double u = unit_, size = text_size * u, thin = std::max(1.0, std::round(u));
  const Box last = frame(columns_ - 1).box;
  const double left = std::floor(last.right + bar_gap * u);
  const Box box = {left, last.top, left + std::floor(bar_width * u), last.bottom};
  Raster colours(1, canvas_->resolution() * static_cast<int>(box.height()));
  for (int y = 0; y < colours.height(); ++y)
    colours.set(0, y, ramp((colours.height() - 0.5 - y) / colours.height()));
  canvas_->image(box, colours);
  const int most = std::clamp(static_cast<int>(box.height() / (50 * u)), 1, 8);
  for (const Tick& tick : printed_ticks(bar.scale, most)) {
    const double middle = box.bottom - bar.scale.fraction(tick.value) * box.height();
    const double y = std::floor(middle - thin / 2 + 0.5);
    const double length = (tick.label.empty() ? 0.55 : 1) * tick_length * u;
    canvas_->rectangle({box.right, y, box.right + length, y + thin}, ink);
    draw_text(&*canvas_, tick.label,
              {box.right + (tick_length + tick_gap) * u, y + thin / 2 + size / 2},
              {size, Align::left, false, bar_label_room * u});
  }
  draw_border(&*canvas_, box, u);
  draw_text(&*canvas_, bar.label, {canvas_->width() - padding * u, (box.top + box.bottom) / 2},
            {size, Align::centre, true, box.height()});
}

void Figure::draw_heading() {
  const double left = frame(0).box.left, right = frame(columns_ - 1).box.right, u = unit_;
  double top = padding * u;
  if (!spec_.heading.empty()) {
    const double size = heading_size * u, room = canvas_->width() - 2 * padding * u;
    draw_text(&*canvas_, spec_.heading, {(left + right) / 2, top + size},
              {size, Align::centre, false, room});
    top += (heading_size + 11) * u;
  }
  draw_legend(&*canvas_, {left, top, right, top}, u, spec_.legend);
}

void Figure::complete(const std::optional<ColourBar>& bar) {
  canvas_->clip_nothing();
  for (int panel = 0; panel < spec_.panels; ++panel) draw_axes(panel);
  if (bar) draw_bar(*bar);
  draw_heading();
}

std::vector<std::byte> Figure::finish(const std::optional<ColourBar>& bar) {
  complete(bar);
  return canvas_->bytes();
}

}  // namespace pushforward
