#include "plot/column_names.hpp"

#include <sstream>
#include <vector>

namespace pushforward {

std::string named_column(const RowReader& reader, std::size_t column) {
  std::istringstream text(reader.container().text(reader.info().path, "columns").value_or(""));
  std::vector<std::string> names;
  for (std::string name; std::getline(text, name, ',');) names.push_back(name);
  return names.size() == reader.columns() ? names[column] : "";
}

std::string column_title(const RowReader& reader, std::size_t column) {
  const std::string name = named_column(reader, column);
  return name.empty() ? "column " + std::to_string(column) : name;
}

}  // namespace pushforward
