// A part of a job: `--shard I/N`.
#pragma once

#include <cstdint>
#include <string>
#include <utility>

namespace pushforward {

// Rows of a shard are whole blocks of this many, so that lanes are the lanes of the whole run.
constexpr std::uint64_t shard_block = 256;

struct Shard {
  std::uint64_t index = 1, count = 1;

  // "I/N" with 1 <= I <= N; empty is the whole. Error(usage) otherwise.
  [[nodiscard]] static Shard parse(const std::string& text);

  // Its rows [first, end) of `rows`, in whole blocks of `block` rows; shards in order give all
  // rows. Error(usage) where that leaves none.
  [[nodiscard]] std::pair<std::uint64_t, std::uint64_t> range(std::uint64_t rows,
                                                              std::uint64_t block) const;
};

}  // namespace pushforward
