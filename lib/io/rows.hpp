// The rows of a container, read in blocks.
#pragma once

#include <string>
#include <vector>

#include "io/container.hpp"

namespace pushforward {

// Warns where an attribute of the dataset says that a program wrote it whose first extent is the
// fastest, so that HDF5 has its extents in reverse order. RowReader calls it.
void warn_of_column_major(const ContainerReader& container, const std::string& path);

// The numbers of rows less `origin`, one number a column: subtracted in double, before they become
// T. Empty: the numbers as they are.
template <class T>
[[nodiscard]] std::vector<T> less_origin(const Array& rows, const std::vector<double>& origin);

// The main dataset as N rows of columns() numbers, trailing extents flattened. Errors name the file
// and the dataset: no dataset, no rows, fewer than two extents.
class RowReader {
 public:
  explicit RowReader(const std::string& location) : RowReader(ContainerReader(location)) {}
  explicit RowReader(ContainerReader container);  // one that is open already, a pipe for example

  [[nodiscard]] std::size_t rows() const { return info_.shape[0]; }
  [[nodiscard]] std::size_t columns() const { return columns_; }
  [[nodiscard]] Shape row_shape() const {
    return Shape(info_.shape.begin() + 1, info_.shape.end());
  }
  [[nodiscard]] const DatasetInfo& info() const { return info_; }
  [[nodiscard]] const ContainerReader& container() const { return container_; }

  // Error(invalid) unless rows have `columns` numbers; `whose` is "the flow", "the model".
  void require_columns(std::size_t columns, const std::string& whose) const;

  // Rows [first, first + count), all finite: Error(invalid) names a row that is not.
  // With an origin, less_origin() of them.
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
