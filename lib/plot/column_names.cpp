#include "plot/column_names.hpp"

#include <algorithm>
#include <charconv>

#include "base/error.hpp"
#include "base/text.hpp"
#include "io/names.hpp"

namespace pushforward {

std::vector<std::string> column_names(const RowReader& reader, std::size_t count) {
  return read_names(reader.container(), reader.info().path, "columns", count);
}

std::string column_title(const std::vector<std::string>& names, std::size_t column) {
  return names.empty() ? "column " + std::to_string(column) : names[column];
}

std::size_t column_place(const std::string& wanted, const std::vector<std::string>& names,
                         std::size_t count, const std::string& name, const std::string& field) {
  const std::string where = name + ": " + setting(field) + " " + wanted + ": ";
  const auto found = std::find(names.begin(), names.end(), wanted);
  if (found != names.end()) {
    if (std::find(found + 1, names.end(), wanted) == names.end())
      return static_cast<std::size_t>(found - names.begin());
    fail_invalid(where + "more than one column has this name; give its number, from 0");
  }
  std::size_t number = 0;
  const char* end = wanted.data() + wanted.size();
  const auto [stop, error] = std::from_chars(wanted.data(), end, number);
  if (error == std::errc() && stop == end && number < count) return number;
  const std::string numbers = count == 1
                                  ? "rows have 1 number, column 0"
                                  : "rows have " + std::to_string(count) +
                                        " numbers, columns 0 to " + std::to_string(count - 1);
  fail_invalid(where + "there is no such column; " + numbers +
               (names.empty() ? "" : ": " + listed(names, ", ", "", 8)));
}

}  // namespace pushforward
