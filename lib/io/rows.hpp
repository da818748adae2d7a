// The rows of a container, read in blocks.
#pragma once

#include <string>
#include <vector>

#include "io/container.hpp"

namespace pushforward {

// Warns if attributes of the dataset show that a column-major program (MATLAB, R) wrote it, so that
// its extents are in reverse order. RowReader calls it.
void warn_of_column_major(const ContainerReader& container, const std::string& path);

// rows - origin, subtracted in double before the conversion to T. `origin` has one number per
// column; empty means 0.
template <class T>
[[nodiscard]] std::vector<T> less_origin(const Array& rows, const std::vector<double>& origin);

// The main dataset as N rows of columns() numbers, trailing extents flattened. Error(invalid),
// naming file and dataset, if it is missing, has fewer than two extents, or no rows.
class RowReader {
 public:
  explicit RowReader(const std::string& location) : RowReader(ContainerReader(location)) {}
  explicit RowReader(ContainerReader container);  // already open, such as a pipe

  [[nodiscard]] std::size_t rows() const { return info_.shape[0]; }
  [[nodiscard]] std::size_t columns() const { return columns_; }
  [[nodiscard]] Shape row_shape() const {
    return Shape(info_.shape.begin() + 1, info_.shape.end());
  }
  [[nodiscard]] const DatasetInfo& info() const { return info_; }
  [[nodiscard]] const ContainerReader& container() const { return container_; }

  // Error(invalid) unless rows have `columns` numbers; `whose` is "the flow", "the model".
  void require_columns(std::size_t columns, const std::string& whose) const;

  // Rows [first, first + count), less `origin`; Error(invalid), naming the row, if one is not
  // finite.
  template <class T>
  [[nodiscard]] std::vector<T> read(std::size_t first, std::size_t count,
                                    const std::vector<double>& origin = {}) const {
    return less_origin<T>(read_array(first, count), origin);
  }
  [[nodiscard]] Array read_array(std::size_t first, std::size_t count) const;

 private:
  ContainerReader container_;
  DatasetInfo info_;
  std::size_t columns_ = 0;
};

}  // namespace pushforward
