// Training curves and histograms of one column.
#include <algorithm>
#include <cmath>
#include <utility>

#include "base/error.hpp"
#include "plot/plot.hpp"
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

}  // namespace

std::vector<std::byte> draw_curves(const PlotOptions& options,
                                   std::vector<ContainerReader> containers) {
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
    names.push_back(title_of(curves.name));
    const std::vector<double> more = shown_values(curves, options.log);
    if (more.empty()) fail_invalid(curves.name + ": no loss is above 0, so --log can show none");
    values.insert(values.end(), more.begin(), more.end());
    steps.insert(steps.end(), curves.step.begin(), curves.step.end());
  }
  const auto [least, most] = std::minmax_element(steps.begin(), steps.end());
  spec.x.interval = widened({std::min(0.0, *least), *most}, 0);
  spec.y.interval = loss_interval(values, options.log);
  choose_range(options.x, false, &spec.x);
  choose_range(options.y, options.log, &spec.y);
  set_titles_and_page(options, names, &spec);
  spec.x_label = "step";
  spec.y_label = "loss";
  spec.grid = true;
  Figure figure(spec);
  for (std::size_t i = 0; i < all.size(); ++i) {
    const int panel = static_cast<int>(i);
    const Frame& frame = figure.frame(panel);
    figure.enter(panel);
    draw_curve(&figure.canvas(), frame, all[i].step, all[i].loss, series_colour(0));
    std::vector<LegendEntry> legend = {{"training", series_colour(0)}};
    if (measured(all[i].validation)) {
      draw_curve(&figure.canvas(), frame, all[i].step, all[i].validation, series_colour(1));
      legend.push_back({"validation", series_colour(1)});
    }
    draw_legend(&figure.canvas(), frame, legend);
  }
  return figure.finish();
}

std::vector<std::byte> draw_histograms(const PlotOptions& options,
                                       std::vector<ContainerReader> containers) {
  std::vector<PlaneRows> all;
  FigureSpec spec;
  std::vector<std::string> names;
  for (ContainerReader& container : containers) {
    all.push_back(read_one_column(RowReader(std::move(container)), options.columns));
    names.push_back(title_of(all.back().name));
    std::vector<double> x = all.back().x;
    const Interval range = robust_interval(&x);
    spec.x.interval = all.size() == 1 ? range : join(spec.x.interval, range);
  }
  choose_range(options.x, false, &spec.x);
  std::vector<Histogram> bars;
  double most = 0, least = 1e300;
  int bins = 1;
  for (const PlaneRows& rows : all) bins = std::max(bins, histogram_bins(rows.x, spec.x.interval));
  for (const PlaneRows& rows : all) {
    bars.push_back(histogram(rows.x, spec.x.interval, bins));
    for (const double height : bars.back().heights) {
      most = std::max(most, height);
      if (height > 0) least = std::min(least, height);
    }
  }
  if (!(most > 0)) fail_invalid(all[0].name + ": no row lies in the range; give another --range");
  spec.y.interval = options.log ? Interval{least / 2, 2 * most} : Interval{0, 1.06 * most};
  choose_range(options.y, options.log, &spec.y);
  set_titles_and_page(options, names, &spec);
  spec.x_label = options.columns.x < 0 ? "" : "column " + std::to_string(options.columns.x);
  const std::string& name = all[0].x_name;
  if (!name.empty() && std::all_of(all.begin(), all.end(),
                                   [&](const PlaneRows& rows) { return rows.x_name == name; }))
    spec.x_label = name;
  spec.y_label = "density";
  spec.grid = true;
  Figure figure(spec);
  for (std::size_t i = 0; i < bars.size(); ++i) {
    const int panel = static_cast<int>(i);
    figure.enter(panel);
    draw_bars(&figure.canvas(), figure.frame(panel), bars[i].edges, bars[i].heights,
              series_colour(0));
  }
  return figure.finish();
}

}  // namespace pushforward
