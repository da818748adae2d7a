// The FID Inception network as a table: the name, size and place of every layer. Both the network
// (inception.hpp) and the names and shapes of its weights (inception_weights.hpp) follow from it.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace pushforward {

// One layer of a block. A convolution is followed by batch normalisation and max(x, 0).
struct InceptionStep {
  enum class Kind { convolution, max_pool, average_pool };
  std::string name;  // "branch5x5_2"; empty for pools, and if the block has the name
  Kind kind;
  std::size_t from;      // its input: 0 is the block's input, i the result of the i-th step
  std::size_t channels;  // output channels of a convolution; a pool keeps their number
  std::size_t kernel_height, kernel_width, stride, pad_height, pad_width;
};

// Steps on one input. The block's result is the concatenation of those results that no step of the
// block reads, in the order of the steps.
struct InceptionBlock {
  std::string name;          // "Mixed_5b", in torchvision's network; empty for pools
  std::string wrapper_name;  // "blocks.2.0", its name in pytorch-fid
  std::vector<InceptionStep> steps;
  std::size_t tap;  // 64, 192, 768 or 2048 if the mean of the result is an output, else 0
};

// Szegedy et al. 2016, as modified for the Frechet distance (Heusel et al. 2017): average pools do
// not count the padding, and the pool of the last block is a maximum.
[[nodiscard]] const std::vector<InceptionBlock>& inception_blocks();

constexpr std::size_t inception_side = 299;  // height and width of a picture, of 3 channels
constexpr std::size_t inception_classes = 1008;
constexpr std::size_t inception_features = 2048;  // the input of the last layer

// The convolutions in the order of their blocks and steps. Elsewhere a convolution is referred to
// by its index in this list.
struct InceptionConvolution {
  std::string name, wrapper_name;  // "Mixed_5b.branch5x5_2", "blocks.2.0.branch5x5_2"
  std::size_t channels, out_channels, kernel_height, kernel_width;
};
[[nodiscard]] const std::vector<InceptionConvolution>& inception_convolutions();

}  // namespace pushforward
