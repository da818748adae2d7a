// What conditional models are conditioned on: a label or a vector a row, beside the rows.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "io/rows.hpp"

namespace pushforward {

// Whether a context may stand at `path`: a dataset at the root, and none of those that programs
// write there themselves.
[[nodiscard]] bool is_context_path(const std::string& path);

// The datasets beside the rows that programs computed from their numbers: nobody misses them where
// the rows are changed.
[[nodiscard]] std::vector<DatasetInfo> computed_datasets(const ContainerReader& container);

// A dataset with an entry a row: vectors as they are, or whole numbers 0 ... classes - 1 as one
// column a class, 1 in the row's own and 0 in the others. Errors name file, dataset and row.
class ContextReader {
 public:
  // `rows` must outlive the reader. classes = 0: vectors.
  ContextReader(const RowReader* rows, const std::string& path, int classes);

  [[nodiscard]] std::size_t columns() const { return columns_; }
  // Of vectors: what is subtracted in double before they are read as T, one number a column.
  void set_origin(std::vector<double> origin) { origin_ = std::move(origin); }
  template <class T>
  [[nodiscard]] std::vector<T> read(std::size_t first, std::size_t count) const;

 private:
  const RowReader* rows_;
  DatasetInfo info_;
  std::size_t classes_, columns_;
  std::vector<double> origin_;
};

// How many rows there are of each class of the labels at `path`; there is one class more than the
// largest label says.
[[nodiscard]] std::vector<std::int64_t> rows_by_class(const RowReader& rows,
                                                      const std::string& path);

// Where labels stand that a model was trained without, which it knows nothing about.
struct UntrainedLabels {
  std::size_t rows = 0;  // how many rows have such a label
  int first = 0;         // the label of the first
};
// `class_rows`: how many training rows each class had; empty where that is not known.
[[nodiscard]] UntrainedLabels untrained_labels(const RowReader& rows, const std::string& path,
                                               const std::vector<std::int64_t>& class_rows);

// Rows of a and b side by side: a [n, a_columns], b [n, b_columns].
template <class T>
[[nodiscard]] std::vector<T> concatenate_columns(const std::vector<T>& a, std::size_t a_columns,
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
