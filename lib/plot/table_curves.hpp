// The curves of a table of text: pairs of numbers that have a name.
#pragma once

#include <string>
#include <vector>

namespace pushforward {

struct NamedCurve {
  std::string name;          // empty: the table has no column of names
  std::vector<double> x, y;  // in the order of the table
};

struct TableCurves {
  std::string name;                // of the file
  std::vector<NamedCurve> curves;  // in the order in which their names appear
};

// A table of text (plot/text_columns.hpp), "-" for standard input. `columns` are those of x, of y
// and, if there is a third, of the names. A row whose x or y is not finite is left out.
// Error(invalid) naming the line as read_text_columns (plot/text_columns.hpp) does, or if no row is
// left.
[[nodiscard]] TableCurves read_table_curves(const std::string& file,
                                            const std::vector<std::string>& columns);

}  // namespace pushforward
