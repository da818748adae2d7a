#include "plot/plane_rows.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "base/error.hpp"
#include "io/names.hpp"
#include "plot/column_names.hpp"

namespace pushforward {
namespace {

constexpr std::size_t block_rows = 65536;

std::size_t chosen_column(const RowReader& reader, const std::string& asked, std::size_t otherwise,
                          const char* field) {
  const std::string name = reader.container().name();
  if (!asked.empty())
    return column_place(asked, column_names(reader, reader.columns()), reader.columns(), name,
                        field);
  const std::string where = name + ": " + reader.info().path + " has rows of ";
  if (reader.row_shape().size() > 1)
    fail_invalid(where + "shape " + to_string(reader.row_shape()) +
                 "; choose among its numbers with " + setting(field));
  if (otherwise >= reader.columns())
    fail_invalid(where + "1 number; two are needed, " + setting("kind") + " hist draws one");
  return otherwise;
}

// As many names of classes as there are labels, or more.
std::vector<std::string> class_names(const ContainerReader& container) {
  const auto text = container.text("/label", "classes");
  return text ? split_names(*text) : std::vector<std::string>();
}

std::vector<long> read_labels(const RowReader& reader) {
  const ContainerReader& container = reader.container();
  if (!container.has("/label"))
    fail_invalid(container.name() + ": no dataset /label to colour the points by");
  const Shape shape = container.info("/label").shape;
  if (product(shape) != reader.rows())
    fail_invalid(container.name() + ": /label has shape " + to_string(shape) +
                 ", one label for each of " + std::to_string(reader.rows()) + " rows is needed");
  const std::vector<std::int64_t> labels = container.read("/label").to<std::int64_t>();
  return {labels.begin(), labels.end()};
}

PlaneRows read_columns(const RowReader& reader, std::size_t x, std::size_t y, bool label) {
  PlaneRows rows;
  rows.name = reader.container().name();
  std::vector<std::vector<double>> values = read_row_columns(reader, {x, y});
  rows.x = std::move(values[0]);
  rows.y = std::move(values[1]);
  if (label) {
    rows.label = read_labels(reader);
    rows.classes = class_names(reader.container());
  }
  rows.x_column = x;
  rows.y_column = y;
  const std::vector<std::string> names = column_names(reader, reader.columns());
  if (names.empty()) return rows;
  rows.x_name = names[x];
  rows.y_name = names[y];
  return rows;
}

// The cell of a value, -1 outside. The upper end belongs to the last cell.
int cell_of(double value, const Interval& range, int cells) {
  const double at = (value - range.low) / range.length() * cells;
  if (!(at >= 0) || at > cells) return -1;
  return std::min(static_cast<int>(at), cells - 1);
}

}  // namespace

void require_shown(const RowReader& reader, const std::vector<double>& values) {
  for (const double value : values)
    if (std::abs(value) > 1e100)
      fail_invalid(reader.container().name() + ": " + reader.info().path +
                   " holds a number beyond 1e100, which no axis can show");
}

PlaneRows read_plane_rows(const RowReader& reader, const PlaneColumns& columns) {
  const std::size_t x = chosen_column(reader, columns.x, 0, "x_column");
  const std::size_t y = chosen_column(reader, columns.y, 1, "y_column");
  return read_columns(reader, x, y, columns.label);
}

PlaneRows read_one_column(const RowReader& reader, const PlaneColumns& columns) {
  const std::size_t x = chosen_column(reader, columns.x, 0, "x_column");
  PlaneRows rows = read_columns(reader, x, x, false);
  rows.y.clear();
  return rows;
}

std::vector<std::vector<double>> read_row_columns(const RowReader& reader,
                                                  const std::vector<std::size_t>& columns) {
  std::vector<std::vector<double>> values(columns.size());
  for (std::size_t first = 0; first < reader.rows(); first += block_rows) {
    const std::size_t count = std::min(block_rows, reader.rows() - first);
    const std::vector<double> block = reader.read<double>(first, count);
    for (std::size_t i = 0; i < count; ++i)
      for (std::size_t c = 0; c < columns.size(); ++c)
        values[c].push_back(block[i * reader.columns() + columns[c]]);
  }
  for (const std::vector<double>& column : values) require_shown(reader, column);
  return values;
}

PlaneRows mixed_sets(const std::vector<PlaneRows>& sets, const std::vector<std::string>& names) {
  PlaneRows mixed = sets[0];
  mixed.x.clear();
  mixed.y.clear();
  mixed.label.clear();
  mixed.classes = names;
  // Row i of n is placed at (i + 1/2) / n among those of the other sets.
  std::vector<std::size_t> taken(sets.size(), 0);
  const auto place = [&](std::size_t set) {
    return (static_cast<double>(taken[set]) + 0.5) / static_cast<double>(sets[set].x.size());
  };
  for (;;) {
    std::size_t next = 0;
    for (std::size_t set = 1; set < sets.size(); ++set)
      if (place(set) < place(next)) next = set;
    if (taken[next] == sets[next].x.size()) return mixed;
    mixed.x.push_back(sets[next].x[taken[next]]);
    mixed.y.push_back(sets[next].y[taken[next]++]);
    mixed.label.push_back(static_cast<long>(next));
  }
}

std::string title_of(const std::string& file) {
  const std::size_t slash = file.find_last_of('/');
  std::string name = slash == std::string::npos ? file : file.substr(slash + 1);
  for (const char* suffix : {".h5", ".tsv", ".csv"}) {
    const std::size_t length = std::char_traits<char>::length(suffix);
    if (name.size() > length && name.compare(name.size() - length, length, suffix) == 0)
      return name.substr(0, name.size() - length);
  }
  return name;
}

ScalarField histogram_2d(const PlaneRows& rows, const Interval& x, const Interval& y, int columns,
                         int cell_rows) {
  ScalarField field{
      columns, cell_rows,
      std::vector<double>(static_cast<std::size_t>(columns) * static_cast<std::size_t>(cell_rows))};
  const double weight =
      columns / x.length() * (cell_rows / y.length()) / static_cast<double>(rows.x.size());
  for (std::size_t i = 0; i < rows.x.size(); ++i) {
    const int column = cell_of(rows.x[i], x, columns), row = cell_of(rows.y[i], y, cell_rows);
    if (column >= 0 && row >= 0) field.at(column, row) += 1;
  }
  for (double& value : field.values) value *= weight;
  return field;
}

Histogram histogram(const std::vector<double>& values, const Interval& range, int bins) {
  Histogram result;
  result.heights.resize(static_cast<std::size_t>(bins));
  for (int i = 0; i <= bins; ++i) result.edges.push_back(range.low + range.length() * i / bins);
  for (const double value : values) {
    const int bin = cell_of(value, range, bins);
    if (bin >= 0) result.heights[static_cast<std::size_t>(bin)] += 1;
  }
  for (double& height : result.heights)
    height *= bins / range.length() / static_cast<double>(values.size());
  return result;
}

int histogram_bins(std::vector<double> values, const Interval& range) {
  const auto quantile = [&](std::size_t place) {
    std::nth_element(values.begin(), values.begin() + static_cast<std::ptrdiff_t>(place),
                     values.end());
    return values[place];
  };
  const double spread = quantile(3 * (values.size() - 1) / 4) - quantile((values.size() - 1) / 4);
  const double count = static_cast<double>(values.size());
  const double least = std::min(std::ceil(std::sqrt(count)), 50.0);
  const double width = 2 * spread / std::cbrt(count);
  const double bins = width > 0 ? std::ceil(range.length() / width) : 0;
  return static_cast<int>(std::clamp(std::max(bins, least), 8.0, 200.0));
}

}  // namespace pushforward
