// The network of a model (nn/conditional_network.hpp) as attributes of its container.
#pragma once

#include "io/container.hpp"
#include "nn/conditional_network.hpp"

namespace pushforward {

constexpr std::size_t max_unet_levels = 10;

// Writes attributes of /model: net, which is "mlp" or "unet", and the numbers of its shape.
void write_network(ContainerWriter* writer, const ConditionalShape& shape);

// Reads them back, for rows of `dimension` numbers. Error(invalid), naming the file, for an unknown
// net, for an impossible shape, and for one that does not match the file's row shape.
[[nodiscard]] ConditionalShape read_network(const ContainerReader& reader, int dimension);

}  // namespace pushforward
