// The weights of the FID Inception network, from a file.
#pragma once

#include <string>
#include <vector>

namespace pushforward {

// One convolution and the batch normalisation after it, as in the file.
struct ConvolutionWeights {
  std::vector<float> weight;  // [out_channels, channels, kernel_height, kernel_width]
  std::vector<float> scale, shift, mean, variance;  // [out_channels]
};

struct InceptionWeights {
  std::vector<ConvolutionWeights> convolutions;  // numbered as inception_convolutions()
  std::vector<float> class_weight;               // [1008, 2048]; may be empty if it is not needed
  std::vector<float> class_bias;                 // [1008]; the same
};

// Which weights of the last layer must be in the file. Features need none; the logits of the
// inception score need no bias.
enum class InceptionClasses { none, weight, weight_and_bias };

// HDF5, safetensors, NPZ or a checkpoint of PyTorch (its tensors at the top, or all in one
// dictionary such as "state_dict"), by content. The tensors have torchvision's names
// ("Conv2d_1a_3x3.conv.weight", "fc.bias") or pytorch-fid's ("blocks.0.0.conv.weight"); in HDF5
// they may be datasets of nested groups ("/Conv2d_1a_3x3/conv/weight"). bn.num_batches_tracked is
// optional. Error(invalid), naming file and tensor, if a tensor is missing, occurs twice, does not
// belong to the network or has another shape, or if it holds a number that is not finite or a
// negative variance.
[[nodiscard]] InceptionWeights read_inception_weights(const std::string& file,
                                                      InceptionClasses classes);

}  // namespace pushforward
