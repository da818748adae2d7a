// Attributes of an HDF5 object, as text and numbers.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "io/hdf5_catalog.hpp"

namespace pushforward {

// All attributes that hold numbers or text. Others, those without elements, and those whose names
// begin with crc32_ (chunk sums) are skipped. `name` begins the messages.
[[nodiscard]] std::map<std::string, StoredAttribute> read_attributes(hid_t object,
                                                                     const std::string& name);

// The second checksums of a dataset: chunk_crc32 of every chunk in row-major order, with the chunk
// shape and number type that they were computed for. They are stored in the attributes crc32_0,
// crc32_1, ..., crc32_chunk and crc32_type. Each holds at most 8192 sums: a longer one would lie
// outside the object header and its own checksum.
struct ChunkSums {
  Shape chunk;
  std::vector<std::uint32_t> sums;
  std::string type;  // numpy_type
};

// For messages about sums that do not match the numbers.
inline constexpr const char* drop_sums_hint =
    "if another program changed it on purpose, let it delete the attribute crc32_chunk too";

void write_chunk_sums(hid_t dataset, const ChunkSums& sums);
// Without chunk shape and sums if the attributes are missing or of another kind.
[[nodiscard]] ChunkSums read_chunk_sums(hid_t dataset);

void write_text_attribute(hid_t object, const std::string& attribute,
                          const std::vector<std::string>& lines, bool scalar);
void write_number_attribute(hid_t object, const std::string& attribute, double value);
void write_integer_attribute(hid_t object, const std::string& attribute, std::int64_t value);
void write_unsigned_attribute(hid_t object, const std::string& attribute, std::uint64_t value);

}  // namespace pushforward
