// Convolutions of the U-Net workload beside oneDNN's.
#pragma once

namespace pushforward {

// Prints a line for each of the family and shape: milliseconds, GFLOP/s (two operations a tap) of
// ours and of oneDNN, float on the same channels-last images, on one thread, and how often oneDNN's
// rate ours is. Winograd's algorithm needs fewer operations than are counted.
void print_convolution_rates();

}  // namespace pushforward
