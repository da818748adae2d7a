#include "base/kernels/random.hpp"

#include "base/kernels/simd.hpp"

namespace pushforward {
namespace PUSHFORWARD_ISA {
namespace {

constexpr std::size_t chunk_blocks = 64;  // Philox blocks turned into numbers at a time

// Philox4x32-10 of Salmon et al. 2011, tested against Random123's philox4x32. Restated here because
// inline functions of that header would be shared between instruction sets.
PUSHFORWARD_INLINE void philox(std::uint32_t* out, std::uint64_t seed, std::uint16_t stream,
                               std::uint64_t row, std::uint32_t step, std::uint32_t block) {
  std::uint32_t c0 = static_cast<std::uint32_t>(row);
  std::uint32_t c1 = static_cast<std::uint32_t>(row >> 32) | static_cast<std::uint32_t>(stream)
                                                                 << 16;
  std::uint32_t c2 = step, c3 = block;
  std::uint32_t k0 = static_cast<std::uint32_t>(seed), k1 = static_cast<std::uint32_t>(seed >> 32);
  for (int round = 0; round < 10; ++round) {
    const std::uint64_t p0 = 0xD2511F53ull * c0, p1 = 0xCD9E8D57ull * c2;
    const std::uint32_t n0 = static_cast<std::uint32_t>(p1 >> 32) ^ c1 ^ k0;
    const std::uint32_t n2 = static_cast<std::uint32_t>(p0 >> 32) ^ c3 ^ k1;
    c1 = static_cast<std::uint32_t>(p1);
    c3 = static_cast<std::uint32_t>(p0);
    c0 = n0;
    c2 = n2;
    k0 += 0x9E3779B9u;
    k1 += 0xBB67AE85u;
  }
  out[0] = c0;
  out[1] = c1;
  out[2] = c2;
  out[3] = c3;
}

// Words to uniform numbers in (0, 1): (word + 1/2) / 2^32, kept below 1 where float would round up.
template <class T>
void uniform_from_words(T* out, const std::uint32_t* words, std::size_t count) {
  constexpr T below_one = sizeof(T) == 4 ? T(0x1.fffffep-1) : T(1);
  for (std::size_t i = 0; i < count; ++i) {
    const T u = static_cast<T>((static_cast<double>(words[i]) + 0.5) * 0x1p-32);
    out[i] = u < below_one ? u : below_one;
  }
}

// Box and Muller 1958: (u1, u2) becomes (r cos(2 pi u2), r sin(2 pi u2)) with r = sqrt(-2 log u1).
// `first` and `second` hold the two members of `count` pairs; `count` is a multiple of the register
// width.
template <class T>
void normal_from_uniform(T* first, T* second, std::size_t count) {
  for (std::size_t i = 0; i < count; i += width<T>) {
    const Vector<T> u1 = load<T>(first + i), u2 = load<T>(second + i);
    const Vector<T> radius = square_root<T>(T(-2) * logarithm<T>(u1));
    Vector<T> sine, cosine;
    sine_cosine<T>(u2 * T(6.28318530717958647693), &sine, &cosine);
    store<T>(first + i, radius * cosine);
    store<T>(second + i, radius * sine);
  }
}

// Each (row, block) gives 4 numbers; chunk_blocks of them are computed at a time.
template <class T, bool normal>
void fill(T* out, std::size_t rows, std::size_t columns, std::uint64_t seed, std::uint16_t stream,
          std::uint64_t first_row, std::uint32_t step) {
  const std::size_t blocks_per_row = (columns + 3) / 4;
  const std::size_t blocks = rows * blocks_per_row;
  std::uint32_t words[4 * chunk_blocks];
  T first[2 * chunk_blocks], second[2 * chunk_blocks], numbers[4 * chunk_blocks];
  std::size_t row = 0, block = 0;
  for (std::size_t begin = 0; begin < blocks; begin += chunk_blocks) {
    const std::size_t count = blocks - begin < chunk_blocks ? blocks - begin : chunk_blocks;
    std::size_t chunk_row = row, chunk_block = block;
    for (std::size_t i = 0; i < count; ++i) {
      philox(words + 4 * i, seed, stream, first_row + chunk_row, step,
             static_cast<std::uint32_t>(chunk_block));
      if (++chunk_block == blocks_per_row) {
        chunk_block = 0;
        ++chunk_row;
      }
    }
    uniform_from_words<T>(numbers, words, 4 * count);
    if (normal) {
      for (std::size_t i = 0; i < 2 * chunk_blocks; ++i) {
        first[i] = i < 2 * count ? numbers[2 * i] : T(0.5);
        second[i] = i < 2 * count ? numbers[2 * i + 1] : T(0.5);
      }
      normal_from_uniform<T>(first, second, 2 * chunk_blocks);
      for (std::size_t i = 0; i < 2 * count; ++i) {
        numbers[2 * i] = first[i];
        numbers[2 * i + 1] = second[i];
      }
    }
    for (std::size_t i = 0; i < count; ++i) {
      for (std::size_t k = 0; k < 4 && 4 * block + k < columns; ++k)
        out[row * columns + 4 * block + k] = numbers[4 * i + k];
      if (++block == blocks_per_row) {
        block = 0;
        ++row;
      }
    }
  }
}

}  // namespace

extern const RandomKernels<float> random_float;
extern const RandomKernels<double> random_double;
const RandomKernels<float> random_float = {fill<float, false>, fill<float, true>};
const RandomKernels<double> random_double = {fill<double, false>, fill<double, true>};

}  // namespace PUSHFORWARD_ISA
}  // namespace pushforward
