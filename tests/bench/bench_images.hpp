// The speed of models of images of 32 x 32 pixels and 3 channels.
#pragma once

#include "graph/plan.hpp"

namespace pushforward {

// Seconds of a training step of a U-Net of 32 channels, multipliers 1, 2, 2, attention at 16, with
// the process and loss of EDM (Karras et al. 2022): 64 images.
double unet_step(int threads, Products products);
// Seconds of one evaluation of 64 images, 64 channels.
double unet_eval(int threads, Products products);
void print_unet_profile();

// Seconds of a training step of Glow (Kingma, Dhariwal 2018), 8 steps at each of 2 scales, networks
// of 128 hidden channels: 32 images.
double glow_step(int threads, Products products);
void print_glow_profile();

}  // namespace pushforward
