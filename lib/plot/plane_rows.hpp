// Two columns of rows, and how they are distributed.
#pragma once

#include <string>
#include <vector>

#include "io/rows.hpp"
#include "plot/layers.hpp"

namespace pushforward {

struct PlaneRows {
  std::string name;  // of the file, for titles
  std::vector<double> x, y;
  std::vector<long> label;           // empty if not asked for
  std::vector<std::string> classes;  // names of labels 0, 1, ...; empty if the file has none
  std::string x_name, y_name;        // names of the columns, if the file has them
  std::size_t x_column = 0, y_column = 1;
};

struct PlaneColumns {
  std::string x, y;    // names, or numbers from 0; empty: the first and the second column
  bool label = false;  // read /label too
  [[nodiscard]] bool chosen() const { return !x.empty() || !y.empty(); }
};

// Error(invalid), naming the file, if rows have no such columns, if they are pictures (a row has a
// shape) and no column was chosen, if a number is not finite, or if there is no /label.
[[nodiscard]] PlaneRows read_plane_rows(const RowReader& reader, const PlaneColumns& columns);
// x alone.
[[nodiscard]] PlaneRows read_one_column(const RowReader& reader, const PlaneColumns& columns);

// Numbers of all rows in these columns: one vector for each column.
[[nodiscard]] std::vector<std::vector<double>> read_row_columns(
    const RowReader& reader, const std::vector<std::size_t>& columns);

// The rows of several sets as one, in turn, so that none hides the others; their labels are the
// numbers of the sets, and `names` those of the classes.
[[nodiscard]] PlaneRows mixed_sets(const std::vector<PlaneRows>& sets,
                                   const std::vector<std::string>& names);

// Error(invalid), naming the file, if a value is beyond 1e100.
void require_shown(const RowReader& reader, const std::vector<double>& values);

// The name of a file as the title of a panel: without folders, and without
// ".h5", ".tsv" or ".csv".
[[nodiscard]] std::string title_of(const std::string& file);

// A histogram with columns x rows equal cells, as an estimate of the density: the number of rows in
// a cell, divided by the number of all rows and the area of a cell. Rows outside of the ranges
// count in the total only.
[[nodiscard]] ScalarField histogram_2d(const PlaneRows& rows, const Interval& x, const Interval& y,
                                       int columns, int cell_rows);

struct Histogram {
  std::vector<double> edges, heights;
};
// The same in one dimension.
[[nodiscard]] Histogram histogram(const std::vector<double>& values, const Interval& range,
                                  int bins);
// Freedman and Diaconis (1981): a bin is as wide as twice the interquartile range divided by the
// cube root of the count. For few rows that can merge several modes, so there are at least min(50,
// square root of the count) bins. There are always between 8 and 200.
[[nodiscard]] int histogram_bins(std::vector<double> values, const Interval& range);

}  // namespace pushforward
