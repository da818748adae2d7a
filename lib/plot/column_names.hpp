// What columns of rows are called on axes.
#pragma once

#include <string>

#include "io/rows.hpp"

namespace pushforward {

// The name of a column, counted from 0, in the attribute "columns" of the rows' dataset; empty
// where it names none, or not each.
[[nodiscard]] std::string named_column(const RowReader& reader, std::size_t column);

// The same, "column 3" where there is no name.
[[nodiscard]] std::string column_title(const RowReader& reader, std::size_t column);

}  // namespace pushforward
