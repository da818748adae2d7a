// One of N parts of a job: `--shard I/N`.
#pragma once

#include <cstdint>
#include <string>
#include <utility>

namespace pushforward {

// Shards are cut at multiples of this many rows, so that their lanes are lanes of the whole run.
constexpr std::uint64_t shard_block = 256;

struct Shard {
  std::uint64_t index = 1, count = 1;

  // "I/N" with 1 <= I <= N; empty is the whole job. Error(usage) otherwise.
  [[nodiscard]] static Shard parse(const std::string& text);

  // This shard's rows [first, end) of `rows`, cut at multiples of `block`. Shards 1 to N in order
  // cover all rows. Error(usage) if this one has none.
  [[nodiscard]] std::pair<std::uint64_t, std::uint64_t> range(std::uint64_t rows,
                                                              std::uint64_t block) const;
  // The same, cut anywhere where the rows are too few for whole blocks of shard_block.
  [[nodiscard]] std::pair<std::uint64_t, std::uint64_t> range(std::uint64_t rows) const {
    return range(rows, rows < count * shard_block ? 1 : shard_block);
  }
};

}  // namespace pushforward
