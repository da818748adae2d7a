// The network whose features the Frechet Inception distance compares.
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

// What may be read off: the mean over pixels of one of four maps (pytorch-fid's `dims`), the last
// of which is "the" Inception features, and the 1,008 classes' logits. The published inception
// scores leave out the last layer's bias: logits_unbiased.
enum class InceptionOutput { pool64, pool192, pool768, pool2048, logits, logits_unbiased };

// "64", "192", "768", "2048", "logits", "logits_unbiased".
[[nodiscard]] const std::vector<Named<InceptionOutput>>& inception_outputs();
[[nodiscard]] std::size_t inception_width(InceptionOutput output);  // numbers a picture
// What a file of weights must have for these outputs.
[[nodiscard]] InceptionClasses inception_classes_of(const std::vector<InceptionOutput>& outputs);

// How convolutions are made; whatever it is, the means over pixels are summed in double and the
// logits made in float. Features in bfloat16 are to be compared with features in bfloat16: with
// random weights the distance between the two kinds of one set of pictures was 0.1 at 2,048, that
// between two sets changed by 0.01 to 0.2 (2 % at most).
enum class InceptionArithmetic {
  exact,         // float, by the toolkit's kernels
  bf16_rounded,  // weights and maps rounded to bfloat16, sums in float: no faster, for measuring
  bf16_onednn,   // the same by oneDNN, where the processor has AMX
  float_onednn   // the same calls with floats, for tests where it has not
};
// For Products::bf16, which way this process has of them (graph/bf16.hpp; not `none`).
[[nodiscard]] InceptionArithmetic inception_arithmetic(Products products);

struct InceptionSettings {
  std::vector<InceptionOutput> outputs;
  std::size_t pictures = 16;  // taken through the network side by side; at least 1
  InceptionArithmetic arithmetic = InceptionArithmetic::exact;
};

// Immutable, one serves all threads, each with a workspace of its own. A picture's numbers depend
// on neither the pictures beside it nor, but for oneDNN, on InceptionSettings::pictures. Layers
// above the deepest output wanted are neither kept nor computed.
class Inception {
 public:
  class Network;  // in one kind of numbers

  // weights: of the classes too if logits are wanted (inception_classes_of).
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

  // A line per operation: what it is, its shape and its share of the time of a call, on zeros.
  [[nodiscard]] std::string profile(int runs) const;

 private:
  InceptionSettings settings_;
  std::unique_ptr<Network> network_;
  std::vector<float> class_weight_, class_bias_;  // [2048, 1008], [1008]
};

}  // namespace pushforward
