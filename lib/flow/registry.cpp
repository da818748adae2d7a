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

const std::vector<FlowKind>& flow_kinds() {
  using Order = ColumnOrder;
  // name, base, columns, networks, splines, context, order, layers, those of images, blocks
  static const std::vector<FlowKind> kinds = {
      {"planar", "normal", 1, false, false, false, Order::as_given, planar_layers, nullptr, 0},
      {"radial", "normal", 1, false, false, false, Order::as_given, radial_layers, nullptr, 0},
      {"nice", "logistic", 2, true, false, true, Order::as_given, nice_layers, image_nice_layers,
       2},
      {"realnvp", "normal", 2, true, false, true, Order::as_given, real_nvp_layers,
       image_real_nvp_layers, 2},
      {"glow", "normal", 2, true, false, true, Order::rotation, glow_layers, image_glow_layers, 8},
      {"maf", "normal", 1, true, false, true, Order::reversed, maf_layers, nullptr, 0},
      {"iaf", "normal", 1, true, false, true, Order::reversed, iaf_layers, nullptr, 0},
      {"spline", "normal", 2, true, true, true, Order::random, spline_layers, nullptr, 0},
      {"spline-ar", "normal", 1, true, true, true, Order::random, spline_autoregressive_layers,
       nullptr, 0},
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
