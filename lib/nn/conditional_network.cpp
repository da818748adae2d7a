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

// Numbers of a lane's largest layer in a U-Net: eight images of 32 x 32 with 32 channels.
constexpr std::size_t lane_layer_size = 8 * 32 * 32 * 32;

}  // namespace

Expr level_features(Expr x) {
  return concatenate_columns({x, fourier_features(x, level_frequencies, lowest_frequency)});
}

Expr conditional_hidden(Scope scope, Expr x, const Told& told, int layer,
                        const ConditionalShape& shape) {
  if (shape.unet) return unet_features(scope, x, told, layer, *shape.unet);
  const double start = 1 / std::sqrt(double(x.columns()));
  Expr offset =
      (scope / "hidden_0").parameter("bias", 1, shape.hidden, Initializer::uniform(start));
  if (told.level.valid()) {
    const int columns = told.level.columns();
    const Expr weight = (scope / "level")
                            .parameter("weight", columns, shape.hidden,
                                       Initializer::uniform(1 / std::sqrt(double(columns))));
    offset = offset + matmul(told.level, weight);
  }
  if (told.label.valid()) {
    const Expr weight =
        (scope / "label")
            .parameter("weight", told.label.columns(), shape.hidden, Initializer::uniform(1));
    offset = offset + matmul(told.label, weight);
  }
  const Expr weight =
      (scope / "hidden_0")
          .parameter("weight", x.columns(), shape.hidden, Initializer::uniform(start));
  Expr h = silu(matmul(x, weight) + offset);
  for (int i = 1; i < layer; ++i)
    h = silu(linear(scope / ("hidden_" + std::to_string(i)), h, shape.hidden));
  return h;
}

Expr conditional_network(Scope scope, Expr x, const Told& told, int outputs,
                         const ConditionalShape& shape) {
  if (shape.unet) return unet(scope, x, told, outputs, *shape.unet);
  return linear(scope / "output", conditional_hidden(scope, x, told, shape.depth, shape), outputs,
                true);
}

int hidden_layers(const ConditionalShape& shape) {
  return shape.unet ? static_cast<int>(shape.unet->multipliers.size()) : shape.depth;
}

int dropout_columns(const ConditionalShape& shape) {
  return shape.unet ? unet_uniforms(*shape.unet) : 0;
}

std::size_t network_lane_rows(const ConditionalShape& shape, std::size_t most) {
  if (!shape.unet) return most;
  return std::clamp(lane_layer_size / unet_layer_size(*shape.unet), std::size_t{1}, most);
}

}  // namespace pushforward
