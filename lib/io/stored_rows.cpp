#include "io/stored_rows.hpp"

#include <algorithm>
#include <cstring>
#include <stdexcept>

#include "base/error.hpp"
#include "io/hdf5_attributes.hpp"
#include "io/memory.hpp"

namespace pushforward {
namespace {

constexpr std::size_t recent_bytes = std::size_t{16} << 20;

void fill_with(const std::string& value, std::vector<std::byte>* bytes) {
  for (std::size_t i = 0; i < bytes->size(); ++i)
    (*bytes)[i] = static_cast<std::byte>(value[i % value.size()]);
}

// Stored numbers in the machine's form; float16 becomes float32.
std::vector<std::byte> decoded(const StoredType& type, std::vector<std::byte> stored) {
  const std::size_t count = stored.size() / type.size();
  if (!type.half) {
    decode_numbers(type, stored.data(), count, stored.data());
    return stored;
  }
  std::vector<std::byte> wide(count * element_size(type.type));
  decode_numbers(type, stored.data(), count, wide.data());
  return wide;
}

}  // namespace

Array StoredRows::read(const StoredDataset& dataset, std::size_t first, std::size_t count) {
  Shape shape = dataset.info.shape;
  if (!shape.empty()) shape[0] = count;
  if (product(shape) * element_size(dataset.info.type) > machine_memory())
    fail_invalid(file_->name() + ": " + dataset.info.path + ": " + to_string(shape) +
                 " numbers do not fit in this machine's memory");
  Array rows = Array::make(dataset.info.type, std::move(shape));
  if (rows.bytes.empty()) return rows;
  if (dataset.layout == StoredDataset::Layout::chunked)
    read_chunks(dataset, first, count, &rows);
  else
    read_plain(dataset, first, &rows);
  return rows;
}

void StoredRows::read_plain(const StoredDataset& dataset, std::size_t first, Array* rows) const {
  if (dataset.absent) return fill_with(dataset.fill, &rows->bytes);
  const std::size_t size = dataset.stored.size();
  const std::size_t begin = first * rows->row_size() * size;
  std::vector<std::byte> stored(rows->size() * size);
  if (dataset.layout == StoredDataset::Layout::inside)
    std::memcpy(stored.data(), dataset.inside.data() + begin, stored.size());
  else if (file_->read_at(dataset.address + begin, stored.data(), stored.size()) != stored.size())
    fail_invalid(file_->name() + ": " + dataset.info.path + ": is cut short");
  rows->bytes = decoded(dataset.stored, std::move(stored));
}

void StoredRows::read_chunks(const StoredDataset& dataset, std::size_t first, std::size_t count,
                             Array* rows) {
  const Shape& shape = dataset.info.shape;
  for_each_chunk(shape, dataset.chunk, first, count, [&](const Shape& offset) {
    const bool whole = offset[0] >= first && offset[0] + dataset.chunk[0] <= first + count;
    std::vector<std::byte> unpacked;
    if (whole) unpacked = unpack(dataset, offset);
    const std::vector<std::byte>& bytes = whole ? unpacked : unpack_once(dataset, offset);
    copy_from_chunk(shape, dataset.chunk, offset, element_size(dataset.info.type), bytes.data(),
                    first, count, rows->bytes.data());
  });
}

std::vector<std::byte> StoredRows::unpack(const StoredDataset& dataset, const Shape& offset) const {
  const std::size_t size = product(dataset.chunk) * dataset.stored.size();
  const std::size_t index = chunk_index(dataset.info.shape, dataset.chunk, offset);
  const StoredChunk& chunk = dataset.chunks[index];
  const auto damaged = [&](const std::string& reason) {
    fail_invalid(file_->name() + ": " + dataset.info.path + ": is damaged: " +
                 chunk_name(dataset.info.shape, dataset.chunk, offset) + ": " + reason);
  };
  if (chunk.size == 0 && !dataset.sums.empty()) damaged("they are missing");
  if (chunk.size == 0) {
    std::vector<std::byte> bytes(product(dataset.chunk) * element_size(dataset.info.type));
    fill_with(dataset.fill, &bytes);
    return bytes;
  }
  std::vector<std::byte> bytes(chunk.size);
  if (file_->read_at(chunk.address, bytes.data(), bytes.size()) != bytes.size())
    damaged("they lie outside of the file");
  try {
    bytes =
        unpack_chunk(std::move(bytes), dataset.filters, chunk.skipped, dataset.stored.size(), size);
  } catch (const std::runtime_error& error) {
    damaged(error.what());
  }
  if (!dataset.sums.empty() &&
      dataset.sums[index] != chunk_crc32(dataset.info.shape, dataset.chunk, offset,
                                         dataset.stored.size(), bytes.data()))
    damaged(std::string("its numbers do not match their second checksum; ") + drop_sums_hint);
  return decoded(dataset.stored, std::move(bytes));
}

// Keeps recent chunks, so that one which is read in parts is unpacked once.
const std::vector<std::byte>& StoredRows::unpack_once(const StoredDataset& dataset,
                                                      const Shape& offset) {
  const std::size_t index = chunk_index(dataset.info.shape, dataset.chunk, offset);
  for (auto it = recent_.begin(); it != recent_.end(); ++it)
    if (it->index == index && it->path == dataset.info.path) {
      recent_.splice(recent_.begin(), recent_, it);
      return it->bytes;
    }
  recent_.push_front({dataset.info.path, index, unpack(dataset, offset)});
  std::size_t held = 0;
  for (auto it = recent_.begin(); it != recent_.end();) {
    held += it->bytes.size();
    it = held > recent_bytes && it != recent_.begin() ? recent_.erase(it) : std::next(it);
  }
  return recent_.front().bytes;
}

}  // namespace pushforward
