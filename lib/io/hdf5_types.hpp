// Element types in HDF5.
#pragma once

#include <optional>
#include <string>

#include "io/array.hpp"
#include "io/hdf5_handles.hpp"

namespace pushforward {

// How the numbers of a dataset are stored in the file.
struct StoredType {
  ElementType type;   // what they are read as
  bool half = false;  // 16-bit floats, read as float32
  bool big_endian = false;
  [[nodiscard]] std::size_t size() const { return half ? 2 : element_size(type); }
};

// Its name in NumPy: "<f4", "|u1".
[[nodiscard]] std::string numpy_type(const StoredType& type);

// Little-endian, on disk and on every machine this builds for.
[[nodiscard]] hid_t hdf5_type(ElementType type);

// Empty if the type is not a number type that is read. Booleans as h5py writes them, an 8-bit
// enumeration with FALSE = 0 and TRUE = 1, are uint8.
[[nodiscard]] std::optional<StoredType> stored_type(hid_t type);

// UTF-8 or ASCII of a fixed size, filled up with NUL; closed by its owner.
[[nodiscard]] Hdf5Type fixed_text_type(std::size_t size);

// How the texts of a dataset are stored: with a fixed size, which is not 0, or each with its own.
struct TextType {
  std::size_t size = 0;
  bool variable = false;
};
// Empty if the type is not of text, or of text in a form that is not read (filled up with blanks).
[[nodiscard]] std::optional<TextType> text_type(hid_t type);

// Describes a type that stored_type() does not know.
struct OtherType {
  std::string name;    // "text"
  std::string reason;  // "holds text, not numbers"
};
[[nodiscard]] OtherType other_type(hid_t type);

// Converts `count` stored numbers to the machine's form. `out` has room for as many numbers of
// type.type, and may be `in` unless the type is half.
void decode_numbers(const StoredType& type, const std::byte* in, std::size_t count, std::byte* out);

}  // namespace pushforward
