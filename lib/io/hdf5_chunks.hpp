// Chunks of a dataset: their order, compression and checksums.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "io/array.hpp"

namespace pushforward {

// The chunk extents that this toolkit writes: about 64 KiB of whole rows, or pieces of a longer
// row. For a growing dataset they depend on the row shape alone, so that a file does not depend on
// how it was appended; shape[0] may be 0.
[[nodiscard]] Shape chunk_shape(const Shape& shape, std::size_t element_size, bool growing);

// Calls `visit(offset)` for every chunk that holds rows [first, first + count), in row-major order.
void for_each_chunk(const Shape& shape, const Shape& chunk, std::size_t first, std::size_t count,
                    const std::function<void(const Shape& offset)>& visit);

// "rows 0 to 8191", for messages.
[[nodiscard]] std::string chunk_name(const Shape& shape, const Shape& chunk, const Shape& offset);

// The index of a chunk in the row-major list of all chunks.
[[nodiscard]] std::size_t chunk_index(const Shape& shape, const Shape& chunk, const Shape& offset);

// The number of chunks of a dataset, or the largest std::size_t if that overflows.
[[nodiscard]] std::size_t chunk_count(const Shape& shape, const Shape& chunk);

// Copy the common part of a chunk at `offset` and of rows [first, first + count), row-major.
// Elements of the chunk outside the dataset are left unchanged.
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

// zlib's CRC-32 of the elements of a chunk that lie within the dataset, in row-major order and as
// stored before any filter. Fletcher's sum does not tell the 16-bit words 0 and 0xffff apart; this
// one does.
[[nodiscard]] std::uint32_t chunk_crc32(const Shape& shape, const Shape& chunk, const Shape& offset,
                                        std::size_t element_size, const std::byte* chunk_bytes);

// Appends the fletcher32 checksum.
void seal_chunk(std::vector<std::byte>* bytes);

}  // namespace pushforward
