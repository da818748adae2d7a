// The conditions of conditional models: one label or vector per row, in a dataset beside the rows.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "io/rows.hpp"

namespace pushforward {

// Whether `path` may be a context: a dataset at the root that programs do not write there
// themselves.
[[nodiscard]] bool is_context_path(const std::string& path);

// The datasets that programs computed from the rows (/log_density, ...). They lose their meaning
// when the rows change, so they may be dropped without a warning.
[[nodiscard]] std::vector<DatasetInfo> computed_datasets(const ContainerReader& container);

// Reads a dataset with one entry per row: vectors as they are, or labels 0 ... classes - 1 as
// one-hot rows. Errors name file, dataset and row.
class ContextReader {
 public:
  // `rows` must outlive the reader. classes = 0: vectors.
  ContextReader(const RowReader* rows, const std::string& path, int classes);

  [[nodiscard]] std::size_t columns() const { return columns_; }
  // For vectors: what is subtracted in double before they are converted to T, one value per column.
  void set_origin(std::vector<double> origin) { origin_ = std::move(origin); }
  template <class T>
  [[nodiscard]] std::vector<T> read(std::size_t first, std::size_t count) const;

 private:
  const RowReader* rows_;
  DatasetInfo info_;
  std::size_t classes_, columns_;
  std::vector<double> origin_;
};

// The number of rows of each class 0 ... largest label, for the labels at `path`.
[[nodiscard]] std::vector<std::int64_t> rows_by_class(const RowReader& rows,
                                                      const std::string& path);

// Labels that a model knows nothing about, because no training row had them.
struct UntrainedLabels {
  std::size_t rows = 0;  // how many rows have such a label
  int first = 0;         // the label of the first such row
};
// `class_rows`: the number of training rows of each class; empty if unknown.
[[nodiscard]] UntrainedLabels untrained_labels(const RowReader& rows, const std::string& path,
                                               const std::vector<std::int64_t>& class_rows);

// Concatenates columns: a [n, a_columns] and b [n, b_columns] -> [n, a_columns + b_columns].
template <class T>
[[nodiscard]] std::vector<T> hstack(const std::vector<T>& a, std::size_t a_columns,
                                    const std::vector<T>& b, std::size_t b_columns) {
  if (b_columns == 0) return a;
  std::vector<T> both;
  both.reserve(a.size() + b.size());
  for (std::size_t i = 0; i * b_columns < b.size(); ++i) {
    const auto from_a = a.begin() + static_cast<std::ptrdiff_t>(i * a_columns);
    const auto from_b = b.begin() + static_cast<std::ptrdiff_t>(i * b_columns);
    both.insert(both.end(), from_a, from_a + static_cast<std::ptrdiff_t>(a_columns));
    both.insert(both.end(), from_b, from_b + static_cast<std::ptrdiff_t>(b_columns));
  }
  return both;
}

}  // namespace pushforward
