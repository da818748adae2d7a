#include <algorithm>

#include "base/error.hpp"
#include "density/analytic_model.hpp"
#include "flow/base.hpp"
#include "flow/flow.hpp"
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
  write_row_shape(writer, row_shape);
  const Standardization& standard = flow.standardization();
  if (standard.scale.empty()) return;
  writer->write("/model/preprocess/shift", Array::of(standard.shift, {standard.shift.size()}));
  writer->write("/model/preprocess/scale", Array::of(standard.scale, {standard.scale.size()}));
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
  // Every kind has a vector of the row's size in a layer, the networks one for every hidden unit.
  const bool conditioned = flow_kind(spec.flow).has_networks && spec.depth > 0;
  require_stored_parameters(
      reader, double(spec.layers) * spec.dimension * (conditioned ? double(spec.hidden) : 1.0));
  Standardization standard;
  if (reader.has("/model/preprocess/scale")) {
    standard.shift = model_columns(reader, "/model/preprocess/shift", spec.dimension, false);
    standard.scale = model_columns(reader, "/model/preprocess/scale", spec.dimension, true);
  }
  auto flow = std::make_unique<Flow>(spec, standard, 0);
  read_parameters(reader, &flow->parameters());
  return flow;
}

std::unique_ptr<Density> read_density(const ContainerReader& reader) {
  const std::string family = model_family(reader);
  if (family == "analytic") return read_analytic_model(reader);
  if (family == "flow") return read_flow(reader);
  fail_invalid(reader.name() + ": a model of the family '" + family +
               "' has no exact log density; use a flow or an analytic model");
}

}  // namespace pushforward
