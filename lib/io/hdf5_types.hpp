// Element types as HDF5 knows them.
#pragma once

#include <optional>
#include <string>

#include "io/array.hpp"
#include "io/hdf5_handles.hpp"

namespace pushforward {

// How the numbers of a dataset stand in the file.
struct StoredType {
  ElementType type;   // what they are read as
  bool half = false;  // 16-bit floats, read as float32
  bool big_endian = false;
  [[nodiscard]] std::size_t size() const { return half ? 2 : element_size(type); }
};

// Its name in NumPy: "<f4", "|u1".
[[nodiscard]] std::string numpy_type(const StoredType& type);

// Little-endian on disk; the memory type of every machine this builds for.
[[nodiscard]] hid_t hdf5_type(ElementType type);

// Empty if the type is not one of the numbers that are read. Truth values as h5py writes them, an
// enumeration FALSE = 0, TRUE = 1 of 8 bits, are uint8.
[[nodiscard]] std::optional<StoredType> stored_type(hid_t type);

// What a type is that stored_type does not know.
struct OtherType {
  std::string name;    // "text"
  std::string reason;  // "holds text, not numbers"
};
[[nodiscard]] OtherType other_type(hid_t type);

// Numbers as they stand in the file -> the machine's; `out` holds count * element_size(type.type)
// bytes and may be `in` unless the type is half.
void decode_numbers(const StoredType& type, const std::byte* in, std::size_t count, std::byte* out);

}  // namespace pushforward
