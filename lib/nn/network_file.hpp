// The network of a model (nn/conditional_network.hpp) as attributes of its container.
#pragma once

#include "io/container.hpp"
#include "nn/conditional_network.hpp"

namespace pushforward {

constexpr std::size_t most_unet_levels = 10;

// Attributes of /model: net, "mlp" or "unet", and the numbers of its shape.
void write_network(ContainerWriter* writer, const ConditionalShape& shape);

// The same, read back, for rows of `dimension` numbers. Error(invalid) naming the file for a net
// that this version does not know, and for a shape that no network can have, or none for pictures
// of the file's row shape.
[[nodiscard]] ConditionalShape read_network(const ContainerReader& reader, int dimension);

}  // namespace pushforward
