#include <algorithm>
#include <numeric>

#include "base/error.hpp"
#include "density/analytic_model.hpp"
#include "flow/base.hpp"
#include "flow/dequantization.hpp"
#include "flow/flow.hpp"
#include "flow/image_flow.hpp"
#include "nn/model_file.hpp"

namespace pushforward {
namespace {

template <class Names>
void require_known(const ContainerReader& reader, const std::string& what, const std::string& name,
                   const Names& known) {
  if (std::find(known.begin(), known.end(), name) == known.end())
    fail_invalid(reader.name() + ": its " + what + " is '" + name +
                 "', which this version does not know");
}

// An optional attribute of later versions; `otherwise` where a file has none.
int integer_or(const ContainerReader& reader, const std::string& attribute, int low, int high,
               int otherwise) {
  return reader.number("/model", attribute) ? model_integer(reader, attribute, low, high)
                                            : otherwise;
}

const char* const orders_path = "/model/orders";

// Orders of equal length are rows of a matrix, those of images, of different ones, one vector.
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

// The order in which each layer takes the columns; damage that makes it no permutation is refused.
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

void write_image(ContainerWriter* writer, const ImageFlowSpec& image) {
  writer->set_integer("/model", "image_height", image.height);
  writer->set_integer("/model", "image_width", image.width);
  writer->set_integer("/model", "channels", image.channels);
  writer->set_integer("/model", "scales", image.scales);
  writer->set_integer("/model", "blocks", image.blocks);
}

// Of a file that has them.
void read_image(const ContainerReader& reader, FlowSpec* spec) {
  ImageFlowSpec& image = spec->image;
  if (flow_kind(spec->flow).images.layers == nullptr)
    fail_invalid(reader.name() + ": /model has an image_height, but " + spec->flow +
                 " is no flow of images");
  image.height = model_integer(reader, "image_height", 1, spec->dimension);
  image.width = model_integer(reader, "image_width", 1, spec->dimension / image.height);
  image.channels = model_integer(reader, "channels", 1, most_channels);
  image.scales = model_integer(reader, "scales", 1, most_scales);
  image.blocks = model_integer(reader, "blocks", 1, most_blocks);
  if (spec->dimension % (image.height * image.width) != 0 || !image_misfit(*spec).empty())
    fail_invalid(reader.name() + ": /model says rows of " + std::to_string(spec->dimension) +
                 " numbers are images of " + std::to_string(image.height) + " x " +
                 std::to_string(image.width) + " pixels and " + std::to_string(image.scales) +
                 " scales, which do not go together");
}

}  // namespace

void write_flow(ContainerWriter* writer, const Flow& flow, const Shape& row_shape,
                ElementType type) {
  const FlowSpec& spec = flow.spec();
  write_parameters(writer, flow.parameters(), type);
  writer->set_text("/model", "family", "flow");
  writer->set_text("/model", "flow", spec.flow);
  writer->set_text("/model", "base", spec.base);
  writer->set_integer("/model", "dimension", spec.dimension);
  writer->set_integer("/model", "layers", spec.layers);
  writer->set_integer("/model", "hidden", spec.hidden);
  writer->set_integer("/model", "depth", spec.depth);
  if (flow_kind(spec.flow).has_splines) {
    writer->set_integer("/model", "bins", spec.bins);
    writer->set_number("/model", "bound", spec.bound);
  }
  if (spec.base == "mixture") writer->set_integer("/model", "components", spec.components);
  if (spec.eight_bit()) writer->set_text("/model", "dequantize", spec.dequantization);
  if (spec.logit > 0) writer->set_number("/model", "logit", spec.logit);
  if (spec.convolutional()) write_image(writer, spec.image);
  if (spec.batch_norm) writer->set_integer("/model", "batch_norm", 1);
  if (spec.context > 0) {
    writer->set_integer("/model", "context", spec.context);
    writer->set_text("/model", "context_path", spec.context_path);
  }
  if (spec.classes > 0) writer->set_integer("/model", "classes", spec.classes);
  write_orders(writer, spec);
  write_row_shape(writer, row_shape);
  const Standardization& standard = flow.standardization();
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
  write_class_rows(writer, spec.class_rows);
}

std::unique_ptr<Flow> read_flow(const ContainerReader& reader) {
  const std::string family = model_family(reader);
  if (family != "flow")
    fail_invalid(reader.name() + ": a model of the family '" + family +
                 "', where a flow is needed");
  FlowSpec spec;
  spec.flow = model_text(reader, "flow");
  spec.base = model_text(reader, "base");
  require_known(reader, "flow", spec.flow, flow_names());
  require_known(reader, "base", spec.base, base_names());
  spec.dimension =
      model_integer(reader, "dimension", flow_kind(spec.flow).least_columns, most_dimension);
  spec.layers = model_integer(reader, "layers", 1, most_layers);
  spec.hidden = model_integer(reader, "hidden", 1, most_hidden);
  spec.depth = model_integer(reader, "depth", 0, most_depth);
  const FlowKind& kind = flow_kind(spec.flow);
  if (kind.has_splines) {
    spec.bins = model_integer(reader, "bins", 2, most_bins);
    spec.bound = model_number(reader, "bound", least_bound, most_bound);
  }
  if (spec.base == "mixture")
    spec.components = model_integer(reader, "components", 1, most_components);
  if (const auto text = reader.text("/model", "dequantize")) spec.dequantization = *text;
  require_known(reader, "dequantization", spec.dequantization, dequantization_names());
  if (spec.variational() && spec.dimension < 2)
    fail_invalid(reader.name() + ": /model says dequantize = 'variational' of rows of one column");
  if (spec.eight_bit() && reader.number("/model", "logit"))
    spec.logit = model_number(reader, "logit", least_logit, most_logit);
  if (reader.number("/model", "image_height")) read_image(reader, &spec);
  spec.batch_norm = integer_or(reader, "batch_norm", 0, 1, 0) == 1;
  spec.context = integer_or(reader, "context", 0, kind.takes_context ? most_dimension : 0, 0);
  if (spec.context > 0) spec.context_path = model_text(reader, "context_path");
  if (spec.context > 0 && !is_context_path(spec.context_path))
    fail_invalid(reader.name() + ": /model says context_path = '" + spec.context_path +
                 "', where no context can stand");
  spec.classes = integer_or(reader, "classes", 0, spec.context, 0);
  if (spec.classes != 0 && spec.classes != spec.context)
    fail_invalid(reader.name() + ": /model has " + std::to_string(spec.classes) +
                 " classes and a context of " + std::to_string(spec.context) + " columns");
  spec.class_rows = read_class_rows(reader, spec.classes);
  // A mixture has a mean for every component and column.
  const double means = spec.base == "mixture" ? double(spec.components) * spec.dimension : 0;
  require_stored_parameters(reader, kind.least_parameters(spec) + means);
  spec.orders = read_orders(reader, spec);
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
  auto flow = built_of_stored(
      reader, [&](std::size_t most) { return std::make_unique<Flow>(spec, standard, 0, most); });
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
