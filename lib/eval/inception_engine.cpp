#include "eval/inception_engine.hpp"

#include <cmath>
#include <type_traits>

#include "eval/inception_layers.hpp"
#include "graph/bf16.hpp"
#include "graph/onednn_module.hpp"

namespace pushforward {
namespace {

constexpr double normalization_epsilon = 0.001;

class KernelEngine : public InceptionEngine<float> {
 public:
  KernelEngine(const InceptionWeights& weights, const InceptionProgram& program, bool rounded) {
    for (const InceptionProduct& product : program.convolutions) {
      convolutions_.push_back(fold(weights, product));
      relu_.push_back(product.relu);
      if (rounded)
        for (float& w : convolutions_.back().weights) w = rounded_to_bf16(w);
    }
  }

  void convolve(const InceptionOperation& operation, std::size_t images, const float* in,
                std::size_t in_stride, float* out, std::size_t out_stride) const override {
    const FoldedConvolution& one = convolutions_[operation.number];
    kernels<float>().convolution(operation.shape, images, in, in_stride, one.weights.data(),
                                 one.bias.data(), relu_[operation.number], out, out_stride);
  }

 private:
  std::vector<FoldedConvolution> convolutions_;
  std::vector<bool> relu_;
};

}  // namespace

FoldedConvolution fold(const InceptionWeights& weights, const InceptionProduct& product) {
  std::size_t columns = 0;
  for (const std::size_t part : product.parts)
    columns += inception_convolutions()[part].out_channels;
  FoldedConvolution folded;
  folded.bias.resize(columns);
  std::size_t first = 0;
  for (const std::size_t part : product.parts) {
    const InceptionConvolution& c = inception_convolutions()[part];
    const ConvolutionWeights& from = weights.convolutions[part];
    const std::size_t taps = c.kernel_height * c.kernel_width;
    folded.weights.resize(taps * c.channels * columns);
    for (std::size_t k = 0; k < c.out_channels; ++k) {
      const double factor =
          static_cast<double>(from.scale[k]) /
          std::sqrt(static_cast<double>(from.variance[k]) + normalization_epsilon);
      folded.bias[first + k] = static_cast<float>(static_cast<double>(from.shift[k]) -
                                                  factor * static_cast<double>(from.mean[k]));
      for (std::size_t channel = 0; channel < c.channels; ++channel)
        for (std::size_t tap = 0; tap < taps; ++tap)
          folded.weights[(tap * c.channels + channel) * columns + first + k] = static_cast<float>(
              factor * static_cast<double>(from.weight[(k * c.channels + channel) * taps + tap]));
    }
    first += c.out_channels;
  }
  return folded;
}

std::unique_ptr<InceptionEngine<float>> kernel_engine(const InceptionWeights& weights,
                                                      const InceptionProgram& program,
                                                      bool rounded) {
  return std::make_unique<KernelEngine>(weights, program, rounded);
}

template <class Number>
std::unique_ptr<InceptionEngine<Number>> onednn_engine(const InceptionWeights& weights,
                                                       const InceptionProgram& program) {
  std::vector<FoldedConvolution> folded;
  for (const InceptionProduct& product : program.convolutions)
    folded.push_back(fold(weights, product));
  const char* const maker =
      std::is_same_v<Number, float> ? "onednn_inception_float" : "onednn_inception_bf16";
  return std::unique_ptr<InceptionEngine<Number>>(
      onednn::function<onednn::MakeEngine<Number>>(maker)(program, folded));
}

template std::unique_ptr<InceptionEngine<float>> onednn_engine(const InceptionWeights&,
                                                               const InceptionProgram&);
template std::unique_ptr<InceptionEngine<std::uint16_t>> onednn_engine(const InceptionWeights&,
                                                                       const InceptionProgram&);

}  // namespace pushforward
