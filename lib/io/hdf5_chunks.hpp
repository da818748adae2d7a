// Chunks of a dataset: where they lie, how they are packed, what guards them.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "io/array.hpp"

namespace pushforward {

// The chunk extents this toolkit writes: whole rows of about 64 KiB together, or pieces of a row
// that is longer. A function of the row alone, so that a file does not depend on how it was
// appended. `shape` may have 0 as its first extent for rows still to come.
[[nodiscard]] Shape chunk_shape(const Shape& shape, std::size_t element_size, bool growing);

// Calls `visit(offset)` for every chunk that holds rows [first, first + count), in row-major order.
void for_each_chunk(const Shape& shape, const Shape& chunk, std::size_t first, std::size_t count,
                    const std::function<void(const Shape& offset)>& visit);

// "rows 0 to 8191", for messages.
[[nodiscard]] std::string chunk_name(const Shape& shape, const Shape& chunk, const Shape& offset);

// The place of a chunk in the row-major list of all chunks.
[[nodiscard]] std::size_t chunk_index(const Shape& shape, const Shape& chunk, const Shape& offset);

// How many chunks a dataset has; the largest number there is where they are more.
[[nodiscard]] std::size_t chunk_count(const Shape& shape, const Shape& chunk);

// Copies between a chunk at `offset` and rows [first, first + count) of a dataset (row-major), the
// part they have in common. Elements of the chunk outside the dataset are left alone.
void copy_from_chunk(const Shape& shape, const Shape& chunk, const Shape& offset,
                     std::size_t element_size, const std::byte* chunk_bytes, std::size_t first,
                     std::size_t count, std::byte* rows);
void copy_to_chunk(const Shape& shape, const Shape& chunk, const Shape& offset,
                   std::size_t element_size, std::byte* chunk_bytes, std::size_t first,
                   std::size_t count, const std::byte* rows);

enum class ChunkFilter { shuffle, deflate, fletcher32 };

// Undoes the filters, last applied first; bit i of `skipped` says that filter i was not applied to
// this chunk. The result has exactly `size` bytes. Throws std::runtime_error with the reason
// ("its checksum does not match") if the bytes are damaged.
[[nodiscard]] std::vector<std::byte> unpack_chunk(std::vector<std::byte> stored,
                                                  const std::vector<ChunkFilter>& filters,
                                                  unsigned skipped, std::size_t element_size,
                                                  std::size_t size);

// CRC-32 (zlib's) of the elements of a chunk that lie within the dataset, in row-major order and as
// they stand in the file before any filter. Fletcher's sum takes the 16-bit words 0 and 0xffff for
// one another; this one does not.
[[nodiscard]] std::uint32_t chunk_crc32(const Shape& shape, const Shape& chunk, const Shape& offset,
                                        std::size_t element_size, const std::byte* chunk_bytes);

// Appends the checksum.
void seal_chunk(std::vector<std::byte>* bytes);

}  // namespace pushforward
