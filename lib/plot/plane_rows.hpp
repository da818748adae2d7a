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
  std::vector<long> label;     // empty: not asked for
  std::string x_name, y_name;  // of the columns, where the file has names
};

struct PlaneColumns {
  int x = -1, y = -1;  // counted from 0; -1: the first and the second column
  bool label = false;  // read /label too
};

// Error(invalid) naming the file where rows have no such columns, are pictures (a row has a shape
// of its own) and no column was named, hold a number that is not finite, or there is no /label.
[[nodiscard]] PlaneRows read_plane_rows(const RowReader& reader, const PlaneColumns& columns);
// x alone.
[[nodiscard]] PlaneRows read_one_column(const RowReader& reader, const PlaneColumns& columns);

// Error(invalid) naming the file of the values if one is beyond 1e100.
void require_shown(const RowReader& reader, const std::vector<double>& values);

// A file's name as the title of a panel: without folders and without ".h5".
[[nodiscard]] std::string title_of(const std::string& file);

// Rows in each of columns x rows equal cells of the ranges, divided by the count of all rows and a
// cell's area: an estimate of their density. Rows outside count in the total only.
[[nodiscard]] Field histogram_2d(const PlaneRows& rows, const Interval& x, const Interval& y,
                                 int columns, int cell_rows);

struct Histogram {
  std::vector<double> edges, heights;
};
// The same in one dimension.
[[nodiscard]] Histogram histogram(const std::vector<double>& values, const Interval& range,
                                  int bins);
// By Freedman and Diaconis (1981) a bin is twice the interquartile range over the cube root of the
// count. That smooths several modes into one where rows are few, so there are at least as many bins
// as the root of the count, of which at most 50; and between 8 and 200 in all.
[[nodiscard]] int histogram_bins(std::vector<double> values, const Interval& range);

}  // namespace pushforward
