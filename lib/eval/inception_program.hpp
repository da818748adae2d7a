// The FID Inception network as a list of operations on one workspace.
#pragma once

#include <cstddef>
#include <vector>

#include "graph/kernels/kernels.hpp"

namespace pushforward {

// A map of the program: pixels are rows, [pictures * height * width, channels], which are `pitch`
// numbers apart.
struct InceptionMap {
  std::size_t height, width, channels, pitch;
  bool whole;          // holds all pictures of a call, otherwise those of one group
  std::size_t offset;  // in the workspace, in numbers
};

// Columns of a map from `column` on. The operation says how many.
struct InceptionSlice {
  std::size_t map, column;
};

struct InceptionOperation {
  enum class Kind { convolution, max_pool, average_pool, tap } kind;
  ConvolutionShape shape;  // also of pools, which keep the number of channels
  InceptionSlice from, to;
  std::size_t number;  // index in InceptionProgram::convolutions; of a tap: 64, 192, 768 or 2048
};

// Operations on `group` pictures at a time: few enough that their maps stay in the cache, enough
// that packing the weights is cheap.
struct InceptionSection {
  std::size_t group;
  std::vector<InceptionOperation> operations;
};

// A convolution of the program: one product for several convolutions of the network that read the
// same pixels. Their output columns are concatenated.
struct InceptionProduct {
  std::vector<std::size_t> parts;  // indices in inception_convolutions()
  bool relu;
};

struct InceptionProgram {
  std::vector<InceptionMap> maps;  // map 0 is the pictures, at the beginning of the workspace
  std::vector<InceptionProduct> convolutions;
  std::vector<InceptionSection> sections;
  std::size_t workspace_size;  // numbers
};

// Everything up to `deepest` (64, 192, 768 or 2048), for `pictures` pictures per call. A 1 x 1
// convolution of an average pool equals the average pool of the convolution, because an average
// does not change the bias. It is computed in this order, where the pool has fewer channels. With
// `merge`, products of several convolutions are formed, and the pitch of a map may exceed its
// channels: pixels at a distance of a power of two would evict one another from the cache. Without
// it, every convolution reads a whole, dense map.
[[nodiscard]] InceptionProgram inception_program(std::size_t deepest, std::size_t pictures,
                                                 bool merge);

}  // namespace pushforward
