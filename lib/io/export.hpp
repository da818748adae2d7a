// Containers written out for other programs.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "io/container.hpp"

namespace pushforward {

struct RowRange {
  std::size_t first = 0;
  std::optional<std::size_t> end;  // one past the last row; none: all

  // "A:B", rows A to B - 1 counted from 0; either may be left out. Error(usage) otherwise.
  [[nodiscard]] static RowRange parse(const std::string& text);
  // The end for so many rows: Error(invalid), beginning with `name`, if the range is empty or
  // reaches beyond them.
  [[nodiscard]] std::size_t end_of(std::size_t rows, const std::string& name) const;
};

// Everything here goes to `output`: standard output ("-") as it is made, or a file that appears
// whole or not at all.

// One line for each row and a header line. `datasets` are the columns ("x" or "/x"); empty means
// the main dataset and all that belong to its rows. A row of several numbers becomes several
// columns: their names in the attribute "columns", else x_0, x_1, ... Numbers are the shortest
// that read back as the same.
void export_text(const ContainerReader& reader, const std::vector<std::string>& datasets,
                 const RowRange& rows, char separator, const std::string& output);

// The main dataset as .npy.
void export_npy(const ContainerReader& reader, const RowRange& rows, const std::string& output);

struct GridOptions {
  std::size_t columns = 0;  // 0: about as many as rows
  // Values that are black and white; by default 0 and 255 for integers, and for floats the first of
  // [0, 1], [-1, 1] and [0, 255] that holds them all, a quarter of its width more on either side,
  // or else their least and largest value. Values outside are cut off.
  std::optional<std::pair<double, double>> range;
};

// Rows as a PNG of tiles, two pixels apart, row by row. A row is [C, H, W] with C 1 or 3, [H, W],
// or numbers that fill a square, grey or of three colours.
void export_png(const ContainerReader& reader, const RowRange& rows, const GridOptions& options,
                const std::string& output);

}  // namespace pushforward
