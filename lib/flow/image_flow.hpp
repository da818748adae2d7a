// Convolutional flows of images with a multiscale architecture: NICE, Real NVP (Dinh,
// Sohl-Dickstein, Bengio 2017, sections 3.4 to 3.6) and Glow (Kingma, Dhariwal 2018, section 3).
// Activation normalisation, per channel, stands before every coupling, where Real NVP has batch
// normalisation.
#pragma once

#include "flow/flow_spec.hpp"
#include "flow/image_map.hpp"

namespace pushforward {

// At every scale but the last: three couplings that keep every second pixel, a squeeze, three that
// keep half of the channels, and half of the channels become noise. At the last: four that keep
// every second pixel. Additive couplings, and a diagonal scale at the end; or affine ones.
[[nodiscard]] std::vector<FlowLayer> image_nice_layers(const FlowSpec& spec);
[[nodiscard]] std::vector<FlowLayer> image_real_nvp_layers(const FlowSpec& spec);

// At every scale: a squeeze, and as many steps of activation normalisation, 1x1 convolution and
// affine coupling as there are blocks; then, but for the last, half of the channels become noise,
// with a learned prior. At the end a shift and a scale per channel, the prior of the rest.
[[nodiscard]] std::vector<FlowLayer> image_glow_layers(const FlowSpec& spec);

// The images of a flow that is convolutional.
[[nodiscard]] ImageShape image_shape(const FlowSpec& spec);

// The length of the order of each layer that has one: columns, or channels of an image.
[[nodiscard]] std::vector<int> order_lengths(const FlowSpec& spec);

// What is wrong with the sides of the images for so many scales, and what would be right; empty
// where nothing is.
[[nodiscard]] std::string image_misfit(const FlowSpec& spec);

// The numbers of the largest hidden layer, per row.
[[nodiscard]] std::size_t largest_image_layer(const FlowSpec& spec);

}  // namespace pushforward
