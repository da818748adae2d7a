// The network of a model (nn/conditional_network.hpp) as attributes of its container.
#pragma once

#include "io/container.hpp"
#include "nn/conditional_network.hpp"

namespace pushforward {

// Upper limits of what a command line or a model file may ask for.
constexpr int max_hidden_units = 65536, max_hidden_layers = 64;
constexpr int max_unet_channels = 4096, max_unet_multiplier = 64, max_unet_blocks = 64;
constexpr std::size_t max_unet_levels = 10;

// Writes attributes of /model: net, which is "mlp" or "unet", and the numbers of its shape.
void write_network(ContainerWriter* writer, const ConditionalShape& shape);

// Reads them back, for rows of `dimension` numbers. Error(invalid), naming the file, for an unknown
// net, for an impossible shape, and for one that does not match the file's row shape.
[[nodiscard]] ConditionalShape read_network(const ContainerReader& reader, int dimension);

}  // namespace pushforward
