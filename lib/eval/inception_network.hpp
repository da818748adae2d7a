// Runs an Inception program with an engine.
#pragma once

#include <functional>

#include "eval/inception.hpp"
#include "eval/inception_engine.hpp"

namespace pushforward {

class Inception::Network {
 public:
  virtual ~Network() = default;
  // In bytes, wherever it begins.
  [[nodiscard]] virtual std::size_t workspace_bytes() const = 0;
  // Is given the means over pixels of map `which` (64 to 2048), [some pictures, which], the first
  // of them being picture `first` of the call.
  using Tap =
      std::function<void(std::size_t which, std::size_t first, const std::vector<double>& means)>;
  // count pictures, no more than InceptionSettings::pictures.
  virtual void run(const float* pictures, std::size_t count, std::byte* workspace,
                   const Tap& tap) const = 0;
  [[nodiscard]] virtual std::string profile(std::size_t count, int runs) const = 0;
};

// That gives the maps `taps`, one at least.
[[nodiscard]] std::unique_ptr<Inception::Network> inception_network(
    const InceptionWeights& weights, const std::vector<std::size_t>& taps,
    const InceptionSettings& settings);

}  // namespace pushforward
