// What a column is called in a message.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace pushforward {

// "bmi", or the number of the column where it has no name. `column` is counted from 0, the number
// from `first_number`.
[[nodiscard]] inline std::string column_name(const std::vector<std::string>& names,
                                             std::size_t column, std::size_t first_number = 0) {
  const bool named = column < names.size() && !names[column].empty();
  return named ? names[column] : std::to_string(column + first_number);
}

}  // namespace pushforward
