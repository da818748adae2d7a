// Columns of a table that a person names.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace pushforward {

// Lists of columns between commas: a name (in double quotes if it holds a comma), a number from 1
// (from the end if it is negative), or a range of numbers such as 2-5. A name comes before a
// number.
struct ColumnChoice {
  std::string columns;  // those to take, in this order; empty: all
  std::string drop;     // those to leave out; empty: none
  [[nodiscard]] bool is_all() const { return columns.empty() && drop.empty(); }
};

// The place, from 0, of one column among `count`; `names` are theirs, or empty. Error(invalid),
// beginning with `where`, if there is none, or two of the name.
[[nodiscard]] std::size_t find_column(const std::string& wanted,
                                      const std::vector<std::string>& names, std::size_t count,
                                      const std::string& where);

// The places of the columns chosen, at least one; Error(invalid) beginning with `where`.
[[nodiscard]] std::vector<std::size_t> chosen_columns(const ColumnChoice& choice,
                                                      const std::vector<std::string>& names,
                                                      std::size_t count, const std::string& where);

}  // namespace pushforward
