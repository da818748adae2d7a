// Curves from a table of text: named lists of pairs of numbers.
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
  std::vector<NamedCurve> curves;  // in the order of the first appearance of their names
};

// Reads a table of text (plot/text_columns.hpp); "-" is standard input. `columns` are the names of
// the columns of x, of y and, optionally, of the curves' names. A row whose x or y is not finite is
// left out. Error(invalid) as by read_text_columns, or if no row is left.
[[nodiscard]] TableCurves read_table_curves(const std::string& file,
                                            const std::vector<std::string>& columns);

}  // namespace pushforward
