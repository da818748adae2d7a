// The rows of each training step.
#pragma once

#include <cstdint>
#include <map>
#include <vector>

#include "base/random.hpp"

namespace pushforward {

// Every epoch visits all rows once, in a random order of its own. A batch may span two epochs.
class Batches {
 public:
  Batches(std::size_t rows, std::size_t batch, std::uint64_t seed)
      : rows_(rows), batch_(batch), random_(seed, Stream::shuffle), index_(batch) {}

  // The `batch` row numbers of a step (from 0), valid until the next call.
  const std::uint64_t* of_step(std::int64_t step);

 private:
  std::uint64_t rows_, batch_;
  Random random_;
  std::map<std::uint64_t, std::vector<std::uint64_t>> orders_;
  std::vector<std::uint64_t> index_;
};

}  // namespace pushforward
