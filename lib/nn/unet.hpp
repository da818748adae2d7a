// U-Nets: images to images through ever smaller ones, with shortcuts between equal sizes
// (Ronneberger et al. 2015), as diffusion models use them (Ho et al. 2020; Karras et al. 2022).
#pragma once

#include <string>
#include <vector>

#include "nn/conditional_network.hpp"
#include "nn/image_layers.hpp"

namespace pushforward {

// The two ends: `levels` of residual blocks, each level of half the sides of the one before and its
// own number of channels; level l of the second end takes what the blocks of level l of the first
// put out beside its own.
//
// x [n, C height width] -> [n, outputs], a multiple of height * width; 0 at the start.
[[nodiscard]] Expr unet(Scope scope, Expr x, const Told& told, int outputs, const UnetShape& shape);

// The mean over pixels of what level `level` of the first end, from 1 on, puts out:
// [n, channels of that level].
[[nodiscard]] Expr unet_features(Scope scope, Expr x, const Told& told, int level,
                                 const UnetShape& shape);

// How many uniform numbers a row the network's dropout takes (Told::uniforms); 0 without dropout.
[[nodiscard]] int unet_uniforms(const UnetShape& shape);

// Numbers of a row's largest layer, of which memory and speed are functions.
[[nodiscard]] std::size_t unet_layer_size(const UnetShape& shape);

// "" or what is wrong with the shape, and what would be right: a level whose side is 1 cannot be
// halved, attention is for sides that a level has, and heads divide its channels.
[[nodiscard]] std::string unet_complaint(const UnetShape& shape);

// "1,2,2": the form in which lists are shown and stored.
[[nodiscard]] std::string joined_integers(const std::vector<int>& values);

}  // namespace pushforward
