#include "base/shard.hpp"

#include <algorithm>
#include <cstdio>

#include "base/error.hpp"

namespace pushforward {

Shard Shard::parse(const std::string& text) {
  Shard shard;
  if (text.empty()) return shard;
  unsigned long index = 0, count = 0;
  int used = 0;
  const bool digits =
      text.find_first_not_of("0123456789/") == std::string::npos && text.size() < 20;
  if (!digits || std::sscanf(text.c_str(), "%lu/%lu%n", &index, &count, &used) != 2 ||
      static_cast<std::size_t>(used) != text.size() || index < 1 || index > count)
    fail_usage("option --shard: " + text + " is not I/N with I from 1 to N");
  shard.index = index;
  shard.count = count;
  return shard;
}

std::pair<std::uint64_t, std::uint64_t> Shard::range(std::uint64_t rows,
                                                     std::uint64_t block) const {
  const std::uint64_t blocks = (rows + block - 1) / block;
  const auto edge = [&](std::uint64_t part) {
    // part * blocks / count, without overflow
    const std::uint64_t at = blocks / count * part + blocks % count * part / count;
    return std::min(rows, at * block);
  };
  if (edge(index - 1) == edge(index))
    fail_usage("option --shard: " + std::to_string(rows) + " rows in blocks of " +
               std::to_string(block) + " are too few for " + std::to_string(count) + " shards");
  return {edge(index - 1), edge(index)};
}

}  // namespace pushforward
