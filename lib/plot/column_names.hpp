// Names of columns of rows, for axes.
#pragma once

#include <string>

#include "io/rows.hpp"

namespace pushforward {

// The name of a column, counted from 0, from the attribute "columns" of the dataset; empty if it
// does not name every column.
[[nodiscard]] std::string named_column(const RowReader& reader, std::size_t column);

// The same, or "column 3" if there is no name.
[[nodiscard]] std::string column_title(const RowReader& reader, std::size_t column);

}  // namespace pushforward
