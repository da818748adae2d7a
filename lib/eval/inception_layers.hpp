// The FID Inception network as a table: every layer's name, size and place. The network
// (inception.hpp) and the names and shapes of its weights (inception_weights.hpp) both come of it.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace pushforward {

// One layer of a block. A convolution is followed by batch normalisation and max(x, 0).
struct InceptionStep {
  enum class Kind { convolution, max_pool, average_pool };
  std::string name;  // "branch5x5_2"; empty where the block has its name, and for pools
  Kind kind;
  std::size_t from;      // what it reads: 0 the block's input, i the result of the i-th step
  std::size_t channels;  // that a convolution gives; a pool gives as many as it reads
  std::size_t kernel_height, kernel_width, stride, pad_height, pad_width;
};

// Steps on one input. The results that no step of the block reads stand side by side, in the order
// of the steps, as the block's result.
struct InceptionBlock {
  std::string name;          // "Mixed_5b", of torchvision's network; empty for pools
  std::string wrapper_name;  // "blocks.2.0", the place pytorch-fid gives it
  std::vector<InceptionStep> steps;
  std::size_t tap;  // 64, 192, 768 or 2048 where the mean of the result is a kind of features, or 0
};

// Szegedy et al. 2016, as the network for the Frechet distance has it (Heusel et al. 2017): average
// pools that leave the padding out of the count, and a maximum in the last block's pool.
[[nodiscard]] const std::vector<InceptionBlock>& inception_blocks();

constexpr std::size_t inception_side = 299;  // height and width of a picture, of 3 channels
constexpr std::size_t inception_classes = 1008;
constexpr std::size_t inception_features = 2048;  // that the classes are read from

// The convolutions in the order of their blocks and steps; elsewhere they are known by their number
// in this list.
struct InceptionConvolution {
  std::string name, wrapper_name;  // "Mixed_5b.branch5x5_2", "blocks.2.0.branch5x5_2"
  std::size_t channels, out_channels, kernel_height, kernel_width;
};
[[nodiscard]] const std::vector<InceptionConvolution>& inception_convolutions();

}  // namespace pushforward
