#include "io/fletcher32.hpp"

#include <cstring>

namespace pushforward {
namespace {

constexpr std::uint64_t modulus = 65535;
constexpr std::size_t lanes = 32;
constexpr std::size_t max_steps = 360;  // keeps a lane's weighted sum below 2^32

// Plain and weighted sum; the weight of word i of n is n - i.
struct Sums {
  std::uint64_t plain = 0;
  std::uint64_t weighted = 0;
};

// The sums over steps * lanes words. Lane l adds the words k * lanes + l, so that compilers can
// vectorize the loops over l.
Sums block_sums(const std::byte* bytes, std::size_t steps) {
  std::uint32_t plain[lanes] = {};
  std::uint32_t weighted[lanes] = {};
  for (std::size_t k = 0; k < steps; ++k) {
    std::uint16_t words[lanes];
    std::memcpy(words, bytes + k * sizeof words, sizeof words);
    for (std::size_t l = 0; l < lanes; ++l) plain[l] += words[l];
    for (std::size_t l = 0; l < lanes; ++l) weighted[l] += plain[l];
  }
  Sums sums;
  for (std::size_t l = 0; l < lanes; ++l) {
    sums.plain += plain[l];
    sums.weighted += lanes * std::uint64_t{weighted[l]} - l * std::uint64_t{plain[l]};
  }
  return sums;
}

// HDF5 reduces its sums to 1 ... 65535; they are 0 only if every word was 0.
std::uint32_t folded(std::uint64_t sum) {
  return sum == 0 ? 0u : static_cast<std::uint32_t>((sum - 1) % modulus + 1);
}

}  // namespace

// Words are read as little-endian. Swapping the bytes of a word multiplies it by 256 modulo 65535,
// so one multiplication at the end gives the sums of big-endian words.
std::uint32_t fletcher32(const std::byte* bytes, std::size_t count) {
  std::uint64_t plain = 0, weighted = 0;  // kept reduced, but never reduced to 0
  const auto add = [&](const Sums& block, std::uint64_t words) {
    weighted = folded(weighted + (words % modulus) * plain + block.weighted);
    plain = folded(plain + block.plain);
  };
  while (count >= 2 * lanes) {
    const std::size_t whole = count / (2 * lanes);
    const std::size_t steps = whole < max_steps ? whole : max_steps;
    add(block_sums(bytes, steps), steps * lanes);
    bytes += steps * 2 * lanes;
    count -= steps * 2 * lanes;
  }
  for (; count > 0; bytes += 2, count -= count > 1 ? 2 : 1) {
    std::uint16_t word = 0;
    std::memcpy(&word, bytes, count > 1 ? 2 : 1);
    add({word, word}, 1);
  }
  return (folded(weighted * 256) << 16) | folded(plain * 256);
}

}  // namespace pushforward
