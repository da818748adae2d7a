#include "score/ddgan_networks.hpp"

#include <algorithm>
#include <cmath>
#include <string>

#include "base/constants.hpp"
#include "nn/layers.hpp"
#include "nn/unet.hpp"

namespace pushforward {
namespace {

constexpr int mapping_layers = 3;  // from z to the conditioning of a U-Net's blocks

// A dense network learns low frequencies first (Rahaman et al. 2019, On the spectral bias of neural
// networks), and a discriminator that sees detail late teaches none. So rows of few columns are
// extended by sines and cosines of each column (Tancik et al. 2020) with periods 4, 2, 1, ... Their
// amplitudes decrease with the period, so that the network still starts with smooth functions.
constexpr int max_sinusoid_columns = 16;
constexpr int discriminator_octaves = 6, generator_octaves = 3;
constexpr double longest_period = 4, amplitude_scale = 3, amplitude_decay = 0.6;
constexpr double discriminator_stretch = 3, generator_stretch = 2, latent_stretch = 3;

// [n, c] -> [n, c (1 + 2 octaves)], or stretch * x if there are too many columns.
Expr with_sinusoids(Expr x, double stretch, int octaves) {
  if (x.columns() > max_sinusoid_columns) return stretch * x;
  std::vector<int> column;
  std::vector<double> frequency, size;
  for (int o = 0; o < octaves; ++o)
    for (int c = 0; c < x.columns(); ++c) {
      column.push_back(c);
      frequency.push_back(two_pi / longest_period * std::pow(2.0, o));
      size.push_back(amplitude_scale * std::pow(amplitude_decay, o));
    }
  const auto row = [&](const std::vector<double>& values) {
    return x.graph().constant(1, static_cast<int>(values.size()), values);
  };
  const Expr angle = gather_columns(x, column) * row(frequency);
  return hstack({stretch * x, row(size) * sin(angle), row(size) * cos(angle)});
}

Expr level_of(Expr sigma) { return level_features(0.25 * log(sigma)); }

// The generator's U-Net with further levels down to 4 x 4 pixels or fewer: a shallower
// discriminator judges textures, not what a picture shows.
UnetShape discriminator_shape(UnetShape shape) {
  constexpr int last_side = 4;
  int side = std::max(shape.height, shape.width);
  for (std::size_t level = 1; level < shape.multipliers.size(); ++level) side = (side + 1) / 2;
  for (; side > last_side; side = (side + 1) / 2)
    shape.multipliers.push_back(shape.multipliers.back());
  return shape;
}

Expr mapped(Scope scope, Expr z, int columns) {
  for (int i = 0; i < mapping_layers; ++i)
    z = silu(linear(scope / ("hidden_" + std::to_string(i)), z, columns));
  return z / sqrt(sum_columns(square(z)) / double(columns) + 1e-8);
}

}  // namespace

Expr ddgan_generator(Scope scope, Expr x, Expr z, const DdganContext& context, Expr uniforms,
                     const ConditionalShape& shape) {
  const Expr style = shape.unet ? mapped(scope / "mapping", z, 4 * shape.unet->channels)
                                : latent_stretch * with_sinusoids(z, 1, generator_octaves);
  // z conditions the network like a label does. It is scaled so that it does not drown the rest.
  const int numbers = shape.unet ? style.columns() : z.columns();
  std::vector<Expr> labels = {style / std::sqrt(double(numbers))};
  if (context.label.valid())
    labels.push_back(broadcast(context.label, z.rows(), context.label.columns()));
  return conditional_network(
      scope, shape.unet ? x : with_sinusoids(x, generator_stretch, generator_octaves),
      {level_of(context.sigma), hstack(labels), uniforms}, x.columns(), shape);
}

Expr ddgan_discriminator(Scope scope, Expr before, Expr x, const DdganContext& context,
                         const ConditionalShape& shape) {
  const Conditioning conditioning{level_of(context.sigma), context.label};
  if (!shape.unet)
    return conditional_network(
        scope,
        hstack({with_sinusoids(before, discriminator_stretch, discriminator_octaves),
                discriminator_stretch * x}),
        conditioning, 1, shape);
  const UnetShape deeper = discriminator_shape(*shape.unet);
  const Expr seen = unet_features(scope, hstack({before, x}), conditioning,
                                  static_cast<int>(deeper.multipliers.size()), deeper);
  const Expr hidden = silu(linear(scope / "head", silu(seen), seen.columns()));
  return linear(scope / "output", hidden, 1, true);
}

}  // namespace pushforward
