// Counter-based random numbers: Philox4x32-10 (Salmon, Moraes, Dror, Shaw 2011; Random123).
//
// A number is a pure function of (seed, stream, row, step, element). Nothing is advanced, so no
// thread, lane, shard or block size can change it.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace pushforward {

// What a number is drawn for. Results depend on these values: never renumber.
enum class Stream : std::uint16_t {
  data = 1,        // rows of a named distribution
  data_noise = 2,  // noise added to such rows
  shuffle = 3,     // order of rows in an epoch
  split = 4,       // which rows are held out
  parameters = 5,  // initial weights
  base = 6,        // a flow's base samples
  loss_noise = 7,  // noise inside a training loss
  loss_level = 8,  // noise level or time inside a training loss
  validation = 9,  // noise inside the loss of validation rows
  init = 10,       // starting rows of a sampler
  sampler = 11,    // noise of a sampler's steps
  sampler_uniform = 12,
  evaluation = 13,  // subsets and projections of a metric
  dequantize = 14,
  validation_level = 15,
  base_uniform = 16,  // the uniform numbers of a flow's base samples
  column_order = 17,  // a flow's permutations and rotations
  probes = 18,        // directions that estimate a trace
  bound = 19,         // noise of the steps of a variational bound
  known = 21          // noise of the known numbers in inpainting
};

class Random {
 public:
  Random(std::uint64_t seed, Stream stream) : seed_(seed), stream_(stream) {}

  // Four independent uniform 32-bit words. row < 2^48.
  [[nodiscard]] std::array<std::uint32_t, 4> words(std::uint64_t row, std::uint32_t step,
                                                   std::uint32_t block) const;

  // One uniform number in (0, 1), of 32 bits: (word + 1/2) / 2^32.
  [[nodiscard]] double uniform(std::uint64_t row, std::uint32_t step = 0,
                               std::uint32_t element = 0) const;

  // An integer uniform in [0, bound), bound > 0 (bias below bound / 2^64).
  [[nodiscard]] std::uint64_t below(std::uint64_t bound, std::uint64_t row, std::uint32_t step = 0,
                                    std::uint32_t block = 0) const;

  // Fills rows x columns, row-major. Row i of the block is row first_row + i; element j of a row
  // uses words of block j / 4, so a wider row begins with the same numbers.
  // Uniform in (0, 1); normal by Box and Muller (|z| < 6.8). T is float or double; the two differ
  // by rounding only.
  template <class T>
  void fill_uniform(T* out, std::size_t rows, std::size_t columns, std::uint64_t first_row,
                    std::uint32_t step = 0) const;
  template <class T>
  void fill_normal(T* out, std::size_t rows, std::size_t columns, std::uint64_t first_row,
                   std::uint32_t step = 0) const;

 private:
  std::uint64_t seed_;
  Stream stream_;
};

// A random permutation of [0, size) by Fisher and Yates, determined by the seed, the stream and
// `step`.
[[nodiscard]] std::vector<std::uint64_t> permutation(std::uint64_t size, const Random& random,
                                                     std::uint32_t step);

}  // namespace pushforward
