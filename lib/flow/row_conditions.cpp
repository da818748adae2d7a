#include "flow/row_conditions.hpp"

#include "base/error.hpp"
#include "base/one_hot.hpp"
#include "flow/labelled_flow.hpp"

namespace pushforward {

RowConditions::RowConditions(const Flow* flow, SharedClasses classes, const RowReader* rows,
                             const std::string& model)
    : flow_(flow), classes_(std::move(classes)), rows_(rows) {
  const FlowSpec& spec = flow->spec();
  for (const int label : classes_.labels) require_fitting_label(spec, label, model);
  if (spec.context == 0 || !classes_.labels.empty()) return;
  if (rows == nullptr)
    fail_invalid(model + ": this flow is conditioned on " + spec.context_path + "; give " +
                 (spec.classes > 0 ? "--label K or --context FILE" : "--context FILE"));
  reader_ = flow_context(*flow, *rows);
}

template <class T>
std::vector<T> RowConditions::read(std::size_t first, std::size_t count) const {
  if (flow_->context_columns() == 0) return {};
  return reader_ ? reader_->read<T>(first, count)
                 : one_hot<T>(labels(first, count), flow_->spec().classes);
}

std::vector<int> RowConditions::labels(std::size_t first, std::size_t count) const {
  std::vector<int> labels;
  for (std::size_t row = first; row < first + count; ++row) labels.push_back(classes_.at(row));
  return labels;
}

template std::vector<float> RowConditions::read(std::size_t, std::size_t) const;
template std::vector<double> RowConditions::read(std::size_t, std::size_t) const;

void RowConditions::create(ContainerWriter* writer) const {
  if (flow_->context_columns() == 0) return;
  const std::string& path = flow_->spec().context_path;
  if (!reader_) {
    writer->create_rows(path, ElementType::int32, {});
    return;
  }
  const DatasetInfo info = rows_->container().info(path);
  writer->create_rows(path, info.type, Shape(info.shape.begin() + 1, info.shape.end()));
}

void RowConditions::append(ContainerWriter* writer, std::size_t first, std::size_t count) const {
  if (flow_->context_columns() == 0) return;
  const std::string& path = flow_->spec().context_path;
  writer->append_rows(path, reader_ ? rows_->container().read_rows(path, first, count)
                                    : Array::of(labels(first, count), {count}));
}

}  // namespace pushforward
