// Pictures scaled to the size a feature network wants, as other programs of the field do it.
#pragma once

#include <vector>

#include "base/image_shape.hpp"
#include "base/named.hpp"
#include "eval/picture.hpp"

namespace pushforward {

// The distances that programs report differ by as much as 1 between these, so all are here.
// Pixel i of n lies at i + 1/2 unless it says otherwise.
enum class Resize {
  // pytorch-fid: torch's bilinear interpolation between the two nearest pixels of each axis,
  // without
  // regard to those between in larger pictures, on 0..1; then 2 x - 1.
  bilinear,
  // clean-fid (Parmar, Zhang, Zhu 2022): Pillow's bicubic convolution (Keys 1981, a = -1/2) widened
  // by the scale of larger pictures, clipped to 0..255 but not rounded; then (x - 128) / 128.
  clean,
  // TTUR (Heusel et al. 2017), torch-fidelity: TensorFlow 1's bilinear interpolation, in which
  // pixel
  // i lies at i, on 0..255; then (x - 128) / 128.
  tensorflow,
  // torch's bicubic interpolation between the four nearest pixels (a = -3/4) on 0..1, which may
  // leave that range; then 2 x - 1.
  bicubic
};

[[nodiscard]] const std::vector<Named<Resize>>& resize_names();

// Writes [shape.height, shape.width, 3] numbers to `out`, roughly from -1 to 1. May be called by
// several threads at once.
void network_input(const Picture& picture, Resize resize, float* out,
                   ImageShape shape = {3, 299, 299});

}  // namespace pushforward
