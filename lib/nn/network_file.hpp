// The network of a model (nn/conditional_network.hpp) as attributes of its container.
#pragma once

#include "io/container.hpp"
#include "nn/conditional_network.hpp"

namespace pushforward {

// Upper limits of what a command line or a model file may ask for.
constexpr int most_hidden_units = 65536, most_hidden_layers = 64;
constexpr int most_unet_channels = 4096, most_unet_multiplier = 64, most_unet_blocks = 64;
constexpr std::size_t most_unet_levels = 10;

// Writes attributes of /model: net, which is "mlp" or "unet", and the numbers of its shape.
void write_network(ContainerWriter* writer, const ConditionalShape& shape);

// Reads them back, for rows of `dimension` numbers. Error(invalid), naming the file, for an unknown
// net, for an impossible shape, and for one that does not match the file's row shape.
[[nodiscard]] ConditionalShape read_network(const ContainerReader& reader, int dimension);

}  // namespace pushforward
