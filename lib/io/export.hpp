// Export of containers for other programs.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "io/container.hpp"
#include "io/row_order.hpp"

namespace pushforward {

struct RowRange {
  std::size_t first = 0;
  std::optional<std::size_t> end;  // one past the last row; none: all

  // "A:B", rows A to B - 1 counted from 0; either may be left out. Error(usage) otherwise.
  [[nodiscard]] static RowRange parse(const std::string& text);
  // One past the last row, for a dataset of `rows` rows. Error(invalid), beginning with `name`, if
  // there are no rows or the range reaches beyond them.
  [[nodiscard]] std::size_t end_of(std::size_t rows, const std::string& name) const;
};

// `output` is "-", standard output, written as the text is made, or a file that appears whole or
// not at all.

// Which rows are written: a range of all, in their order or in that of a key (io/row_order.hpp).
struct RowSelection {
  RowRange range;
  std::string sort_by;  // empty: the order of the file
  Direction direction = Direction::ascending;
};

// A header line and one line per row. `datasets` ("x" or "/x") become the columns, texts too; empty
// means the main dataset and all that belong to its rows. A dataset with several numbers per row
// becomes several columns, named by its attribute "columns" or x_0, x_1, ... Numbers have the
// fewest digits that read back as the same number.
void export_text(const ContainerReader& reader, const std::vector<std::string>& datasets,
                 const RowSelection& rows, char separator, const std::string& output);

// The main dataset as .npy.
void export_npy(const ContainerReader& reader, const RowSelection& rows, const std::string& output);

struct GridOptions {
  std::size_t columns = 0;  // 0: about as many as rows
  std::size_t scale = 1;    // pixels of the PNG along a side of a pixel of the data
  // The values of black and white; by default guessed from all values (io/picture_range.hpp).
  // Values outside are clamped.
  std::optional<std::pair<double, double>> range;
};

// The rows as tiles of one PNG, two pixels apart, filled row by row. A row is [C, H, W] with C = 1
// or 3, [H, W], [D] with D the numbers of a grey or three-colour square, or [S, C, H, W], the
// states of a chain. Where `output` has a place for a number (io/numbered_files.hpp), a PNG of each
// row, numbered as the rows are, from 0; each file appears whole or not at all.
void export_png(const ContainerReader& reader, const RowRange& rows, const GridOptions& options,
                const std::string& output);

}  // namespace pushforward
