#include "nn/network_file.hpp"

#include <string>

#include "base/error.hpp"
#include "nn/field_file.hpp"
#include "nn/model_file.hpp"
#include "nn/network_fields.hpp"
#include "nn/unet.hpp"

namespace pushforward {
namespace {

UnetShape read_unet(const ContainerReader& reader, int dimension) {
  UnetShape shape;
  each_unet_field(shape, dimension, AttributeReader{reader, max_unet_levels});
  const Shape row = read_row_shape(reader, dimension);
  const auto side = [](int pixels) { return static_cast<std::size_t>(pixels); };
  if (row.size() < 2 || row[row.size() - 2] != side(shape.height) ||
      row.back() != side(shape.width))
    fail_invalid(reader.name() + ": a U-Net for images of " + std::to_string(shape.height) + " x " +
                 std::to_string(shape.width) + ", where rows have the shape " + to_string(row));
  if (shape.multipliers.empty() || shape.dropout == 1)
    fail_invalid(reader.name() + ": a U-Net without levels, or one that drops everything");
  if (const std::string complaint = unet_complaint(shape); !complaint.empty())
    fail_invalid(reader.name() + ": " + complaint);
  return shape;
}

}  // namespace

void write_network(ContainerWriter* writer, const ConditionalShape& shape) {
  writer->set_text("/model", "net", shape.unet ? "unet" : "mlp");
  if (shape.unet)
    each_unet_field(*shape.unet, 0, AttributeWriter{writer});
  else
    each_dense_field(shape, AttributeWriter{writer});
}

ConditionalShape read_network(const ContainerReader& reader, int dimension) {
  const std::string net = model_text(reader, "net");
  ConditionalShape shape;
  if (net == "unet") {
    shape.unet = read_unet(reader, dimension);
  } else if (net == "mlp") {
    each_dense_field(shape, AttributeReader{reader});
  } else {
    fail_invalid(reader.name() + ": its network is '" + net +
                 "', which this version does not know");
  }
  return shape;
}

}  // namespace pushforward
