// Weights and pictures by the formula of inception_reference.py, number for number.
#pragma once

#include <cmath>
#include <cstdint>
#include <vector>

#include "eval/inception_layers.hpp"
#include "eval/inception_weights.hpp"

namespace pushforward {

inline float formula_uniform(std::uint64_t tensor, std::uint64_t at) {
  std::uint64_t z = ((tensor << 32) + at + 1) * 0x9E3779B97F4A7C15u;
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
  z ^= z >> 31;
  return static_cast<float>(z >> 40) * 0x1p-24f;
}

inline std::vector<float> formula_tensor(std::uint64_t tensor, std::size_t count, float low,
                                         float high) {
  std::vector<float> x(count);
  for (std::size_t i = 0; i < count; ++i) x[i] = low + (high - low) * formula_uniform(tensor, i);
  return x;
}

inline InceptionWeights formula_weights() {
  InceptionWeights weights;
  std::uint64_t tensor = 0;
  const auto next = [&](std::size_t count, float low, float high) {
    return formula_tensor(tensor++, count, low, high);
  };
  for (const InceptionConvolution& c : inception_convolutions()) {
    const std::size_t fan_in = c.channels * c.kernel_height * c.kernel_width, n = c.out_channels;
    const float limit = std::sqrt(static_cast<float>(2.0 / static_cast<double>(fan_in)));
    ConvolutionWeights one;
    one.weight = next(n * fan_in, -limit, limit);
    one.scale = next(n, 0.5f, 1.0f);
    one.shift = next(n, 0.0f, 0.5f);
    one.mean = next(n, -0.125f, 0.125f);
    one.variance = next(n, 0.0625f, 0.5f);
    weights.convolutions.push_back(std::move(one));
  }
  weights.class_weight = next(inception_classes * inception_features, -0.0625f, 0.0625f);
  weights.class_bias = next(inception_classes, -0.5f, 0.5f);
  return weights;
}

// [299, 299, 3].
inline std::vector<float> formula_picture(std::size_t index) {
  const std::size_t side = 4 + 3 * (index % 7), n = inception_side;
  const std::size_t squares = (n + side - 1) / side;
  const auto coarse = formula_tensor(100000 + 2 * index, squares * squares * 3, -0.75f, 0.75f);
  std::vector<float> x = formula_tensor(100001 + 2 * index, n * n * 3, -0.25f, 0.25f);
  for (std::size_t i = 0; i < n; ++i)
    for (std::size_t j = 0; j < n; ++j)
      for (std::size_t c = 0; c < 3; ++c)
        x[(i * n + j) * 3 + c] += coarse[((i / side) * squares + j / side) * 3 + c];
  return x;
}

inline std::vector<float> formula_pictures(std::size_t first, std::size_t count) {
  std::vector<float> all;
  for (std::size_t i = first; i < first + count; ++i) {
    const std::vector<float> one = formula_picture(i);
    all.insert(all.end(), one.begin(), one.end());
  }
  return all;
}

}  // namespace pushforward
