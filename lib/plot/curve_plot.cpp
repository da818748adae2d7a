// Training curves.
#include <algorithm>
#include <cmath>
#include <utility>

#include "base/error.hpp"
#include "plot/kinds.hpp"
#include "plot/layers.hpp"
#include "plot/training_curves.hpp"

namespace pushforward {
namespace {

constexpr double largest_shown = 1e100;

std::vector<double> shown_values(const TrainingCurves& curves, bool log) {
  std::vector<double> values;
  for (const std::vector<double>* part : {&curves.loss, &curves.validation})
    for (const double value : *part)
      if (std::isfinite(value) && std::abs(value) < largest_shown && (!log || value > 0))
        values.push_back(value);
  return values;
}

// From the smallest to the largest value. The steep fall of the first steps is cut off where it
// would flatten the rest.
Interval loss_interval(std::vector<double> values, bool log) {
  std::sort(values.begin(), values.end());
  const double low = values.front(), high = values.back();
  if (log) {
    const double ratio = std::max(high / low, 1.05);
    return {low / std::pow(ratio, 0.04), low * std::pow(ratio, 1.04)};
  }
  const double typical = values[9 * (values.size() - 1) / 10];
  return widened({low, std::min(high, low + 4 * (typical - low) + 0.02 * (high - low))}, 0.04);
}

bool measured(const std::vector<double>& values) {
  return std::any_of(values.begin(), values.end(), [](double v) { return std::isfinite(v); });
}

// The curves of one run. Where several runs share a panel, each has its colour, and its validation
// is dashed.
struct RunStyle {
  Colour training, validation;
  LineStyle validation_line = LineStyle::solid;
};

RunStyle style_of(bool shared, std::size_t run) {
  const Colour own = series_colour(static_cast<long>(run));
  if (shared) return {own, own, LineStyle::dashed};
  return {series_colour(0), series_colour(1), LineStyle::solid};
}

void draw_run(Canvas* canvas, const Frame& frame, const TrainingCurves& curves,
              const RunStyle& style) {
  draw_curve(canvas, frame, curves.step, curves.loss, style.training);
  // From one validation to the next; steps between them that were not measured are no gap.
  std::vector<double> step, validation;
  for (std::size_t i = 0; i < curves.step.size(); ++i) {
    if (std::isnan(curves.validation[i])) continue;
    step.push_back(curves.step[i]);
    validation.push_back(curves.validation[i]);
  }
  draw_curve(canvas, frame, step, validation, style.validation, style.validation_line);
}

// A panel with several runs names each, and what dashes are.
std::vector<LegendEntry> legend_of(const std::vector<TrainingCurves>& all,
                                   const std::vector<std::string>& names) {
  const bool validated = std::any_of(all.begin(), all.end(), [](const TrainingCurves& curves) {
    return measured(curves.validation);
  });
  std::vector<LegendEntry> legend;
  if (names.empty()) {
    legend.push_back({"training", series_colour(0), Key::line});
    if (validated) legend.push_back({"validation", series_colour(1), Key::line});
    return legend;
  }
  for (std::size_t i = 0; i < names.size(); ++i)
    legend.push_back({names[i], series_colour(static_cast<long>(i)), Key::line});
  if (validated) legend.push_back({"validation", ink, Key::dashed_line});
  return legend;
}

}  // namespace

std::vector<std::byte> draw_curves(const PlotOptions& options, Containers containers) {
  std::vector<TrainingCurves> all;
  auto container = containers.begin();
  for (const std::string& input : options.inputs) {
    // Inputs that are text were not opened as containers; the containers are those of the others.
    const bool table = containers.size() < options.inputs.size() && is_training_table(input);
    all.push_back(table ? read_training_table(input) : read_training_curves(*container++));
  }
  FigureSpec spec;
  std::vector<std::string> names;
  std::vector<double> values, steps;
  for (const TrainingCurves& curves : all) {
    names.push_back(curves.name);
    const std::vector<double> more = shown_values(curves, options.log);
    if (more.empty())
      fail_invalid(curves.name + ": no loss is above 0, so " + setting("log") + " can show none");
    values.insert(values.end(), more.begin(), more.end());
    steps.insert(steps.end(), curves.step.begin(), curves.step.end());
  }
  const auto [least, most] = std::minmax_element(steps.begin(), steps.end());
  spec.x.interval = widened({std::min(0.0, *least), *most}, 0);
  spec.x.interval.high += 0.015 * spec.x.interval.length();  // for the last points
  spec.y.interval = loss_interval(values, options.log);
  choose_range(options.x, false, &spec.x);
  choose_range(options.y, options.log, &spec.y);
  const bool shared = options.overlay;
  spec.legend = legend_of(all, shared ? names_of_sets(options, names) : std::vector<std::string>());
  set_titles_and_page(options, shared ? std::vector<std::string>(1) : names_of_files(names), &spec);
  spec.x_label = "step";
  spec.y_label = "loss";
  spec.grid = true;
  Figure figure(spec);
  for (std::size_t i = 0; i < all.size(); ++i) {
    const int panel = shared ? 0 : static_cast<int>(i);
    figure.enter(panel);
    draw_run(&figure.canvas(), figure.frame(panel), all[i], style_of(shared, i));
  }
  return figure.finish();
}

}  // namespace pushforward
