#include "score/ddgan_networks.hpp"

#include <cmath>
#include <string>

#include "nn/layers.hpp"
#include "nn/unet.hpp"

namespace pushforward {
namespace {

constexpr int mapping_layers = 3;  // of z to what the blocks of a U-Net are told

// A dense network learns what is coarse first (Rahaman et al. 2019, On the spectral bias of neural
// networks), and a discriminator that is late to see detail teaches none: rows are stretched before
// the first layer, which starts with weights for numbers of about 1.
constexpr double discriminator_stretch = 10, generator_stretch = 2;

Expr level_of(Expr sigma) { return level_features(0.25 * log(sigma)); }

Expr mapped(Scope scope, Expr z, int columns) {
  for (int i = 0; i < mapping_layers; ++i)
    z = silu(linear(scope / ("hidden_" + std::to_string(i)), z, columns));
  return z / sqrt(sum_columns(square(z)) / double(columns) + 1e-8);
}

}  // namespace

Expr ddgan_generator(Scope scope, Expr x, Expr z, const DdganContext& context, Expr uniforms,
                     const ConditionalShape& shape) {
  const Expr style = shape.unet ? mapped(scope / "mapping", z, 4 * shape.unet->channels) : z;
  // It is told like a label, so that a network can take it in wherever it takes that; scaled, it
  // starts with as much weight as a label has.
  std::vector<Expr> told = {style / std::sqrt(double(style.columns()))};
  if (context.label.valid())
    told.push_back(broadcast(context.label, z.rows(), context.label.columns()));
  return conditional_network(scope, shape.unet ? x : generator_stretch * x,
                             {level_of(context.sigma), concatenate_columns(told), uniforms},
                             x.columns(), shape);
}

Expr ddgan_discriminator(Scope scope, Expr before, Expr x, const DdganContext& context,
                         const ConditionalShape& shape) {
  const Expr both = concatenate_columns({before, x});
  const Told told{level_of(context.sigma), context.label};
  if (!shape.unet) return conditional_network(scope, discriminator_stretch * both, told, 1, shape);
  const Expr seen = unet_features(scope, both, told, hidden_layers(shape), *shape.unet);
  const Expr hidden = silu(linear(scope / "head", silu(seen), seen.columns()));
  return linear(scope / "output", hidden, 1, true);
}

}  // namespace pushforward
