// Couplings of images: some of the numbers are kept; a convolutional network computes from them and
// the context how the others are shifted and scaled (Real NVP, section 3.4; Glow, section 3.3).
#pragma once

#include "flow/image_map.hpp"

namespace pushforward {

// What is kept: every second pixel, by the sum of line and column, even or odd; or one half of the
// channels, the first or the second.
enum class KeptPart { even_pixels, odd_pixels, first_channels, second_channels };

// The others become x + t, or x exp(s) + t with s = tanh times a learned scale per channel.
enum class CouplingKind { additive, affine };

struct ImageNetwork {
  // Residual blocks h + conv(relu(conv(relu(h)))) of 3x3 windows between two convolutions, the last
  // one 1x1 (Real NVP); 0: 3x3, 1x1 and 3x3 with ReLU between (Glow). The last one starts as zeros.
  int residual_blocks = 0;
  int channels = 64;  // hidden ones
};

// Of images of the shape. The context, where there is one, adds a learned linear map of itself to
// the hidden channels of the first convolution, the same for all pixels. The first convolution also
// sees the other image, Conditions::image, where there is one.
[[nodiscard]] std::unique_ptr<Bijector> image_coupling(const ImageShape& shape, KeptPart kept,
                                                       CouplingKind kind,
                                                       const ImageNetwork& network);

}  // namespace pushforward
