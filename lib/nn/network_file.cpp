#include "nn/network_file.hpp"

#include <algorithm>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "nn/model_file.hpp"
#include "nn/unet.hpp"

namespace pushforward {
namespace {

void write_unet(ContainerWriter* writer, const UnetShape& shape) {
  writer->set_integer("/model", "height", shape.height);
  writer->set_integer("/model", "width", shape.width);
  writer->set_integer("/model", "channels", shape.channels);
  writer->set_text("/model", "multipliers", joined_integers(shape.multipliers));
  writer->set_integer("/model", "blocks", shape.blocks);
  writer->set_text("/model", "attention", joined_integers(shape.attention));
  writer->set_integer("/model", "heads", shape.heads);
  writer->set_number("/model", "dropout", shape.dropout);
}

std::vector<int> read_integers(const ContainerReader& reader, const std::string& attribute,
                               int high, std::size_t max_count) {
  const std::string text = model_text(reader, attribute);
  std::vector<int> values;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find(',', at), text.size());
    const std::string word = text.substr(at, end - at);
    const bool number = !word.empty() && word.size() < 8 &&
                        word.find_first_not_of("0123456789") == std::string::npos;
    const int value = number ? std::stoi(word) : 0;
    if (value < 1 || value > high || values.size() == max_count)
      fail_invalid(reader.name() + ": /model says " + attribute + " = '" + text +
                   "', not numbers from 1 to " + std::to_string(high));
    values.push_back(value);
    at = end + 1;
  }
  return values;
}

UnetShape read_unet(const ContainerReader& reader, int dimension) {
  UnetShape shape;
  shape.height = model_integer(reader, "height", 1, dimension);
  shape.width = model_integer(reader, "width", 1, dimension / shape.height);
  shape.channels = model_integer(reader, "channels", 1, max_unet_channels);
  shape.multipliers = read_integers(reader, "multipliers", max_unet_multiplier, max_unet_levels);
  shape.blocks = model_integer(reader, "blocks", 1, max_unet_blocks);
  shape.attention = read_integers(reader, "attention", dimension, max_unet_levels);
  shape.heads = model_integer(reader, "heads", 1, max_unet_channels);
  shape.dropout = model_number(reader, "dropout", 0, 1);
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
  if (shape.unet) {
    write_unet(writer, *shape.unet);
    return;
  }
  writer->set_integer("/model", "hidden", shape.hidden);
  writer->set_integer("/model", "depth", shape.depth);
}

ConditionalShape read_network(const ContainerReader& reader, int dimension) {
  const std::string net = model_text(reader, "net");
  ConditionalShape shape;
  if (net == "unet") {
    shape.unet = read_unet(reader, dimension);
  } else if (net == "mlp") {
    shape.hidden = model_integer(reader, "hidden", 1, max_hidden_units);
    shape.depth = model_integer(reader, "depth", 1, max_hidden_layers);
  } else {
    fail_invalid(reader.name() + ": its network is '" + net +
                 "', which this version does not know");
  }
  return shape;
}

}  // namespace pushforward
