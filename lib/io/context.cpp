#include "io/context.hpp"

#include <algorithm>
#include <cmath>
#include <set>
#include <sstream>

#include "base/error.hpp"
#include "base/one_hot.hpp"
#include "io/checks.hpp"

namespace pushforward {
namespace {

constexpr double max_classes = 65536;

DatasetInfo context_info(const RowReader& rows, const std::string& path) {
  const ContainerReader& container = rows.container();
  if (!container.has(path))
    fail_invalid(container.name() + ": no dataset " + path + ", which the model is conditioned on");
  const DatasetInfo info = container.info(path);
  if (info.shape.empty() || info.shape[0] != rows.rows() || product(info.shape) == 0)
    fail_invalid(container.name() + ": " + path + " has shape " + to_string(info.shape) +
                 "; an entry for each of the " + std::to_string(rows.rows()) + " rows is needed");
  return info;
}

// The labels of rows [first, first + count): whole numbers below `limit`.
std::vector<int> read_labels(const RowReader& rows, const DatasetInfo& info, std::size_t first,
                             std::size_t count, double limit) {
  const ContainerReader& container = rows.container();
  if (product(info.shape) != info.shape[0])
    fail_invalid(container.name() + ": " + info.path + " has shape " + to_string(info.shape) +
                 "; labels are one whole number per row");
  std::vector<int> labels;
  for (const double v : container.read_rows(info.path, first, count).to<double>()) {
    if (!(v >= 0 && v < limit && v == std::floor(v))) {
      std::ostringstream number;
      number << v;
      fail_invalid(container.name() + ": " + info.path + " row " +
                   std::to_string(first + labels.size()) + " is " + number.str() +
                   "; a label is a whole number from 0 to " + std::to_string(int(limit) - 1));
    }
    labels.push_back(static_cast<int>(v));
  }
  return labels;
}

}  // namespace

bool is_context_path(const std::string& path) {
  static const std::set<std::string> written = {
      "/x", "/log_density", "/log_density_error", "/evaluations", "/log_det", "/score"};
  return path.size() > 1 && path.rfind('/') == 0 && written.count(path) == 0;
}

std::vector<DatasetInfo> computed_datasets(const ContainerReader& container) {
  std::vector<DatasetInfo> computed;
  for (DatasetInfo& info : container.row_datasets())
    if (!is_context_path(info.path)) computed.push_back(std::move(info));
  return computed;
}

ContextReader::ContextReader(const RowReader* rows, const std::string& path, int classes)
    : rows_(rows), info_(context_info(*rows, path)), classes_(static_cast<std::size_t>(classes)) {
  columns_ = classes > 0 ? classes_ : product(info_.shape) / info_.shape[0];
}

template <class T>
std::vector<T> ContextReader::read(std::size_t first, std::size_t count) const {
  if (classes_ == 0) {
    const Array rows = rows_->container().read_rows(info_.path, first, count);
    require_finite_rows(rows, first, rows_->container().name(), info_.path);
    return less_origin<T>(rows, origin_);
  }
  return one_hot<T>(read_labels(*rows_, info_, first, count, static_cast<double>(classes_)),
                    static_cast<int>(classes_));
}

template std::vector<float> ContextReader::read(std::size_t, std::size_t) const;
template std::vector<double> ContextReader::read(std::size_t, std::size_t) const;

std::vector<std::int64_t> rows_by_class(const RowReader& rows, const std::string& path) {
  const std::vector<int> labels =
      read_labels(rows, context_info(rows, path), 0, rows.rows(), max_classes);
  std::vector<std::int64_t> counts(
      static_cast<std::size_t>(1 + *std::max_element(labels.begin(), labels.end())));
  for (const int label : labels) ++counts[static_cast<std::size_t>(label)];
  return counts;
}

UntrainedLabels untrained_labels(const RowReader& rows, const std::string& path,
                                 const std::vector<std::int64_t>& class_rows) {
  UntrainedLabels untrained;
  if (class_rows.empty()) return untrained;
  for (const int label : read_labels(rows, context_info(rows, path), 0, rows.rows(),
                                     static_cast<double>(class_rows.size()))) {
    if (class_rows[static_cast<std::size_t>(label)] > 0) continue;
    if (untrained.rows++ == 0) untrained.first = label;
  }
  return untrained;
}

}  // namespace pushforward
