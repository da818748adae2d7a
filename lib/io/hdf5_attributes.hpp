// Attributes of an HDF5 object, as text and numbers.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "io/hdf5_catalog.hpp"

namespace pushforward {

// All attributes of numbers and text; others and those without elements are passed over, and so are
// those whose names begin with crc32_ (chunk sums). `name` begins the messages.
[[nodiscard]] std::map<std::string, StoredAttribute> read_attributes(hid_t object,
                                                                     const std::string& name);

// The second checksums of a dataset: chunk_crc32 of every chunk in row-major order, the shape of
// the chunks and the type of the numbers they were made for. They stand in attributes of 8192 sums
// each, crc32_0, crc32_1, ..., and crc32_chunk and crc32_type: longer ones would lie outside of the
// object header and its own checksum.
struct ChunkSums {
  Shape chunk;
  std::vector<std::uint32_t> sums;
  std::string type;  // numpy_type
};

// For messages about sums that do not fit the numbers: what somebody who changed them is to do.
inline constexpr const char* drop_sums_hint =
    "if another program changed it on purpose, let it delete the attribute crc32_chunk too";

void write_chunk_sums(hid_t dataset, const ChunkSums& sums);
// No chunk shape and no sums where the attributes are missing or of another kind.
[[nodiscard]] ChunkSums read_chunk_sums(hid_t dataset);

void write_text_attribute(hid_t object, const std::string& attribute,
                          const std::vector<std::string>& lines, bool scalar);
void write_number_attribute(hid_t object, const std::string& attribute, double value);
void write_integer_attribute(hid_t object, const std::string& attribute, std::int64_t value);
void write_unsigned_attribute(hid_t object, const std::string& attribute, std::uint64_t value);

}  // namespace pushforward
