// Runs an Inception program with an engine.
#pragma once

#include <functional>

#include "eval/inception.hpp"
#include "eval/inception_engine.hpp"

namespace pushforward {

class Inception::Network {
 public:
  virtual ~Network() = default;
  // In bytes, for any alignment.
  [[nodiscard]] virtual std::size_t workspace_bytes() const = 0;
  // Receives the means over pixels of map `which` (64, 192, 768 or 2048) for some pictures, [count,
  // which]. The first of them is picture `first` of the call.
  using Tap =
      std::function<void(std::size_t which, std::size_t first, const std::vector<double>& means)>;
  // `count` is at most InceptionSettings::pictures.
  virtual void run(const float* pictures, std::size_t count, std::byte* workspace,
                   const Tap& tap) const = 0;
  [[nodiscard]] virtual std::string profile(std::size_t count, int runs) const = 0;
};

// The network that computes the maps `taps`, of which there is at least one.
[[nodiscard]] std::unique_ptr<Inception::Network> inception_network(
    const InceptionWeights& weights, const std::vector<std::size_t>& taps,
    const InceptionSettings& settings);

}  // namespace pushforward
