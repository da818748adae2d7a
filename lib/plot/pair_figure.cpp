#include "plot/pair_figure.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "base/error.hpp"
#include "plot/figure.hpp"
#include "plot/text.hpp"

namespace pushforward {
namespace {

constexpr double gap = 8;                            // between panels, in units
constexpr double smallest_side = 24;                 // of a panel, in pixels
constexpr double least_side = 130, most_side = 220;  // of a panel in a picture of its own size
constexpr double usual_side = 840;                   // of all panels together

}  // namespace

PairFigure::PairFigure(PairSpec spec) : spec_(std::move(spec)), count_(spec_.names.size()) {
  const double sides = static_cast<double>(count_);
  panel_width_ = panel_height_ = std::clamp(usual_side / sides, least_side, most_side);
  if (spec_.width > 0 || spec_.height > 0) {
    const double natural = sides * (panel_width_ + gap) + 70;
    const double wide = spec_.width > 0 ? spec_.width / natural : 1e9;
    const double tall = spec_.height > 0 ? spec_.height / natural : 1e9;
    unit_ = readable_unit(std::min(wide, tall), spec_.format, spec_.paper);
  }
  lay_out();
}

double PairFigure::labels_width() const {
  double width = 0;
  for (std::size_t row = 1; row < count_; ++row)
    width = std::max(width, widest_label(y_ticks(frame(row, 0)), unit_));
  return width;
}

void PairFigure::lay_out() {
  const double u = unit_, sides = static_cast<double>(count_), gaps = (sides - 1) * gap * u;
  const double below = (padding + tick_length + tick_gap + text_size + label_gap + text_size) * u;
  const double right = (padding + 8) * u;
  double side = panel_width_ * u;
  panel_width_ = panel_height_ = std::floor(side);
  // The legend's height and the tick labels depend on the size of the panels.
  for (int pass = 0; pass < 3; ++pass) {
    left_ =
        std::ceil((padding + text_size + label_gap + tick_gap + tick_length) * u + labels_width());
    top_ = (padding + 3 + (spec_.heading.empty() ? 0 : heading_size + 11)) * u;
    if (!corner()) top_ += legend_height(spec_.legend, u, sides * panel_width_ + gaps);
    top_ = std::ceil(top_);
    if (spec_.width > 0) panel_width_ = std::floor((spec_.width - left_ - right - gaps) / sides);
    if (spec_.height > 0) panel_height_ = std::floor((spec_.height - top_ - below - gaps) / sides);
    if (spec_.width == 0 && spec_.height > 0) panel_width_ = panel_height_;
    if (spec_.height == 0 && spec_.width > 0) panel_height_ = panel_width_;
    if (panel_width_ < smallest_side || panel_height_ < smallest_side)
      fail_usage("the picture is too small for " + std::to_string(count_) +
                 " columns; give a larger " + setting("size"));
  }
  const double wide = left_ + sides * panel_width_ + gaps + right;
  const double tall = top_ + sides * panel_height_ + gaps + below;
  const int width = spec_.width > 0 ? spec_.width : static_cast<int>(std::ceil(wide));
  const int height = spec_.height > 0 ? spec_.height : static_cast<int>(std::ceil(tall));
  if (width > largest_picture || height > largest_picture)
    fail_usage("a picture of " + std::to_string(count_) + " columns would be " +
               std::to_string(width) + "x" + std::to_string(height) + "; give " + setting("size"));
  canvas_.emplace(width, height, spec_.format, spec_.paper);
}

Frame PairFigure::frame(std::size_t up, std::size_t across) const {
  const double x = std::floor(left_ + static_cast<double>(across) * (panel_width_ + gap * unit_));
  const double y = std::floor(top_ + static_cast<double>(up) * (panel_height_ + gap * unit_));
  const Interval vertical = up == across ? Interval{0, 1} : spec_.intervals[up];
  return {{x, y, x + panel_width_, y + panel_height_},
          {spec_.intervals[across], false},
          {vertical, false},
          unit_};
}

Frame PairFigure::enter(std::size_t up, std::size_t across) {
  const Frame panel = frame(up, across);
  canvas_->clip(panel.box);
  return panel;
}

std::optional<Box> PairFigure::corner() const {
  if (spec_.upper || spec_.legend.empty()) return std::nullopt;
  const Box box = {frame(0, 1).box.left, top_, frame(0, count_ - 1).box.right,
                   top_ + panel_height_};
  double widest = 0;
  for (const LegendEntry& entry : spec_.legend)
    widest = std::max(widest, text_width(entry.text, text_size * unit_) + 28 * unit_);
  if (widest > box.width() || legend_height(spec_.legend, unit_, box.width()) > box.height())
    return std::nullopt;
  return box;
}

void PairFigure::draw_axes(std::size_t up, std::size_t across) {
  const Frame panel = frame(up, across);
  const double u = unit_, room = 0.4 * gap * u;
  std::optional<Interval> label_room;
  if (up + 1 == count_)
    label_room = {across == 0 ? 2 * u : panel.box.left - room,
                  across + 1 == count_ ? canvas_->width() - 2 * u : panel.box.right + room};
  draw_x_axis(&*canvas_, panel, label_room);
  // A density has no numbers of its own: areas are 1.
  if (up != across)
    draw_y_axis(&*canvas_, panel, across == 0 ? TickLabels::printed : TickLabels::none);
  draw_border(&*canvas_, panel.box, u);
}

void PairFigure::draw_names() {
  const double u = unit_, size = text_size * u;
  for (std::size_t column = 0; column < count_; ++column) {
    const Box below = frame(count_ - 1, column).box, beside = frame(column, 0).box;
    draw_text(&*canvas_, spec_.names[column],
              {(below.left + below.right) / 2,
               below.bottom + (tick_length + tick_gap + label_gap) * u + 2 * size},
              {size, Align::centre, false, below.width()});
    // The first panel's axis is a density.
    draw_text(&*canvas_, column == 0 ? "density" : spec_.names[column],
              {padding * u + size, (beside.top + beside.bottom) / 2},
              {size, Align::centre, true, beside.height()});
  }
  if (spec_.heading.empty()) return;
  const double heading = heading_size * u;
  draw_text(&*canvas_, spec_.heading, {canvas_->width() / 2.0, padding * u + heading},
            {heading, Align::centre, false, canvas_->width() - 2 * padding * u});
}

std::vector<std::byte> PairFigure::finish() {
  canvas_->clip_nothing();
  for (std::size_t up = 0; up < count_; ++up)
    for (std::size_t across = 0; across < (spec_.upper ? count_ : up + 1); ++across)
      draw_axes(up, across);
  draw_names();
  const Box all = {frame(0, 0).box.left, 0, frame(0, count_ - 1).box.right, top_};
  const double height = legend_height(spec_.legend, unit_, all.width());
  draw_legend(&*canvas_, corner().value_or(Box{all.left, top_ - height, all.right, top_}), unit_,
              spec_.legend);
  return canvas_->bytes();
}

}  // namespace pushforward
