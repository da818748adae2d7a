#include <algorithm>
#include <numeric>

#include "base/error.hpp"
#include "base/random.hpp"
#include "flow/autoregressive.hpp"
#include "flow/coupling.hpp"
#include "flow/flow_spec.hpp"
#include "flow/image_flow.hpp"
#include "flow/linear.hpp"
#include "flow/planar.hpp"
#include "flow/radial.hpp"

namespace pushforward {

namespace {

double row_in_every_layer(const FlowSpec& spec) { return double(spec.layers) * spec.dimension; }

// One bias per hidden unit, and a square matrix between two hidden layers. Of an image flow, one
// number per channel of the network at every scale.
double network_in_every_layer(const FlowSpec& spec) {
  if (spec.convolutional()) return double(spec.image.channels) * spec.image.scales;
  if (spec.depth == 0) return row_in_every_layer(spec);
  return spec.layers * double(spec.hidden) *
         (spec.dimension + double(spec.hidden) * (spec.depth - 1));
}

}  // namespace

FlowKind::FlowKind(const char* its_name, Layers its_layers)
    : name(its_name), layers(its_layers), min_parameters(row_in_every_layer) {}

FlowKind& FlowKind::based_on(const char* distribution) {
  base = distribution;
  return *this;
}

FlowKind& FlowKind::of_columns(int least) {
  min_columns = least;
  return *this;
}

FlowKind& FlowKind::with_networks() {
  has_networks = takes_context = true;
  min_parameters = network_in_every_layer;
  return *this;
}

FlowKind& FlowKind::with_splines() {
  has_splines = true;
  weight_decay = 0.3;
  return *this;
}

FlowKind& FlowKind::ordered(ColumnOrder by_default) {
  order = by_default;
  return *this;
}

FlowKind& FlowKind::of_images(const Images& convolutional) {
  images = convolutional;
  return *this;
}

const std::vector<FlowKind>& flow_kinds() {
  static const std::vector<FlowKind> kinds = {
      FlowKind("planar", planar_layers),
      FlowKind("radial", radial_layers),
      FlowKind("nice", nice_layers)
          .based_on("logistic")
          .of_columns(2)
          .with_networks()
          .of_images({image_nice_layers, 2, Halving::between_scales}),
      FlowKind("realnvp", real_nvp_layers)
          .of_columns(2)
          .with_networks()
          .of_images({image_real_nvp_layers, 2, Halving::between_scales}),
      FlowKind("glow", glow_layers)
          .of_columns(2)
          .with_networks()
          .ordered(ColumnOrder::rotation)
          .of_images({image_glow_layers, 8, Halving::every_scale}),
      FlowKind("maf", maf_layers).with_networks().ordered(ColumnOrder::reversed),
      FlowKind("iaf", iaf_layers).with_networks().ordered(ColumnOrder::reversed),
      FlowKind("spline", spline_layers)
          .of_columns(2)
          .with_networks()
          .with_splines()
          .ordered(ColumnOrder::random),
      FlowKind("spline-ar", spline_autoregressive_layers)
          .with_networks()
          .with_splines()
          .ordered(ColumnOrder::random),
  };
  return kinds;
}

std::vector<std::string> flow_names() {
  std::vector<std::string> names;
  for (const FlowKind& kind : flow_kinds()) names.emplace_back(kind.name);
  return names;
}

const FlowKind& flow_kind(const std::string& name) {
  for (const FlowKind& kind : flow_kinds())
    if (name == kind.name) return kind;
  fail_usage("no flow is called " + name);
}

std::vector<std::vector<int>> column_orders(ColumnOrder order, const std::vector<int>& lengths,
                                            std::uint64_t seed) {
  std::vector<std::vector<int>> orders;
  if (order == ColumnOrder::as_given) return orders;
  if (order == ColumnOrder::rotation) return rotation_orders(lengths, seed);
  const Random random(seed, Stream::column_order);
  for (std::size_t i = 0; i < lengths.size(); ++i) {
    const std::size_t size = static_cast<std::size_t>(lengths[i]);
    std::vector<int> columns(size);
    std::iota(columns.begin(), columns.end(), 0);
    if (order == ColumnOrder::reversed && i % 2 == 1) std::reverse(columns.begin(), columns.end());
    if (order == ColumnOrder::random) {
      const auto drawn = permutation(size, random, static_cast<std::uint32_t>(i));
      for (std::size_t j = 0; j < size; ++j) columns[j] = static_cast<int>(drawn[j]);
    }
    orders.push_back(std::move(columns));
  }
  return orders;
}

}  // namespace pushforward
