// Curves and points of tables: one column against another, one colour per curve.
#include <algorithm>
#include <cmath>

#include "base/error.hpp"
#include "plot/kinds.hpp"
#include "plot/table_curves.hpp"

namespace pushforward {
namespace {

// Each colour has two marks.
constexpr std::size_t max_curves = 2 * series_colours;

// Of all curves of a panel, so that one of a name looks the same in all panels.
std::vector<std::string> names_of(const std::vector<TableCurves>& tables) {
  std::vector<std::string> names;
  for (const TableCurves& table : tables)
    for (const NamedCurve& curve : table.curves)
      if (std::find(names.begin(), names.end(), curve.name) == names.end())
        names.push_back(curve.name);
  return names;
}

// From the smallest to the largest value, with a margin. Error(invalid) if the scale is logarithmic
// and no value is above 0.
Scale scale_of(const std::vector<TableCurves>& tables, std::vector<double> NamedCurve::*part,
               bool log, const std::string& column) {
  Interval range{1e300, -1e300};
  for (const TableCurves& table : tables)
    for (const NamedCurve& curve : table.curves)
      for (const double value : curve.*part)
        if (!log || value > 0) range = join(range, {value, value});
  if (range.low > range.high)
    fail_invalid(tables[0].name + ": no " + column + " is above 0 for a logarithmic axis");
  if (!log) return {widened(range, 0.04), false};
  const double room = std::pow(std::max(range.high / range.low, 1.05), 0.04);
  return {{range.low / room, range.high * room}, true};
}

}  // namespace

// NOLINTNEXTLINE(performance-unnecessary-value-param): as all kinds are drawn
std::vector<std::byte> draw_tables(const PlotOptions& options, Containers) {
  const std::size_t columns = options.column_list.size();
  if (columns < 2 || columns > 3)
    fail_usage("option " + setting("columns") + ": " + std::to_string(columns) +
               " columns of a table; give X,Y or X,Y,NAME");
  std::vector<TableCurves> tables;
  std::vector<std::string> titles;
  for (const std::string& input : options.inputs) {
    tables.push_back(read_table_curves(input, options.column_list));
    titles.push_back(title_of(tables.back().name));
  }
  const std::vector<std::string> names = names_of(tables);
  if (names.size() > max_curves)
    fail_invalid(tables[0].name + ": " + std::to_string(names.size()) + " curves; at most " +
                 std::to_string(max_curves) + " can be told apart");
  FigureSpec spec;
  spec.x_label = options.column_list[0];
  spec.y_label = options.column_list[1];
  spec.x = scale_of(tables, &NamedCurve::x, options.log_x, spec.x_label);
  spec.y = scale_of(tables, &NamedCurve::y, options.log, spec.y_label);
  choose_range(options.x, options.log_x, &spec.x);
  choose_range(options.y, options.log, &spec.y);
  set_titles_and_page(options, titles, &spec);
  spec.grid = true;
  for (std::size_t i = 0; i < names.size(); ++i)
    if (!names[i].empty())
      spec.legend.push_back({names[i], series_colour(static_cast<long>(i)),
                             options.kind == "scatter"              ? Key::point
                             : static_cast<int>(i) < series_colours ? Key::line_with_disc
                                                                    : Key::line_with_ring});
  Figure figure(spec);
  for (std::size_t i = 0; i < tables.size(); ++i) {
    const int panel = static_cast<int>(i);
    const Frame& frame = figure.frame(panel);
    figure.enter(panel);
    for (const NamedCurve& curve : tables[i].curves) {
      const long place = std::find(names.begin(), names.end(), curve.name) - names.begin();
      if (options.kind == "scatter")
        draw_points(&figure.canvas(), frame, curve.x, curve.y, {}, series_colour(place));
      else
        draw_marked_curve(&figure.canvas(), frame, curve.x, curve.y, series_colour(place),
                          place < series_colours ? Mark::disc : Mark::ring);
    }
  }
  return figure.finish();
}

}  // namespace pushforward
