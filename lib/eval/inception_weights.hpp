// The weights of the FID Inception network, from a file.
#pragma once

#include <string>
#include <vector>

namespace pushforward {

// One convolution and the batch normalisation after it, as the file has them.
struct ConvolutionWeights {
  std::vector<float> weight;  // [out_channels, channels, kernel_height, kernel_width]
  std::vector<float> scale, shift, mean, variance;  // [out_channels]
};

struct InceptionWeights {
  std::vector<ConvolutionWeights> convolutions;  // numbered as inception_convolutions()
  std::vector<float> class_weight;  // [1008, 2048]; empty if the file has none and none is needed
  std::vector<float> class_bias;    // [1008]; likewise
};

// Which of the last layer's numbers must be there: it is no part of the features, and the inception
// score's logits leave out the bias.
enum class InceptionClasses { none, weight, weight_and_bias };

// HDF5, safetensors, NPZ or a checkpoint of PyTorch (its tensors at the top, or all in one
// dictionary such as "state_dict"), by content. The tensors have torchvision's names
// ("Conv2d_1a_3x3.conv.weight", "fc.bias") or pytorch-fid's ("blocks.0.0.conv.weight"); in HDF5
// they may be datasets of nested groups ("/Conv2d_1a_3x3/conv/weight"). Each bn.num_batches_tracked
// may be there or not. Error(invalid), of one line that names file and tensor, where one is
// missing, twice there or none of the network's, has another shape, or holds numbers that are not
// finite or a negative variance.
[[nodiscard]] InceptionWeights read_inception_weights(const std::string& file,
                                                      InceptionClasses classes);

}  // namespace pushforward
