// Columns of a table, chosen by name or number.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace pushforward {

// Comma-separated lists of columns. Each is a name (in double quotes if it holds a comma), a number
// from 1 (a negative one counts from the end), or a range such as 2-5. A text that is a column's
// name is taken as the name.
struct ColumnChoice {
  std::string columns;  // those to take, in this order; empty: all
  std::string drop;     // those to leave out; empty: none
  [[nodiscard]] bool is_all() const { return columns.empty() && drop.empty(); }
};

// The index, from 0, of one of `count` columns, whose `names` may be empty. Error(invalid),
// beginning with `where`, if there is no such column, or several of that name.
[[nodiscard]] std::size_t find_column(const std::string& wanted,
                                      const std::vector<std::string>& names, std::size_t count,
                                      const std::string& where);

// The indices of the chosen columns. Error(invalid), beginning with `where`, if one does not exist,
// is listed twice, or none is left.
[[nodiscard]] std::vector<std::size_t> chosen_columns(const ColumnChoice& choice,
                                                      const std::vector<std::string>& names,
                                                      std::size_t count, const std::string& where);

}  // namespace pushforward
