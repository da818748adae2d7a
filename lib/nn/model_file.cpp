#include "nn/model_file.hpp"

#include <cmath>
#include <set>

#include "base/error.hpp"
#include "base/text.hpp"

namespace pushforward {
namespace {

const char* const parameter_group = "/model/parameters";
const char* const class_rows_path = "/model/class_rows";

std::string missing_attribute(const ContainerReader& reader, const std::string& attribute) {
  return reader.name() + ": /model lacks the attribute " + attribute;
}

}  // namespace

void write_parameters(ContainerWriter* writer, const ParameterTable& table, ElementType type,
                      const std::string& scope) {
  const ParameterRange range = table.below(scope);
  for (std::size_t i = range.first; i < range.first + range.count; ++i) {
    const Parameter& p = table.list()[i];
    const Shape shape = {static_cast<std::size_t>(p.rows), static_cast<std::size_t>(p.columns)};
    const double* values = table.values.data() + p.offset;
    const std::string path = std::string(parameter_group) + "/" + p.name;
    if (type == ElementType::float64) {
      writer->write(path, Array::of(values, shape));
    } else {
      const std::vector<float> single(values, values + product(shape));
      writer->write(path, Array::of(single, shape));
    }
  }
}

void read_parameters(const ContainerReader& reader, ParameterTable* table,
                     const std::string& scope) {
  const ParameterRange range = table->below(scope);
  std::set<std::string> left;
  if (reader.has(parameter_group))
    for (const DatasetInfo& info : reader.datasets(parameter_group, true)) left.insert(info.path);
  for (std::size_t j = range.first; j < range.first + range.count; ++j) {
    const Parameter& p = table->list()[j];
    const std::string path = std::string(parameter_group) + "/" + p.name;
    if (left.erase(path) == 0)
      fail_invalid(reader.name() + ": " + path + " is missing from this model");
    const Shape expected = {static_cast<std::size_t>(p.rows), static_cast<std::size_t>(p.columns)};
    const Shape found = reader.info(path).shape;
    if (found != expected)
      fail_invalid(reader.name() + ": " + path + " has shape " + to_string(found) +
                   ", this model needs " + to_string(expected));
    const std::vector<double> values = reader.read(path).to<double>();
    for (std::size_t i = 0; i < values.size(); ++i) {
      if (!std::isfinite(values[i]))
        fail_invalid(reader.name() + ": " + path + " holds a number that is not finite");
      table->values[p.offset + i] = values[i];
    }
  }
  if (!left.empty())
    fail_invalid(reader.name() + ": " + *left.begin() + " is not a parameter of this model");
}

std::string model_text(const ContainerReader& reader, const std::string& attribute) {
  const std::optional<std::string> value = reader.text("/model", attribute);
  if (!value) fail_invalid(missing_attribute(reader, attribute));
  return *value;
}

double model_number(const ContainerReader& reader, const std::string& attribute, double low,
                    double high) {
  const std::optional<double> value = reader.number("/model", attribute);
  if (!value) fail_invalid(missing_attribute(reader, attribute));
  if (!(*value >= low && *value <= high))
    fail_invalid(reader.name() + ": /model says " + attribute + " = " + std::to_string(*value) +
                 ", outside what a model can have");
  return *value;
}

int model_integer(const ContainerReader& reader, const std::string& attribute, int low, int high) {
  const double value = model_number(reader, attribute, low, high);
  if (value != std::floor(value))
    fail_invalid(reader.name() + ": /model says " + attribute + " = " + std::to_string(value) +
                 ", which should be whole");
  return static_cast<int>(value);
}

void write_row_shape(ContainerWriter* writer, const Shape& shape) {
  const std::vector<std::int64_t> extents(shape.begin(), shape.end());
  writer->write("/model/row_shape", Array::of(extents, {extents.size()}));
}

Shape read_row_shape(const ContainerReader& reader, int dimension) {
  const std::size_t size = static_cast<std::size_t>(dimension);
  if (!reader.has("/model/row_shape")) return {size};
  Shape shape;
  std::size_t left = size;
  for (const std::int64_t extent : reader.read("/model/row_shape").to<std::int64_t>()) {
    if (extent < 1 || left % static_cast<std::size_t>(extent) != 0)
      fail_invalid(reader.name() + ": /model/row_shape does not fit the dimension " +
                   std::to_string(dimension));
    shape.push_back(static_cast<std::size_t>(extent));
    left /= shape.back();
  }
  if (left != 1 || shape.size() > 7)
    fail_invalid(reader.name() + ": /model/row_shape does not fit the dimension " +
                 std::to_string(dimension));
  return shape;
}

void write_row_names(ContainerWriter* writer, const RowNames& names) {
  if (!names.columns.empty()) writer->set_text("/model", "columns", join_names(names.columns));
  if (!names.classes.empty()) writer->set_text("/model", "class_names", join_names(names.classes));
}

RowNames read_row_names(const ContainerReader& reader, int dimension) {
  RowNames names;
  names.columns = read_names(reader, "/model", "columns", static_cast<std::size_t>(dimension));
  if (const auto classes = reader.text("/model", "class_names"))
    names.classes = split_names(*classes);
  return names;
}

std::vector<double> model_columns(const ContainerReader& reader, const std::string& path,
                                  int dimension, bool positive) {
  if (!reader.has(path)) fail_invalid(reader.name() + ": " + path + " is missing from this model");
  const Shape expected = {static_cast<std::size_t>(dimension)};
  const Shape shape = reader.info(path).shape;
  if (shape != expected)
    fail_invalid(reader.name() + ": " + path + " has shape " + to_string(shape) +
                 ", this model needs " + to_string(expected));
  const std::vector<double> values = reader.read(path).to<double>();
  for (const double v : values)
    if (!std::isfinite(v) || (positive && v <= 0))
      fail_invalid(reader.name() + ": " + path + " holds " + std::to_string(v) +
                   ", which should be " + (positive ? "above 0" : "finite"));
  return values;
}

std::vector<double> origin_or_none(const ContainerReader& reader, const std::string& path,
                                   int dimension) {
  if (!reader.has(path)) return {};
  return model_columns(reader, path, dimension, false);
}

void write_class_rows(ContainerWriter* writer, const std::vector<std::int64_t>& class_rows) {
  if (!class_rows.empty())
    writer->write(class_rows_path, Array::of(class_rows, {class_rows.size()}));
}

std::vector<std::int64_t> read_class_rows(const ContainerReader& reader, int classes) {
  if (!reader.has(class_rows_path)) return {};
  const Shape expected = {static_cast<std::size_t>(classes)};
  if (const Shape shape = reader.info(class_rows_path).shape; shape != expected)
    fail_invalid(reader.name() + ": " + class_rows_path + " has shape " + to_string(shape) +
                 ", this model needs " + to_string(expected));
  return reader.read(class_rows_path).to<std::int64_t>();
}

void require_trained_label(const std::vector<std::int64_t>& class_rows, int label,
                           const std::string& file) {
  if (class_rows.empty() || label < 0 || class_rows[static_cast<std::size_t>(label)] > 0) return;
  std::vector<std::string> trained;
  for (std::size_t k = 0; k < class_rows.size(); ++k)
    if (class_rows[k] > 0) trained.push_back(std::to_string(k));
  fail_invalid(file + ": there were no training rows of class " + std::to_string(label) +
               (trained.empty() ? "" : ", only of " + listed(trained, " and ", "", 8)));
}

std::size_t stored_parameters(const ContainerReader& reader) {
  std::size_t count = 0;
  if (reader.has(parameter_group))
    for (const DatasetInfo& info : reader.datasets(parameter_group, true))
      count += product(info.shape);
  return count;
}

void fail_few_parameters(const ContainerReader& reader) {
  fail_invalid(reader.name() + ": /model/parameters holds fewer numbers than its attributes need");
}

void require_stored_parameters(const ContainerReader& reader, double count) {
  if (static_cast<double>(stored_parameters(reader)) < count) fail_few_parameters(reader);
}

std::string model_family(const ContainerReader& reader) {
  reader.require_group("a model");
  if (!reader.has("/model"))
    fail_invalid(reader.name() + ": not a model (no /model); use a file written by flow-train, " +
                 "score-train or tensor-gen --model");
  return model_text(reader, "family");
}

}  // namespace pushforward
