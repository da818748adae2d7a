#include "io/hdf5_types.hpp"

#include <algorithm>
#include <cstring>
#include <string>

#include "io/half_float.hpp"

namespace pushforward {
namespace {

bool is_plain_half(hid_t type) {
  std::size_t sign, exponent, exponent_size, mantissa, mantissa_size;
  return H5Tget_precision(type) == 16 && H5Tget_offset(type) == 0 &&
         H5Tget_fields(type, &sign, &exponent, &exponent_size, &mantissa, &mantissa_size) >= 0 &&
         sign == 15 && exponent == 10 && exponent_size == 5 && mantissa == 0 &&
         mantissa_size == 10 && H5Tget_ebias(type) == 15;
}

std::optional<StoredType> stored_float(hid_t type, bool big_endian) {
  if (H5Tequal(type, H5T_IEEE_F32LE) > 0 || H5Tequal(type, H5T_IEEE_F32BE) > 0)
    return StoredType{ElementType::float32, false, big_endian};
  if (H5Tequal(type, H5T_IEEE_F64LE) > 0 || H5Tequal(type, H5T_IEEE_F64BE) > 0)
    return StoredType{ElementType::float64, false, big_endian};
  if (H5Tget_size(type) == 2 && is_plain_half(type))
    return StoredType{ElementType::float32, true, big_endian};
  return std::nullopt;
}

std::optional<StoredType> stored_integer(hid_t type, bool big_endian) {
  const std::size_t size = H5Tget_size(type);
  if (H5Tget_precision(type) != 8 * size || H5Tget_offset(type) != 0) return std::nullopt;
  const bool is_signed = H5Tget_sign(type) == H5T_SGN_2;
  switch (size) {
    case 1:
      return StoredType{is_signed ? ElementType::int8 : ElementType::uint8};
    case 2:
      return StoredType{is_signed ? ElementType::int16 : ElementType::uint16, false, big_endian};
    case 4:
      return StoredType{is_signed ? ElementType::int32 : ElementType::uint32, false, big_endian};
    case 8:
      return StoredType{is_signed ? ElementType::int64 : ElementType::uint64, false, big_endian};
    default:
      return std::nullopt;
  }
}

std::string member_name(hid_t type, int index) {
  char* const text = H5Tget_member_name(type, static_cast<unsigned>(index));
  const std::string name = text == nullptr ? "" : text;
  H5free_memory(text);
  return name;
}

// The first few names of an enumeration or a compound type, for messages.
std::string member_names(hid_t type) {
  constexpr int max_names = 4;
  const int count = H5Tget_nmembers(type);
  std::string names;
  for (int i = 0; i < std::min(count, max_names); ++i)
    names += (i > 0 ? ", " : "") + member_name(type, i).substr(0, 40);
  return names + (count > max_names ? ", ..." : "");
}

bool is_truth_value(hid_t type) {
  if (H5Tget_size(type) != 1 || H5Tget_nmembers(type) != 2) return false;
  for (unsigned i = 0; i < 2; ++i) {
    std::uint8_t value = 2;
    if (H5Tget_member_value(type, i, &value) < 0 || value > 1 ||
        member_name(type, static_cast<int>(i)) != (value == 0 ? "FALSE" : "TRUE"))
      return false;
  }
  return true;
}

// Two floats, r and i, as h5py writes them.
bool is_complex(hid_t type) {
  return H5Tget_nmembers(type) == 2 && member_name(type, 0) == "r" && member_name(type, 1) == "i" &&
         H5Tget_member_class(type, 0) == H5T_FLOAT && H5Tget_member_class(type, 1) == H5T_FLOAT;
}

}  // namespace

std::string numpy_type(const StoredType& type) {
  const std::size_t size = type.size();
  const char* const order = size == 1 ? "|" : type.big_endian ? ">" : "<";
  return order + std::string(element_type_name(type.type)).substr(0, 1) + std::to_string(size);
}

hid_t hdf5_type(ElementType type) {
  switch (type) {
    case ElementType::uint8:
      return H5T_STD_U8LE;
    case ElementType::int8:
      return H5T_STD_I8LE;
    case ElementType::uint16:
      return H5T_STD_U16LE;
    case ElementType::int16:
      return H5T_STD_I16LE;
    case ElementType::uint32:
      return H5T_STD_U32LE;
    case ElementType::int32:
      return H5T_STD_I32LE;
    case ElementType::uint64:
      return H5T_STD_U64LE;
    case ElementType::int64:
      return H5T_STD_I64LE;
    case ElementType::float32:
      return H5T_IEEE_F32LE;
    case ElementType::float64:
      break;
  }
  return H5T_IEEE_F64LE;
}

std::optional<StoredType> stored_type(hid_t type) {
  const H5T_class_t type_class = H5Tget_class(type);
  if (type_class == H5T_ENUM)
    return is_truth_value(type) ? std::optional(StoredType{ElementType::uint8}) : std::nullopt;
  if (type_class != H5T_INTEGER && type_class != H5T_FLOAT) return std::nullopt;
  const H5T_order_t order = H5Tget_order(type);
  if (order != H5T_ORDER_LE && order != H5T_ORDER_BE) return std::nullopt;
  const bool big_endian = order == H5T_ORDER_BE;
  return type_class == H5T_FLOAT ? stored_float(type, big_endian)
                                 : stored_integer(type, big_endian);
}

Hdf5Type fixed_text_type(std::size_t size) {
  Hdf5Type type(H5Tcopy(H5T_C_S1));
  H5Tset_size(type.get(), size);
  H5Tset_cset(type.get(), H5T_CSET_UTF8);
  H5Tset_strpad(type.get(), H5T_STR_NULLPAD);
  return type;
}

std::optional<TextType> text_type(hid_t type) {
  if (H5Tget_class(type) != H5T_STRING) return std::nullopt;
  if (H5Tis_variable_str(type) > 0) return TextType{0, true};
  const std::size_t size = H5Tget_size(type);
  if (size == 0 || H5Tget_strpad(type) == H5T_STR_SPACEPAD) return std::nullopt;
  return TextType{size, false};
}

OtherType other_type(hid_t type) {
  const std::size_t bits = 8 * H5Tget_size(type);
  const auto odd_number = [&](const char* kind) {
    return OtherType{kind + std::to_string(bits),
                     "holds numbers of " + std::to_string(bits) +
                         " bits in a form that is not read, use int8 to int64, uint8 to uint64, "
                         "float16 to float64"};
  };
  switch (static_cast<int>(H5Tget_class(type))) {  // HDF5 may learn more classes
    case H5T_INTEGER:
      return odd_number(H5Tget_sign(type) == H5T_SGN_2 ? "int" : "uint");
    case H5T_FLOAT:
      return odd_number("float");
    case H5T_STRING:
      return {"text", "holds text, not numbers"};
    case H5T_ENUM:
      return {"enumeration", "holds an enumeration (" + member_names(type) +
                                 "), not plain numbers; store its numbers as integers"};
    case H5T_COMPOUND:
      if (is_complex(type))
        return {"complex" + std::to_string(bits),
                "holds complex numbers, which are not read; store their real and imaginary parts "
                "as two datasets"};
      return {"compound", "holds records of several fields (" + member_names(type) +
                              "), not plain numbers; store each field as a dataset"};
    case H5T_BITFIELD:
      return {"bits", "holds bit fields, not plain numbers; store them as unsigned integers"};
    case H5T_VLEN:
      return {"list", "holds lists of different lengths, not plain numbers"};
    case H5T_ARRAY:
      return {"array", "holds an array in each element; give the dataset more extents instead"};
    case H5T_OPAQUE:
      return {"opaque", "holds bytes of no declared meaning, not numbers"};
    case H5T_REFERENCE:
      return {"reference", "holds references to other objects, not numbers"};
    default:
      return {"unknown", "holds something other than plain numbers"};
  }
}

void decode_numbers(const StoredType& type, const std::byte* in, std::size_t count,
                    std::byte* out) {
  const std::size_t size = type.size();
  if (type.half) {
    for (std::size_t i = 0; i < count; ++i) {
      std::uint16_t bits;
      std::memcpy(&bits, in + 2 * i, sizeof bits);
      if (type.big_endian) bits = static_cast<std::uint16_t>((bits << 8) | (bits >> 8));
      const float value = float_from_half(bits);
      std::memcpy(out + sizeof value * i, &value, sizeof value);
    }
    return;
  }
  if (in != out && count > 0) std::memcpy(out, in, count * size);
  if (type.big_endian && size > 1)
    for (std::size_t i = 0; i < count; ++i) std::reverse(out + i * size, out + (i + 1) * size);
}

}  // namespace pushforward
