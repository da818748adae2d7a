// Scatter plots, histograms of the plane, densities and scores: panels that share one plane.
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <utility>

#include "base/error.hpp"
#include "plot/kinds.hpp"
#include "plot/labels.hpp"
#include "plot/plane_model.hpp"

namespace pushforward {
namespace {

constexpr double arrow_cell = 19;  // units

struct Plane {
  std::vector<PlaneRows> rows;
  std::vector<PlaneModel> models;
  std::string kind;
  std::vector<bool> counted;  // rows that are drawn as a histogram
};

std::pair<Interval, Interval> range_of(const PlotOptions& options, const Plane& plane,
                                       Workers* workers) {
  std::pair<Interval, Interval> range;
  bool first = true;
  const auto add = [&](const std::pair<Interval, Interval>& more) {
    range = first ? more
                  : std::make_pair(join(range.first, more.first), join(range.second, more.second));
    first = false;
  };
  if (options.x && options.y) return {*options.x, *options.y};
  for (const PlaneRows& rows : plane.rows) {
    std::vector<double> x = rows.x, y = rows.y;
    const Interval across = robust_interval(&x);
    add({across, robust_interval(&y)});
  }
  if (first)
    for (const PlaneModel& model : plane.models) add(model.range(workers));
  return range;
}

std::string model_title(const PlaneModel& model) {
  if (!(model.sigma() > 0)) return title_of(model.name());
  char sigma[32];
  std::snprintf(sigma, sizeof sigma, ", sigma %.3g", model.sigma());
  return title_of(model.name()) + sigma;
}

// The name of a column if it is the same in all inputs; else its number, if columns were chosen.
std::string column_label(const PlotOptions& options, const std::vector<PlaneRows>& rows,
                         std::string PlaneRows::*name, std::size_t PlaneRows::*column) {
  const PlaneRows& first = rows[0];
  const bool agree = std::all_of(rows.begin(), rows.end(), [&](const PlaneRows& each) {
    return each.*name == first.*name && each.*column == first.*column;
  });
  if (agree && !(first.*name).empty()) return first.*name;
  return options.columns.chosen() ? "column " + std::to_string(first.*column) : "";
}

// Cells of a histogram along the longer side of a panel: more for more rows.
int histogram_cells(const Plane& plane) {
  std::size_t most = 1;
  for (const PlaneRows& rows : plane.rows) most = std::max(most, rows.x.size());
  return static_cast<int>(std::clamp(0.45 * std::sqrt(static_cast<double>(most)), 24.0, 160.0));
}

int cells_in(double length, double cell) {
  return std::max(1, static_cast<int>(std::lround(length / cell)));
}

ScalarField length_of(const ScalarField& x, const ScalarField& y) {
  ScalarField result = x;
  for (std::size_t i = 0; i < result.values.size(); ++i)
    result.values[i] = std::hypot(x.values[i], y.values[i]);
  return result;
}

void draw_rows(Figure* figure, int panel, const PlaneRows& rows, Colour colour,
               Rim rim = Rim::none) {
  figure->enter(panel);
  draw_points(&figure->canvas(), figure->frame(panel), rows.x, rows.y, rows.label, colour, rim);
}

std::vector<ScalarField> histograms_of(const Plane& plane, const Frame& frame) {
  std::vector<ScalarField> fields(plane.rows.size());
  const double cell = std::max(frame.box.width(), frame.box.height()) / histogram_cells(plane);
  const int columns = cells_in(frame.box.width(), cell);
  const int rows = cells_in(frame.box.height(), cell);
  for (std::size_t i = 0; i < plane.rows.size(); ++i)
    if (plane.counted[i])
      fields[i] = histogram_2d(plane.rows[i], frame.x.interval, frame.y.interval, columns, rows);
  return fields;
}

// Colours, one scale for all panels, and where rows are drawn over them.
ColourBar draw_densities(const PlotOptions& options, const Plane& plane, int first_model,
                         Workers* workers, Figure* figure) {
  const Frame& frame = figure->frame(0);
  const std::vector<ScalarField> counts = histograms_of(plane, frame);
  std::vector<ScalarField> densities;
  for (const PlaneModel& model : plane.models)
    densities.push_back(model.density(
        frame.x.interval, frame.y.interval,
        std::min(model.finest_grid(), static_cast<int>(frame.box.width())),
        std::min(model.finest_grid(), static_cast<int>(frame.box.height())), workers));
  std::vector<const ScalarField*> all;
  for (const ScalarField& field : counts) all.push_back(&field);
  for (const ScalarField& field : densities) all.push_back(&field);
  const std::string whose = plane.models.empty() ? plane.rows[0].name : plane.models[0].name();
  ColourBar bar = {colour_scale(all, options.log, whose + ": the density"), "density"};
  for (std::size_t i = 0; i < counts.size(); ++i) {
    if (!plane.counted[i]) continue;
    const int panel = static_cast<int>(i);
    figure->enter(panel);
    draw_field(&figure->canvas(), figure->frame(panel), counts[i], bar.scale, Shading::cells);
  }
  for (std::size_t i = 0; i < densities.size(); ++i) {
    const int panel = first_model + static_cast<int>(i);
    figure->enter(panel);
    draw_field(&figure->canvas(), figure->frame(panel), densities[i], bar.scale, Shading::smooth);
    if (options.overlay)
      for (const PlaneRows& rows : plane.rows)
        draw_rows(figure, panel, rows, white, rows.label.empty() ? Rim::none : Rim::light);
  }
  return bar;
}

ColourBar draw_scores(const PlotOptions& options, const Plane& plane, int first_model,
                      Workers* workers, Figure* figure) {
  const Frame& frame = figure->frame(0);
  const double cell = arrow_cell * frame.unit;
  const int columns = cells_in(frame.box.width(), cell);
  const int rows = cells_in(frame.box.height(), cell);
  std::vector<std::pair<ScalarField, ScalarField>> scores;
  std::vector<ScalarField> lengths;
  for (const PlaneModel& model : plane.models) {
    scores.push_back(model.score(frame.x.interval, frame.y.interval, columns, rows, workers));
    lengths.push_back(length_of(scores.back().first, scores.back().second));
  }
  std::vector<const ScalarField*> all;
  for (const ScalarField& field : lengths) all.push_back(&field);
  ColourBar bar = {colour_scale(all, options.log, plane.models[0].name() + ": the score"),
                   "length of the score"};
  bar.scale.interval.high *= 1.2;  // the ramp's palest end would not show on white
  for (std::size_t i = 0; i < scores.size(); ++i) {
    const int panel = first_model + static_cast<int>(i);
    if (options.overlay)
      for (const PlaneRows& each : plane.rows) draw_rows(figure, panel, each, {0.55f, 0.6f, 0.68f});
    figure->enter(panel);
    draw_arrows(&figure->canvas(), figure->frame(panel), scores[i].first, scores[i].second,
                bar.scale);
  }
  return bar;
}

}  // namespace

std::vector<std::byte> draw_plane(const PlotOptions& options, Containers containers) {
  Plane plane;
  plane.kind = options.kind;
  for (const std::string& location : options.models) {
    plane.models.emplace_back(ContainerReader(location), options.model_label);
    plane.models.back().set_sigma(options.sigma, options.kind == "density");
    if (plane.kind.empty() && !plane.models.back().has_density()) plane.kind = "score";
  }
  if (plane.kind.empty()) plane.kind = "density";
  for (ContainerReader& container : containers)
    plane.rows.push_back(read_plane_rows(RowReader(std::move(container)), options.columns));
  containers.clear();
  Workers workers(options.threads);  // after files are read, which may fork

  FigureSpec spec;
  if (!plane.rows.empty()) {
    spec.x_label = column_label(options, plane.rows, &PlaneRows::x_name, &PlaneRows::x_column);
    spec.y_label = column_label(options, plane.rows, &PlaneRows::y_name, &PlaneRows::y_column);
  }
  std::tie(spec.x.interval, spec.y.interval) = range_of(options, plane, &workers);
  const bool over_models = options.overlay && !plane.models.empty();
  if (options.overlay && !over_models)  // one panel for all
    plane.rows = {mixed_sets(plane.rows, names_of_sets(options, options.inputs))};
  spec.legend = colour_labels(&plane.rows);
  bool coloured = !plane.models.empty();
  for (const PlaneRows& rows : plane.rows) {
    const bool many = plane.kind == "density" && rows.x.size() > crowded_rows && rows.label.empty();
    plane.counted.push_back(!over_models && (plane.kind == "hist2d" || many));
    coloured = coloured || plane.counted.back();
  }
  std::vector<std::string> names;
  if (!over_models)
    for (const PlaneRows& rows : plane.rows) names.push_back(title_of(rows.name));
  const int first_model = static_cast<int>(names.size());
  for (const PlaneModel& model : plane.models) names.push_back(model_title(model));
  if (first_model > 0 && !plane.models.empty())
    for (std::size_t i = 0; i < names.size(); ++i)
      names[i] += i < plane.rows.size() ? ": " + std::to_string(plane.rows[i].x.size()) + " rows"
                                        : ": " + plane.kind;
  set_titles_and_page(options, names, &spec);
  if (names.size() == 1 && options.titles.empty() && !plane.models.empty() &&
      plane.models[0].sigma() > 0)
    spec.titles = names;  // says the noise level
  spec.alike = true;
  spec.fixed_x = spec.fixed_y = options.x.has_value();
  spec.colour_bar = coloured;
  Figure figure(spec);
  std::optional<ColourBar> bar;
  if (plane.kind == "score")
    bar = draw_scores(options, plane, first_model, &workers, &figure);
  else if (coloured)
    bar = draw_densities(options, plane, first_model, &workers, &figure);
  for (std::size_t i = 0; i < plane.rows.size(); ++i)
    if (!over_models && !plane.counted[i])
      draw_rows(&figure, static_cast<int>(i), plane.rows[i], series_colour(0));
  return figure.finish(bar);
}

}  // namespace pushforward
