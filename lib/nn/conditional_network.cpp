#include "nn/conditional_network.hpp"

#include <algorithm>
#include <cmath>
#include <string>

#include "nn/layers.hpp"
#include "nn/unet.hpp"

namespace pushforward {
namespace {

// ln(sigma) / 4 spans about [-1.6, 1.1] over the levels in use; the slowest feature has period 4.
constexpr int level_frequencies = 4;
constexpr double lowest_frequency = 0.25;

// Numbers in the largest layer of a U-Net's lane: eight images of 32 x 32 with 32 channels.
constexpr std::size_t lane_layer_size = 8 * 32 * 32 * 32;

}  // namespace

Expr level_features(Expr x) {
  return hstack({x, fourier_features(x, level_frequencies, lowest_frequency)});
}

Expr conditional_hidden(Scope scope, Expr x, const Conditioning& conditioning, int layer,
                        const ConditionalShape& shape) {
  if (shape.unet) return unet_features(scope, x, conditioning, layer, *shape.unet);
  const double start = 1 / std::sqrt(double(x.columns()));
  Expr offset =
      (scope / "hidden_0").parameter("bias", 1, shape.hidden, Initializer::uniform(start));
  if (conditioning.level.valid()) {
    const int columns = conditioning.level.columns();
    const Expr weight = (scope / "level")
                            .parameter("weight", columns, shape.hidden,
                                       Initializer::uniform(1 / std::sqrt(double(columns))));
    offset = offset + matmul(conditioning.level, weight);
  }
  if (conditioning.label.valid()) {
    const Expr weight = (scope / "label")
                            .parameter("weight", conditioning.label.columns(), shape.hidden,
                                       Initializer::uniform(1));
    offset = offset + matmul(conditioning.label, weight);
  }
  const Expr weight =
      (scope / "hidden_0")
          .parameter("weight", x.columns(), shape.hidden, Initializer::uniform(start));
  Expr h = silu(matmul(x, weight) + offset);
  for (int i = 1; i < layer; ++i)
    h = silu(linear(scope / ("hidden_" + std::to_string(i)), h, shape.hidden));
  return h;
}

Expr conditional_network(Scope scope, Expr x, const Conditioning& conditioning, int outputs,
                         const ConditionalShape& shape) {
  if (shape.unet) return unet(scope, x, conditioning, outputs, *shape.unet);
  return linear(scope / "output", conditional_hidden(scope, x, conditioning, shape.depth, shape),
                outputs, true);
}

int hidden_layers(const ConditionalShape& shape) {
  return shape.unet ? static_cast<int>(shape.unet->multipliers.size()) : shape.depth;
}

int dropout_columns(const ConditionalShape& shape) {
  return shape.unet ? unet_uniforms(*shape.unet) : 0;
}

std::size_t network_lane_rows(const ConditionalShape& shape, std::size_t max_rows) {
  if (!shape.unet) return max_rows;
  return std::clamp(lane_layer_size / unet_layer_size(*shape.unet), std::size_t{1}, max_rows);
}

}  // namespace pushforward
