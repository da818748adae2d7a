// The Inception network, whose features the Frechet Inception distance (FID) compares.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "base/named.hpp"
#include "eval/inception_layers.hpp"
#include "eval/inception_weights.hpp"
#include "graph/plan.hpp"

namespace pushforward {

// What the network gives: the mean over pixels of one of four maps (pytorch-fid's `dims`), where
// the last is what FID means by features; or the logits of the 1,008 classes. Published inception
// scores leave out the bias of the last layer: logits_unbiased.
enum class InceptionOutput { pool64, pool192, pool768, pool2048, logits, logits_unbiased };

// "64", "192", "768", "2048", "logits", "logits_unbiased".
[[nodiscard]] const std::vector<Named<InceptionOutput>>& inception_outputs();
[[nodiscard]] std::size_t inception_width(InceptionOutput output);  // per picture
// What a file of weights must have for these outputs.
[[nodiscard]] InceptionClasses inception_classes_of(const std::vector<InceptionOutput>& outputs);

// How convolutions are computed. Means over pixels are always summed in double, and logits are
// always computed in float. Features in bfloat16 should be compared with features in bfloat16 only:
// with random weights, the distance between exact and bfloat16 features (2,048) of one set of
// pictures was 0.1; the distance between two sets changed by 0.01 to 0.2 (at most 2 %).
enum class InceptionArithmetic {
  exact,         // float, by the toolkit's own kernels
  bf16_rounded,  // weights and maps rounded to bfloat16, sums in float: no faster, for measuring
  bf16_onednn,   // the same by oneDNN, on processors with AMX
  float_onednn   // the same calls in float, for tests on other processors
};
// For Products::bf16, the arithmetic that this processor has (graph/bf16.hpp; not `none`).
[[nodiscard]] InceptionArithmetic inception_arithmetic(Products products);

struct InceptionSettings {
  std::vector<InceptionOutput> outputs;
  std::size_t pictures = 16;  // computed together; at least 1
  InceptionArithmetic arithmetic = InceptionArithmetic::exact;
};

// Immutable: all threads can share one, each with its own workspace. A picture's features do not
// depend on the other pictures nor, except with oneDNN, on InceptionSettings::pictures. Layers
// beyond the deepest output are neither kept nor computed.
class Inception {
 public:
  class Network;  // of one number type

  // `weights` includes the last layer if logits are wanted (inception_classes_of).
  Inception(const InceptionWeights& weights, InceptionSettings settings);
  ~Inception();
  Inception(Inception&&) noexcept;
  Inception& operator=(Inception&&) noexcept;

  [[nodiscard]] const InceptionSettings& settings() const { return settings_; }

  using Workspace = std::vector<std::byte>;
  [[nodiscard]] Workspace make_workspace() const;

  // pictures is [count, 299, 299, 3], channels last, in about [-1, 1]; outputs[i] is [count,
  // inception_width(settings().outputs[i])].
  void run(const float* pictures, std::size_t count, Workspace* workspace,
           double* const* outputs) const;

  // One line per operation: its kind, its shape and the time it takes, for pictures of zeros.
  [[nodiscard]] std::string profile(int runs) const;

 private:
  InceptionSettings settings_;
  std::unique_ptr<Network> network_;
  std::vector<float> class_weight_, class_bias_;  // [2048, 1008], [1008]
};

}  // namespace pushforward
