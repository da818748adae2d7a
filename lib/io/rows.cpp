#include "io/rows.hpp"

#include <utility>

#include "base/error.hpp"
#include "base/messages.hpp"
#include "io/checks.hpp"

namespace pushforward {

void warn_of_column_major(const ContainerReader& container, const std::string& path) {
  if (!container.has(path)) return;
  const Shape shape = container.info(path).shape;
  if (shape.size() < 2) return;
  for (const auto& [attribute, writer] :
       {std::pair("MATLAB_class", "MATLAB"), std::pair("rhdf5-NA.OK", "R")})
    if (container.text(path, attribute))
      warn(container.name() + ": " + path + " was written by " + writer +
           ", which has the extents of an array in reverse order: " + std::to_string(shape[0]) +
           " rows are read; tensor-import --transpose makes them " + std::to_string(shape.back()));
}

template <class T>
std::vector<T> less_origin(const Array& rows, const std::vector<double>& origin) {
  if (origin.empty()) return rows.to<T>();
  const std::vector<double> values = rows.to<double>();
  std::vector<T> less(values.size());
  for (std::size_t i = 0; i < values.size(); ++i)
    less[i] = static_cast<T>(values[i] - origin[i % origin.size()]);
  return less;
}

template std::vector<float> less_origin(const Array&, const std::vector<double>&);
template std::vector<double> less_origin(const Array&, const std::vector<double>&);

RowReader::RowReader(ContainerReader container) : container_(std::move(container)) {
  const std::string path = container_.main_dataset();
  if (!container_.has(path))
    fail_invalid(container_.name() + ": no dataset " + path + "; name another as FILE:/path");
  info_ = container_.info(path);
  if (info_.shape.size() < 2 || product(info_.shape) == 0)
    fail_invalid(container_.name() + ": " + path + " has shape " + to_string(info_.shape) +
                 "; rows [N, D] with at least one row and column are needed");
  columns_ = product(info_.shape) / info_.shape[0];
  warn_of_column_major(container_, path);
}

void RowReader::require_columns(std::size_t columns, const std::string& whose) const {
  if (columns_ != columns)
    fail_invalid(container_.name() + ": " + info_.path + " has rows of " +
                 std::to_string(columns_) + " numbers, " + whose + " has rows of " +
                 std::to_string(columns));
}

Array RowReader::read_array(std::size_t first, std::size_t count) const {
  Array rows = container_.read_rows(info_.path, first, count);
  require_finite_rows(rows, first, container_.name(), info_.path);
  return rows;
}

}  // namespace pushforward
