// Unpacking of deflated bytes held in memory.
#pragma once

#include <cstddef>
#include <optional>

namespace pushforward {

enum class DeflateWrapper { zlib, none };

// Unpacks `packed` bytes into at most `limit` bytes at `out`. Returns how many it made, or nothing
// where the bytes are damaged, cut short or make more than `limit`.
[[nodiscard]] std::optional<std::size_t> inflate_into(DeflateWrapper wrapper, const void* packed,
                                                      std::size_t packed_size, void* out,
                                                      std::size_t limit);

// How a compressed stream ends, and how many bytes it makes up to there; no more than `limit` and a
// block. The bytes themselves are not kept.
enum class InflateEnd { whole, cut_short, damaged, beyond_limit };
struct InflatedSize {
  InflateEnd end;
  std::size_t size;
};
[[nodiscard]] InflatedSize inflated_size(DeflateWrapper wrapper, const void* packed,
                                         std::size_t packed_size, std::size_t limit);

}  // namespace pushforward
