// Scales pictures to the input size of the Inception network, as other programs do it.
#pragma once

#include <vector>

#include "base/image_shape.hpp"
#include "base/named.hpp"
#include "eval/picture.hpp"

namespace pushforward {

// Distances computed with different ones of these differ by up to 1, so each is offered. Pixel i is
// centred at i + 1/2 unless stated otherwise.
enum class Resize {
  // pytorch-fid: torch's bilinear interpolation between the two nearest pixels of each axis. Larger
  // pictures are not smoothed. Computed on 0..1; then 2 x - 1.
  bilinear,
  // clean-fid (Parmar, Zhang, Zhu 2022): Pillow's bicubic convolution (Keys 1981, a = -1/2),
  // widened
  // in proportion for larger pictures. Clipped to 0..255 and not rounded; then (x - 128) / 128.
  clean,
  // TTUR (Heusel et al. 2017), torch-fidelity: TensorFlow 1's bilinear interpolation, where pixel i
  // lies at i. Computed on 0..255; then (x - 128) / 128.
  tensorflow,
  // torch's bicubic interpolation between the four nearest pixels (a = -3/4). Computed on 0..1,
  // which
  // it may leave; then 2 x - 1.
  bicubic
};

[[nodiscard]] const std::vector<Named<Resize>>& resize_names();

// Writes [shape.height, shape.width, 3] numbers, roughly from -1 to 1, to `out`. Thread-safe.
void network_input(const Picture& picture, Resize resize, float* out,
                   ImageShape shape = {3, 299, 299});

}  // namespace pushforward
