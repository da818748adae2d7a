// Columns of rows: their names, and which one a person means.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "io/rows.hpp"

namespace pushforward {

// The names of the `count` numbers of a row, from the attribute "columns" of the dataset; empty if
// it does not name every one.
[[nodiscard]] std::vector<std::string> column_names(const RowReader& reader, std::size_t count);

// The name of a column, counted from 0; "column 3" where `names` is empty.
[[nodiscard]] std::string column_title(const std::vector<std::string>& names, std::size_t column);

// The column that `wanted` means: a name, or a number from 0. Error(invalid), beginning with `name`
// and naming the field, if none of the `count` columns is meant, or if two have that name.
[[nodiscard]] std::size_t column_place(const std::string& wanted,
                                       const std::vector<std::string>& names, std::size_t count,
                                       const std::string& name, const std::string& field);

}  // namespace pushforward
