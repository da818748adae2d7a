// Pair plots: the columns of sets of rows one by one on the diagonal, and two by two below it;
// above it those of a model.
#include <algorithm>
#include <cmath>
#include <optional>
#include <utility>

#include "base/error.hpp"
#include "plot/column_names.hpp"
#include "plot/kinds.hpp"
#include "plot/layers.hpp"
#include "plot/model_marginals.hpp"
#include "plot/pair_figure.hpp"

namespace pushforward {
namespace {

constexpr std::size_t max_columns = 8, max_sets = series_colours;
// More rows of one set than these are counted in cells.
constexpr std::size_t crowded_points = 5000;
// Of more points in a small panel, every k-th row is drawn.
constexpr std::size_t max_points = 8000;
constexpr int model_cells = 96;  // of an exact density

struct PairSet {
  std::string name;                         // of the file
  std::size_t numbers = 0;                  // of a row
  std::vector<std::size_t> columns;         // those that are drawn
  std::vector<std::string> names;           // of each of them
  std::vector<std::vector<double>> values;  // of each of them
};

// The columns that are drawn, of rows of `count` numbers.
std::vector<std::size_t> chosen_columns(const PlotOptions& options,
                                        const std::vector<std::string>& names, std::size_t count,
                                        const std::string& file) {
  std::vector<std::size_t> columns;
  for (const std::string& wanted : options.column_list)
    columns.push_back(column_place(wanted, names, count, file, "columns"));
  if (columns.empty())
    for (std::size_t column = 0; column < count; ++column) columns.push_back(column);
  if (columns.size() < 2)
    fail_invalid(file + ": a pair plot is of two columns or more; " + setting("kind") +
                 " hist draws one");
  if (columns.size() > max_columns)
    fail_invalid(file + ": " + std::to_string(columns.size()) + " columns; a pair plot is of " +
                 std::to_string(max_columns) + " at most, choose them with " + setting("columns") +
                 ", such as " + setting("columns") + " 0,1,2");
  return columns;
}

PairSet read_set(const PlotOptions& options, ContainerReader container) {
  const RowReader reader(std::move(container));
  const std::vector<std::string> names = column_names(reader, reader.columns());
  PairSet set;
  set.name = reader.container().name();
  set.numbers = reader.columns();
  set.columns = chosen_columns(options, names, set.numbers, set.name);
  for (const std::size_t column : set.columns) set.names.push_back(column_title(names, column));
  set.values = read_row_columns(reader, set.columns);
  return set;
}

struct Pairs {
  std::vector<PairSet> sets;
  std::optional<ModelMarginals> model;
  std::vector<std::size_t> model_columns;
  PairSpec spec;
};

// Whether points are counted: those of several sets would hide one another as cells.
bool counted(const Pairs& pairs) {
  return pairs.sets.size() == 1 && pairs.sets[0].values[0].size() > crowded_points;
}

void choose_axes(Pairs* pairs) {
  PairSpec& spec = pairs->spec;
  for (std::size_t c = 0; c < spec.names.size(); ++c) {
    std::optional<Interval> range;
    for (const PairSet& set : pairs->sets) {
      std::vector<double> values = set.values[c];
      const Interval own = robust_interval(&values);
      range = range ? join(*range, own) : own;
    }
    if (!range) range = range_of(*pairs->model, pairs->model_columns[c]);
    spec.intervals.push_back(*range);
  }
}

void draw_diagonal(const Pairs& pairs, std::size_t column, PairFigure* figure) {
  const Interval& range = pairs.spec.intervals[column];
  int bins = pairs.sets.empty() ? 40 : 1;
  for (const PairSet& set : pairs.sets)
    bins = std::max(bins, histogram_bins(set.values[column], range));
  std::vector<Histogram> bars;
  double most = 0;
  for (const PairSet& set : pairs.sets) {
    bars.push_back(histogram(set.values[column], range, bins));
    for (const double height : bars.back().heights) most = std::max(most, height);
  }
  Outline line;
  if (pairs.model) line = marginal(*pairs.model, pairs.model_columns[column], range, bins);
  for (const double height : line.y) most = std::max(most, height);
  if (!(most > 0)) return;
  const Frame panel = figure->enter(column, column);
  for (std::size_t i = 0; i < bars.size(); ++i) {
    for (double& height : bars[i].heights) height /= 1.08 * most;
    draw_bars(&figure->canvas(), panel, bars[i].edges, bars[i].heights,
              series_colour(static_cast<long>(i)));
  }
  for (double& height : line.y) height /= 1.08 * most;
  Polyline outline;
  for (std::size_t i = 0; i < line.x.size(); ++i) outline.push_back(panel.at(line.x[i], line.y[i]));
  if (pairs.model) figure->canvas().lines({outline}, 1.5 * panel.unit, ink);
}

void draw_cells(const ScalarField& field, const Frame& panel, Shading shading, Canvas* canvas) {
  const double most = *std::max_element(field.values.begin(), field.values.end());
  if (most > 0) draw_field(canvas, panel, field, {{0, most}, false}, shading);
}

void draw_below(const Pairs& pairs, std::size_t up, std::size_t across, PairFigure* figure) {
  const Frame panel = figure->enter(up, across);
  std::size_t rows = 0;
  for (const PairSet& set : pairs.sets) rows += set.values[0].size();
  const std::size_t every = counted(pairs) ? 1 : (rows + max_points - 1) / max_points;
  std::vector<PlaneRows> sets;
  for (const PairSet& set : pairs.sets) {
    sets.emplace_back();
    for (std::size_t row = 0; row < set.values[0].size(); row += every) {
      sets.back().x.push_back(set.values[across][row]);
      sets.back().y.push_back(set.values[up][row]);
    }
  }
  if (counted(pairs)) {
    const double root = std::sqrt(static_cast<double>(rows));
    const int cells = static_cast<int>(std::clamp(0.4 * root, 24.0, 80.0));
    draw_cells(histogram_2d(sets[0], panel.x.interval, panel.y.interval, cells, cells), panel,
               Shading::cells, &figure->canvas());
    return;
  }
  const PlaneRows all = mixed_sets(sets, {});
  draw_points(&figure->canvas(), panel, all.x, all.y, all.label, series_colour(0));
}

void draw_model(const Pairs& pairs, std::size_t up, std::size_t across, PairFigure* figure) {
  const Frame panel = figure->enter(up, across);
  const ModelMarginals& model = *pairs.model;
  draw_cells(marginal(model, pairs.model_columns[across], pairs.model_columns[up], panel.x.interval,
                      panel.y.interval, model.exact() ? model_cells : 48),
             panel, model.exact() ? Shading::smooth : Shading::cells, &figure->canvas());
}

std::vector<PairSet> read_sets(const PlotOptions& options, Containers containers) {
  if (containers.size() > max_sets)
    fail_usage("a pair plot is of " + std::to_string(max_sets) + " sets of rows at most");
  std::vector<PairSet> sets;
  for (ContainerReader& container : containers) {
    sets.push_back(read_set(options, std::move(container)));
    if (sets.back().columns.size() != sets[0].columns.size())
      fail_invalid(sets.back().name + ": rows of " + std::to_string(sets.back().numbers) +
                   " numbers, where " + sets[0].name + " has " + std::to_string(sets[0].numbers) +
                   "; choose columns with " + setting("columns"));
  }
  return sets;
}

// The columns of the model are those of the rows.
void read_model(const PlotOptions& options, Pairs* pairs) {
  if (options.models.empty()) return;
  if (options.models.size() > 1)
    fail_usage("a pair plot is of one model; give " + setting("model") + " once");
  pairs->model = read_model_marginals(ContainerReader(options.models[0]), options.model_label,
                                      options.threads);
  const ModelMarginals& model = *pairs->model;
  if (pairs->sets.empty()) {
    pairs->model_columns = chosen_columns(options, {}, model.dimension, model.name);
    return;
  }
  const PairSet& first = pairs->sets[0];
  if (first.numbers != model.dimension)
    fail_invalid(model.name + ": the model's rows have " + std::to_string(model.dimension) +
                 " numbers, those of " + first.name + " have " + std::to_string(first.numbers));
  pairs->model_columns = first.columns;
}

void choose_names(const PlotOptions& options, Pairs* pairs) {
  PairSpec& spec = pairs->spec;
  std::vector<std::string> files;
  for (const PairSet& set : pairs->sets) files.push_back(set.name);
  if (pairs->model) files.push_back(pairs->model->name);
  const std::vector<std::string> names = names_of_sets(options, files);
  for (std::size_t i = 0; i < names.size() && names.size() > 1; ++i)
    spec.legend.push_back(
        i < pairs->sets.size()
            ? LegendEntry{names[i], series_colour(static_cast<long>(i)), Key::area}
            : LegendEntry{names[i], ink, Key::line});
  if (!pairs->sets.empty())
    spec.names = pairs->sets[0].names;
  else
    for (const std::size_t column : pairs->model_columns)
      spec.names.push_back(column_title({}, column));
}

}  // namespace

std::vector<std::byte> draw_pairs(const PlotOptions& options, Containers containers) {
  Pairs pairs;
  pairs.sets = read_sets(options, std::move(containers));
  read_model(options, &pairs);
  choose_names(options, &pairs);
  choose_axes(&pairs);
  PairSpec& spec = pairs.spec;
  FigureSpec page;
  set_titles_and_page(options, {""}, &page);
  spec.format = page.format;
  spec.width = page.width;
  spec.height = page.height;
  spec.paper = page.paper;
  spec.heading = page.heading;
  spec.upper = pairs.model.has_value();
  PairFigure figure(spec);
  const std::size_t count = spec.names.size();
  for (std::size_t up = 0; up < count; ++up)
    for (std::size_t across = 0; across < count; ++across) {
      if (across == up) draw_diagonal(pairs, up, &figure);
      if (across < up && !pairs.sets.empty()) draw_below(pairs, up, across, &figure);
      if (across < up && pairs.sets.empty()) draw_model(pairs, up, across, &figure);
      if (across > up && pairs.model) draw_model(pairs, up, across, &figure);
    }
  return figure.finish();
}

}  // namespace pushforward
