#include "io/hdf5_chunks.hpp"

#include <zlib.h>

#include <algorithm>
#include <cstring>
#include <limits>
#include <new>
#include <stdexcept>

#include "io/fletcher32.hpp"

namespace pushforward {
namespace {

constexpr std::size_t target_bytes = 65536;

// Visits the common part of a chunk and of rows [first, first + count) in contiguous runs:
// move(byte in the chunk, byte in the rows, number of bytes).
template <class Move>
void for_each_run(const Shape& shape, const Shape& chunk, const Shape& offset,
                  std::size_t element_size, std::size_t first, std::size_t count, Move&& move) {
  const std::size_t rank = shape.size();
  Shape begin = offset, end(rank);
  for (std::size_t d = 0; d < rank; ++d) end[d] = std::min(offset[d] + chunk[d], shape[d]);
  begin[0] = std::max(begin[0], first);
  end[0] = std::min(end[0], first + count);
  for (std::size_t d = 0; d < rank; ++d)
    if (begin[d] >= end[d]) return;
  // Dimensions from `inner` on are contiguous both in the chunk and in the dataset.
  std::size_t inner = rank - 1;
  while (inner > 0 && chunk[inner] == shape[inner]) --inner;
  std::size_t run = element_size;
  for (std::size_t d = inner; d < rank; ++d) run *= end[d] - begin[d];
  Shape at = begin;
  for (;;) {
    std::size_t chunk_index = 0, row_index = 0;
    for (std::size_t d = 0; d < rank; ++d) {
      chunk_index = chunk_index * chunk[d] + (at[d] - offset[d]);
      row_index = row_index * shape[d] + (d == 0 ? at[d] - first : at[d]);
    }
    move(chunk_index * element_size, row_index * element_size, run);
    std::size_t d = inner;
    for (; d > 0; --d) {
      if (++at[d - 1] < end[d - 1]) break;
      at[d - 1] = begin[d - 1];
    }
    if (d == 0) return;
  }
}

std::vector<std::byte> inflated(const std::vector<std::byte>& packed, std::size_t limit) {
  std::vector<std::byte> out(limit);
  uLongf size = limit;
  const int status = uncompress(reinterpret_cast<Bytef*>(out.data()), &size,
                                reinterpret_cast<const Bytef*>(packed.data()), packed.size());
  if (status == Z_MEM_ERROR) throw std::bad_alloc();
  if (status != Z_OK) throw std::runtime_error("its compressed bytes are damaged");
  out.resize(size);
  return out;
}

std::vector<std::byte> unshuffled(const std::vector<std::byte>& in, std::size_t element_size) {
  std::vector<std::byte> out(in.size());
  const std::size_t count = in.size() / element_size;
  for (std::size_t b = 0; b < element_size; ++b)
    for (std::size_t i = 0; i < count; ++i) out[i * element_size + b] = in[b * count + i];
  std::copy(in.begin() + static_cast<std::ptrdiff_t>(count * element_size), in.end(),
            out.begin() + static_cast<std::ptrdiff_t>(count * element_size));
  return out;
}

// HDF5 before 1.6.3 stored the checksum with the bytes of each half swapped.
std::uint32_t swapped_halves(std::uint32_t sum) {
  return ((sum & 0x00ff00ffu) << 8) | ((sum & 0xff00ff00u) >> 8);
}

void check_and_drop_checksum(std::vector<std::byte>* bytes) {
  if (bytes->size() < 4) throw std::runtime_error("its checksum is missing");
  const std::size_t count = bytes->size() - 4;
  std::uint32_t stored = 0;
  std::memcpy(&stored, bytes->data() + count, 4);
  const std::uint32_t sum = fletcher32(bytes->data(), count);
  if (stored != sum && stored != swapped_halves(sum))
    throw std::runtime_error("its checksum does not match");
  bytes->resize(count);
}

}  // namespace

Shape chunk_shape(const Shape& shape, std::size_t element_size, bool growing) {
  Shape chunk(shape.size(), 1);
  std::size_t room = std::max<std::size_t>(1, target_bytes / element_size);
  for (std::size_t d = shape.size(); d-- > 0;) {
    const bool open = d == 0 && growing;
    chunk[d] = open ? room : std::clamp<std::size_t>(shape[d], 1, room);
    room = std::max<std::size_t>(1, room / chunk[d]);
  }
  return chunk;
}

void for_each_chunk(const Shape& shape, const Shape& chunk, std::size_t first, std::size_t count,
                    const std::function<void(const Shape& offset)>& visit) {
  if (count == 0 || product(shape) == 0) return;
  Shape offset(shape.size(), 0);
  const std::size_t begin = first / chunk[0] * chunk[0];
  offset[0] = begin;
  for (;;) {
    visit(offset);
    std::size_t d = shape.size();
    for (; d > 0; --d) {
      offset[d - 1] += chunk[d - 1];
      if (offset[d - 1] < (d == 1 ? first + count : shape[d - 1])) break;
      offset[d - 1] = d == 1 ? begin : 0;
    }
    if (d == 0) return;
  }
}

std::string chunk_name(const Shape& shape, const Shape& chunk, const Shape& offset) {
  return "rows " + std::to_string(offset[0]) + " to " +
         std::to_string(std::min(offset[0] + chunk[0], shape[0]) - 1);
}

std::size_t chunk_index(const Shape& shape, const Shape& chunk, const Shape& offset) {
  std::size_t index = 0;
  for (std::size_t d = 0; d < shape.size(); ++d)
    index = index * ((shape[d] + chunk[d] - 1) / chunk[d]) + offset[d] / chunk[d];
  return index;
}

std::size_t chunk_count(const Shape& shape, const Shape& chunk) {
  std::size_t count = 1;
  for (std::size_t d = 0; d < shape.size(); ++d) {
    const std::size_t along = shape[d] / chunk[d] + (shape[d] % chunk[d] != 0 ? 1 : 0);
    if (__builtin_mul_overflow(count, along, &count))
      return std::numeric_limits<std::size_t>::max();
  }
  return count;
}

std::uint32_t chunk_crc32(const Shape& shape, const Shape& chunk, const Shape& offset,
                          std::size_t element_size, const std::byte* chunk_bytes) {
  uLong sum = crc32_z(0, nullptr, 0);
  const auto add = [&](std::size_t at, std::size_t bytes) {
    sum = crc32_z(sum, reinterpret_cast<const Bytef*>(chunk_bytes + at), bytes);
  };
  bool inside = true;  // the whole chunk lies within the dataset, in one run
  for (std::size_t d = 0; d < shape.size(); ++d)
    inside = inside && chunk[d] <= shape[d] - offset[d];
  if (inside)
    add(0, product(chunk) * element_size);
  else
    for_each_run(
        shape, chunk, offset, element_size, offset[0], chunk[0],
        [&](std::size_t in_chunk, std::size_t, std::size_t bytes) { add(in_chunk, bytes); });
  return static_cast<std::uint32_t>(sum);
}

void copy_from_chunk(const Shape& shape, const Shape& chunk, const Shape& offset,
                     std::size_t element_size, const std::byte* chunk_bytes, std::size_t first,
                     std::size_t count, std::byte* rows) {
  for_each_run(shape, chunk, offset, element_size, first, count,
               [&](std::size_t in_chunk, std::size_t in_rows, std::size_t bytes) {
                 std::memcpy(rows + in_rows, chunk_bytes + in_chunk, bytes);
               });
}

void copy_to_chunk(const Shape& shape, const Shape& chunk, const Shape& offset,
                   std::size_t element_size, std::byte* chunk_bytes, std::size_t first,
                   std::size_t count, const std::byte* rows) {
  for_each_run(shape, chunk, offset, element_size, first, count,
               [&](std::size_t in_chunk, std::size_t in_rows, std::size_t bytes) {
                 std::memcpy(chunk_bytes + in_chunk, rows + in_rows, bytes);
               });
}

std::vector<std::byte> unpack_chunk(std::vector<std::byte> stored,
                                    const std::vector<ChunkFilter>& filters, unsigned skipped,
                                    std::size_t element_size, std::size_t size) {
  for (std::size_t i = filters.size(); i-- > 0;) {
    if (i < 32 && ((skipped >> i) & 1u) != 0) continue;
    switch (filters[i]) {
      case ChunkFilter::fletcher32:
        check_and_drop_checksum(&stored);
        break;
      // With room for checksums that were appended before compression.
      case ChunkFilter::deflate:
        stored = inflated(stored, size + 4 * filters.size());
        break;
      case ChunkFilter::shuffle:
        stored = unshuffled(stored, element_size);
        break;
    }
  }
  if (stored.size() != size)
    throw std::runtime_error("it holds " + std::to_string(stored.size()) + " bytes where " +
                             std::to_string(size) + " belong");
  return stored;
}

void seal_chunk(std::vector<std::byte>* bytes) {
  const std::uint32_t sum = fletcher32(bytes->data(), bytes->size());
  const std::size_t size = bytes->size();
  bytes->resize(size + 4);
  std::memcpy(bytes->data() + size, &sum, 4);
}

}  // namespace pushforward
