// What makes the convolutions of an Inception program, in one kind of numbers.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "eval/inception_program.hpp"
#include "eval/inception_weights.hpp"

namespace pushforward {

// A product's weights with batch normalisation folded in, in double: w scale / sqrt(variance +
// 0.001), and the shift less the scaled mean as bias. Columns of several convolutions side by side.
struct FoldedConvolution {
  std::vector<float> weights;  // [kernel_height * kernel_width * channels, out_channels]
  std::vector<float> bias;     // [out_channels]
};

[[nodiscard]] FoldedConvolution fold(const InceptionWeights& weights,
                                     const InceptionProduct& product);

// Immutable: one serves all threads. Number is float, or uint16_t for bfloat16 (its bits).
template <class Number>
class InceptionEngine {
 public:
  virtual ~InceptionEngine() = default;
  // The convolution of `operation` on the maps' rows of `images` pictures, in and out at the
  // operation's first columns.
  virtual void convolve(const InceptionOperation& operation, std::size_t images, const Number* in,
                        std::size_t in_stride, Number* out, std::size_t out_stride) const = 0;
};

// The toolkit's own kernels; weights rounded to bfloat16 if `rounded`.
[[nodiscard]] std::unique_ptr<InceptionEngine<float>> kernel_engine(const InceptionWeights& weights,
                                                                    const InceptionProgram& program,
                                                                    bool rounded);

// oneDNN, each thread on its own. It always takes whole groups, whatever `images` says, so that a
// picture's bits do not depend on how many others there are; the program must not be merged.
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
