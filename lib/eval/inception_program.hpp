// The FID Inception network as a list of operations on one workspace.
#pragma once

#include <cstddef>
#include <vector>

#include "graph/kernels/kernels.hpp"

namespace pushforward {

// An image of a program: pixels are rows, [pictures * height * width, channels], `pitch` numbers
// apart.
struct InceptionMap {
  std::size_t height, width, channels, pitch;
  bool whole;          // it holds all pictures of a call, otherwise those of a group
  std::size_t offset;  // in the workspace, in numbers
};

// Columns of a map; how many is said by the operation.
struct InceptionSlice {
  std::size_t map, column;
};

struct InceptionOperation {
  enum class Kind { convolution, max_pool, average_pool, tap } kind;
  ConvolutionShape shape;  // of pools too: as many channels out as in
  InceptionSlice from, to;
  std::size_t number;  // convolution: of InceptionProgram::convolutions; tap: 64, 192, 768 or 2048
};

// Operations that take `group` pictures at a time: as few as keep their maps in the cache, as many
// as make the packing of weights cheap.
struct InceptionSection {
  std::size_t group;
  std::vector<InceptionOperation> operations;
};

// A convolution of the program: convolutions of the network that read the same pixels, their
// columns side by side, as one product.
struct InceptionProduct {
  std::vector<std::size_t> parts;  // numbers in inception_convolutions()
  bool relu;
};

struct InceptionProgram {
  std::vector<InceptionMap> maps;  // map 0 is the pictures, at the workspace's beginning
  std::vector<InceptionProduct> convolutions;
  std::vector<InceptionSection> sections;
  std::size_t workspace_size;  // numbers
};

// Everything up to `deepest` (64, 192, 768 or 2048), `pictures` a call. A 1 x 1 convolution of a
// mean over neighbours is the same mean of the convolution, because the bias is a mean of equal
// numbers: it is made in this order, over fewer channels. Products of several convolutions are made
// if `merge`, and pixels may then be further apart than their channels need: at a power of two they
// would push one another out of the cache. Otherwise every convolution reads a whole, dense map.
[[nodiscard]] InceptionProgram inception_program(std::size_t deepest, std::size_t pictures,
                                                 bool merge);

}  // namespace pushforward
