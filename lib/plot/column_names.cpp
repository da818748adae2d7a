#include "plot/column_names.hpp"

#include <vector>

#include "io/names.hpp"

namespace pushforward {

std::string named_column(const RowReader& reader, std::size_t column) {
  const std::vector<std::string> names =
      read_names(reader.container(), reader.info().path, "columns", reader.columns());
  return names.empty() ? "" : names[column];
}

std::string column_title(const RowReader& reader, std::size_t column) {
  const std::string name = named_column(reader, column);
  return name.empty() ? "column " + std::to_string(column) : name;
}

}  // namespace pushforward
