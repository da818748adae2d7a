#include "plot/plane_rows.hpp"

#include <algorithm>
#include <cmath>

#include "base/error.hpp"
#include "plot/column_names.hpp"

namespace pushforward {
namespace {

constexpr std::size_t block_rows = 65536;

std::size_t chosen_column(const RowReader& reader, int asked, std::size_t otherwise,
                          const char* option) {
  const std::string where = reader.container().name() + ": " + reader.info().path + " has rows ";
  if (asked < 0 && reader.row_shape().size() > 1)
    fail_invalid(where + "of shape " + to_string(reader.row_shape()) +
                 "; choose among its numbers with " + option);
  const std::size_t column = asked < 0 ? otherwise : static_cast<std::size_t>(asked);
  if (column < reader.columns()) return column;
  const std::string many =
      "of " + std::to_string(reader.columns()) + (reader.columns() == 1 ? " number" : " numbers");
  if (asked < 0) fail_invalid(where + many + "; two are needed, --kind hist draws one");
  fail_invalid(where + many + ", counted from 0, so " + option + " " + std::to_string(asked) +
               " is not among them");
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
  const std::size_t columns = reader.columns();
  for (std::size_t first = 0; first < reader.rows(); first += block_rows) {
    const std::size_t count = std::min(block_rows, reader.rows() - first);
    const std::vector<double> block = reader.read<double>(first, count);
    for (std::size_t i = 0; i < count; ++i) {
      rows.x.push_back(block[i * columns + x]);
      rows.y.push_back(block[i * columns + y]);
    }
  }
  require_shown(reader, rows.x);
  require_shown(reader, rows.y);
  if (label) rows.label = read_labels(reader);
  rows.x_name = named_column(reader, x);
  rows.y_name = named_column(reader, y);
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
  const std::size_t x = chosen_column(reader, columns.x, 0, "--x-column");
  const std::size_t y = chosen_column(reader, columns.y, 1, "--y-column");
  return read_columns(reader, x, y, columns.label);
}

PlaneRows read_one_column(const RowReader& reader, const PlaneColumns& columns) {
  const std::size_t x = chosen_column(reader, columns.x, 0, "--x-column");
  PlaneRows rows = read_columns(reader, x, x, false);
  rows.y.clear();
  return rows;
}

std::string title_of(const std::string& file) {
  const std::size_t slash = file.find_last_of('/');
  std::string name = slash == std::string::npos ? file : file.substr(slash + 1);
  if (name.size() > 3 && name.compare(name.size() - 3, 3, ".h5") == 0) name.resize(name.size() - 3);
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
