#include <numeric>

#include "base/error.hpp"
#include "density/analytic_model.hpp"
#include "flow/flow.hpp"
#include "flow/flow_fields.hpp"
#include "flow/image_flow.hpp"
#include "nn/field_file.hpp"
#include "nn/model_file.hpp"

namespace pushforward {
namespace {

const char* const orders_path = "/model/orders";

// Orders of dense flows have equal lengths and are rows of a matrix; those of images are one
// vector.
Shape orders_shape(const FlowSpec& spec) {
  const std::vector<int> lengths = order_lengths(spec);
  if (!spec.convolutional()) return {lengths.size(), static_cast<std::size_t>(spec.dimension)};
  return {std::accumulate(lengths.begin(), lengths.end(), std::size_t{0})};
}

void write_orders(ContainerWriter* writer, const FlowSpec& spec) {
  if (spec.orders.empty()) return;
  std::vector<std::int32_t> all;
  for (const std::vector<int>& order : spec.orders)
    all.insert(all.end(), order.begin(), order.end());
  writer->write(orders_path, Array::of(all, orders_shape(spec)));
}

// The order in which each layer takes the columns. Error(invalid) where one is no permutation.
std::vector<std::vector<int>> read_orders(const ContainerReader& reader, const FlowSpec& spec) {
  std::vector<std::vector<int>> orders;
  if (flow_kind(spec.flow).order == ColumnOrder::as_given) return orders;
  const Shape expected = orders_shape(spec);
  if (!reader.has(orders_path))
    fail_invalid(reader.name() + ": " + orders_path + " is missing from this model");
  if (const Shape shape = reader.info(orders_path).shape; shape != expected)
    fail_invalid(reader.name() + ": " + orders_path + " has shape " + to_string(shape) +
                 ", this model needs " + to_string(expected));
  const std::vector<std::int64_t> all = reader.read(orders_path).to<std::int64_t>();
  std::size_t next = 0;
  for (const int length : order_lengths(spec)) {
    std::vector<int> order;
    std::vector<bool> seen(static_cast<std::size_t>(length), false);
    for (int j = 0; j < length; ++j) {
      const std::int64_t column = all[next++];
      if (column < 0 || column >= length || seen[static_cast<std::size_t>(column)])
        fail_invalid(reader.name() + ": " + orders_path + " row " + std::to_string(orders.size()) +
                     " is no permutation of the columns");
      seen[static_cast<std::size_t>(column)] = true;
      order.push_back(static_cast<int>(column));
    }
    orders.push_back(std::move(order));
  }
  return orders;
}

// Error(invalid) where fields do not go together.
void require_consistent(const ContainerReader& reader, const FlowSpec& spec) {
  const auto refuse = [&](const std::string& why) {
    fail_invalid(reader.name() + ": /model " + why);
  };
  if (spec.variational() && spec.dimension < 2)
    refuse("says dequantize = 'variational' of rows of one column");
  if (spec.convolutional()) {
    if (flow_kind(spec.flow).images.layers == nullptr)
      refuse("has an image_height, but " + spec.flow + " is no flow of images");
    const ImageFlowSpec& image = spec.image;
    if (spec.dimension % (image.height * image.width) != 0 || !image_misfit(spec).empty())
      refuse("says rows of " + std::to_string(spec.dimension) + " numbers are images of " +
             std::to_string(image.height) + " x " + std::to_string(image.width) + " pixels and " +
             std::to_string(image.scales) + " scales, which do not go together");
  }
  if (spec.context > 0 && !is_context_path(spec.context_path))
    refuse("says context_path = '" + spec.context_path + "', where no context can stand");
  if (spec.classes != 0 && spec.classes != spec.context)
    refuse("has " + std::to_string(spec.classes) + " classes and a context of " +
           std::to_string(spec.context) + " columns");
}

void write_standardization(ContainerWriter* writer, const Standardization& standard) {
  const auto write_columns = [&](const char* name, const std::vector<double>& values) {
    if (!values.empty())
      writer->write(std::string("/model/preprocess/") + name, Array::of(values, {values.size()}));
  };
  write_columns("shift", standard.shift);
  write_columns("scale", standard.scale);
  write_columns("context_shift", standard.context_shift);
  write_columns("context_scale", standard.context_scale);
  write_columns("origin", standard.origin);
  write_columns("context_origin", standard.context_origin);
}

Standardization read_standardization(const ContainerReader& reader, const FlowSpec& spec) {
  Standardization standard;
  if (reader.has("/model/preprocess/scale")) {
    standard.shift = model_columns(reader, "/model/preprocess/shift", spec.dimension, false);
    standard.scale = model_columns(reader, "/model/preprocess/scale", spec.dimension, true);
    standard.origin = origin_or_none(reader, "/model/preprocess/origin", spec.dimension);
  }
  if (reader.has("/model/preprocess/context_scale")) {
    standard.context_shift =
        model_columns(reader, "/model/preprocess/context_shift", spec.context, false);
    standard.context_scale =
        model_columns(reader, "/model/preprocess/context_scale", spec.context, true);
    standard.context_origin =
        origin_or_none(reader, "/model/preprocess/context_origin", spec.context);
  }
  return standard;
}

}  // namespace

void write_flow(ContainerWriter* writer, const FlowSpec& spec,
                const Standardization& standardization, const ParameterTable& parameters,
                const Shape& row_shape, ElementType type) {
  write_parameters(writer, parameters, type);
  writer->set_text("/model", "family", "flow");
  each_field(spec, AttributeWriter{writer});
  write_orders(writer, spec);
  write_row_shape(writer, row_shape);
  write_standardization(writer, standardization);
  write_class_rows(writer, spec.class_rows);
}

void write_flow(ContainerWriter* writer, const Flow& flow, const Shape& row_shape,
                ElementType type) {
  write_flow(writer, flow.spec(), flow.standardization(), flow.parameters(), row_shape, type);
}

std::unique_ptr<Flow> read_flow(const ContainerReader& reader) {
  const std::string family = model_family(reader);
  if (family != "flow")
    fail_invalid(reader.name() + ": a model of the family '" + family +
                 "', where a flow is needed");
  FlowSpec spec;
  each_field(spec, AttributeReader{reader});
  require_consistent(reader, spec);
  spec.class_rows = read_class_rows(reader, spec.classes);
  // A mixture has a mean for every component and column.
  const double means = spec.base == "mixture" ? double(spec.components) * spec.dimension : 0;
  require_stored_parameters(reader, flow_kind(spec.flow).min_parameters(spec) + means);
  spec.orders = read_orders(reader, spec);
  const Standardization standard = read_standardization(reader, spec);
  auto flow = built_of_stored(reader, [&](std::size_t most) {
    return std::make_unique<Flow>(spec, standard, std::nullopt, most);
  });
  read_parameters(reader, &flow->parameters());
  return flow;
}

ContextReader flow_context(const Flow& flow, const RowReader& rows) {
  const FlowSpec& spec = flow.spec();
  ContextReader context(&rows, spec.context_path, spec.classes);
  if (context.columns() != static_cast<std::size_t>(spec.context))
    fail_invalid(rows.container().name() + ": " + spec.context_path + " has " +
                 std::to_string(context.columns()) + " columns, the flow's context has " +
                 std::to_string(spec.context));
  context.set_origin(flow.standardization().context_origin);
  return context;
}

std::unique_ptr<Density> read_density(const ContainerReader& reader) {
  const std::string family = model_family(reader);
  if (family == "analytic") return read_analytic_model(reader);
  if (family == "flow") return read_flow(reader);
  fail_invalid(reader.name() + ": a model of the family '" + family +
               "' has no exact log density; use a flow or an analytic model");
}

}  // namespace pushforward
