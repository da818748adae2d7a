// U-Nets: networks from images to images with skip connections between levels of equal size
// (Ronneberger et al. 2015), as diffusion models use them (Ho et al. 2020; Karras et al. 2022).
#pragma once

#include <string>
#include <vector>

#include "nn/conditional_network.hpp"
#include "nn/image_layers.hpp"

namespace pushforward {

// An encoder and a decoder made of levels of residual blocks. Each level has half the sides of the
// one before and its own number of channels. Level l of the decoder also takes the outputs of the
// blocks of level l of the encoder.
//
// x [n, C * height * width] -> [n, outputs], a multiple of height * width; 0 at initialization.
[[nodiscard]] Expr unet(Scope scope, Expr x, const Conditioning& conditioning, int outputs,
                        const UnetShape& shape);

// The mean over the pixels of encoder level `level`, from 1: [n, channels of that level].
[[nodiscard]] Expr unet_features(Scope scope, Expr x, const Conditioning& conditioning, int level,
                                 const UnetShape& shape);

// Uniform numbers per row that dropout takes (Conditioning::uniforms); 0 without dropout.
[[nodiscard]] int unet_uniforms(const UnetShape& shape);

// Numbers per row in the largest layer, which determines memory and speed.
[[nodiscard]] std::size_t unet_layer_size(const UnetShape& shape);

// "", or what is wrong with the shape and what would be right: a level whose side is 1 cannot be
// halved, every side listed for attention must be that of a level, and heads must divide its
// channels.
[[nodiscard]] std::string unet_complaint(const UnetShape& shape);

// "1,2,2", as lists are shown and stored.
[[nodiscard]] std::string joined_integers(const std::vector<int>& values);

}  // namespace pushforward
