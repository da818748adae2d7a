// Computes the convolutions of an Inception program in one number type.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "eval/inception_program.hpp"
#include "eval/inception_weights.hpp"

namespace pushforward {

// The weights of a product, with batch normalisation folded in. Computed in double: weights w scale
// / sqrt(variance + 0.001), and as bias the shift minus the mean times that factor. The columns of
// several convolutions are concatenated.
struct FoldedConvolution {
  std::vector<float> weights;  // [kernel_height * kernel_width * channels, out_channels]
  std::vector<float> bias;     // [out_channels]
};

[[nodiscard]] FoldedConvolution fold(const InceptionWeights& weights,
                                     const InceptionProduct& product);

// Immutable: all threads can share one. Number is float, or uint16_t for the bits of a bfloat16.
template <class Number>
class InceptionEngine {
 public:
  virtual ~InceptionEngine() = default;
  // The convolution of `operation` on `images` pictures. `in` and `out` point to the operation's
  // first columns in its maps; pixels are in_stride and out_stride numbers apart.
  virtual void convolve(const InceptionOperation& operation, std::size_t images, const Number* in,
                        std::size_t in_stride, Number* out, std::size_t out_stride) const = 0;
};

// By the toolkit's own kernels; with weights rounded to bfloat16 if `rounded`.
[[nodiscard]] std::unique_ptr<InceptionEngine<float>> kernel_engine(const InceptionWeights& weights,
                                                                    const InceptionProgram& program,
                                                                    bool rounded);

// By oneDNN, one thread per call. It always computes whole groups, whatever `images` is, so that a
// picture's bits do not depend on the number of others. The program must not be merged.
template <class Number>
[[nodiscard]] std::unique_ptr<InceptionEngine<Number>> onednn_engine(
    const InceptionWeights& weights, const InceptionProgram& program);

namespace onednn {
// What lib/onednn makes them with: the program's convolutions in its order, folded. The caller owns
// the result.
template <class Number>
using MakeEngine = InceptionEngine<Number>*(const InceptionProgram& program,
                                            const std::vector<FoldedConvolution>& convolutions);
}  // namespace onednn

}  // namespace pushforward
