#include "io/hdf5_attributes.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstring>

#include "base/error.hpp"

namespace pushforward {
namespace {

constexpr hsize_t max_elements = 65536;
constexpr std::size_t max_text = std::size_t{1} << 24;

// Shortest text that reads back as the same number.
template <class T>
std::string number_text(T value) {
  std::array<char, 64> buffer;
  const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value).ptr;
  return std::string(buffer.data(), end);
}

void read_numbers(hid_t attribute, hid_t type, std::size_t count, StoredAttribute* result) {
  std::string refusal;
  const std::optional<StoredType> stored = stored_type(type, &refusal);
  if (!stored) return;
  const bool whole = stored->type != ElementType::float32 && stored->type != ElementType::float64;
  if (whole && stored->type == ElementType::uint64) {
    std::vector<std::uint64_t> values(count);
    if (H5Aread(attribute, H5T_NATIVE_UINT64, values.data()) < 0) return;
    for (std::uint64_t value : values) result->lines.push_back(number_text(value));
    if (count == 1) result->number = static_cast<double>(values[0]);
  } else if (whole) {
    std::vector<std::int64_t> values(count);
    if (H5Aread(attribute, H5T_NATIVE_INT64, values.data()) < 0) return;
    for (std::int64_t value : values) result->lines.push_back(number_text(value));
    if (count == 1) result->number = static_cast<double>(values[0]);
  } else {
    std::vector<double> values(count);
    if (H5Aread(attribute, H5T_NATIVE_DOUBLE, values.data()) < 0) return;
    for (double value : values)
      result->lines.push_back(stored->type == ElementType::float32
                                  ? number_text(static_cast<float>(value))
                                  : number_text(value));
    if (count == 1) result->number = values[0];
  }
}

void read_fixed_text(hid_t attribute, hid_t type, std::size_t count, StoredAttribute* result) {
  const std::size_t size = H5Tget_size(type);
  if (size == 0 || size > max_text / std::max<std::size_t>(count, 1)) return;
  std::vector<char> bytes(size * count);
  if (H5Aread(attribute, type, bytes.data()) < 0) return;
  for (std::size_t i = 0; i < count; ++i) {
    std::string line(bytes.data() + i * size, strnlen(bytes.data() + i * size, size));
    if (H5Tget_strpad(type) == H5T_STR_SPACEPAD) line.erase(line.find_last_not_of(' ') + 1);
    result->lines.push_back(std::move(line));
  }
}

void read_variable_text(hid_t attribute, hid_t type, hid_t space, std::size_t count,
                        StoredAttribute* result) {
  std::vector<char*> texts(count, nullptr);
  if (H5Aread(attribute, type, texts.data()) < 0) return;
  for (const char* text : texts) result->lines.emplace_back(text == nullptr ? "" : text);
  H5Dvlen_reclaim(type, space, H5P_DEFAULT, texts.data());
}

std::optional<StoredAttribute> read_attribute(hid_t attribute) {
  const Hdf5Type type(H5Aget_type(attribute));
  const Hdf5Space space(H5Aget_space(attribute));
  if (!type || !space) return std::nullopt;
  const hssize_t count = H5Sget_simple_extent_npoints(space.get());
  if (count < 0 || static_cast<hsize_t>(count) > max_elements) return std::nullopt;
  StoredAttribute result;
  const auto elements = static_cast<std::size_t>(count);
  const H5T_class_t type_class = H5Tget_class(type.get());
  if (type_class == H5T_INTEGER || type_class == H5T_FLOAT)
    read_numbers(attribute, type.get(), elements, &result);
  else if (type_class == H5T_STRING && H5Tis_variable_str(type.get()) > 0)
    read_variable_text(attribute, type.get(), space.get(), elements, &result);
  else if (type_class == H5T_STRING)
    read_fixed_text(attribute, type.get(), elements, &result);
  if (result.lines.empty()) return std::nullopt;
  return result;
}

// Closes the handle or says that the attribute could not be written; the caller names the file.
void write_attribute(hid_t object, const std::string& attribute, hid_t type, hid_t space,
                     const void* value) {
  if (H5Aexists(object, attribute.c_str()) > 0) H5Adelete(object, attribute.c_str());
  const Hdf5Attribute made(
      H5Acreate2(object, attribute.c_str(), type, space, H5P_DEFAULT, H5P_DEFAULT));
  if (!made || H5Awrite(made.get(), type, value) < 0)
    fail_io("attribute " + attribute + " cannot be written");
}

void write_scalar(hid_t object, const std::string& attribute, hid_t type, const void* value) {
  const Hdf5Space space(H5Screate(H5S_SCALAR));
  write_attribute(object, attribute, type, space.get(), value);
}

}  // namespace

std::map<std::string, StoredAttribute> read_attributes(hid_t object, const std::string& name) {
  std::map<std::string, StoredAttribute> result;
  H5O_info_t info{};
  if (H5Oget_info2(object, &info, H5O_INFO_NUM_ATTRS) < 0)
    fail_invalid(name + ": is damaged: its attributes cannot be read");
  for (hsize_t i = 0; i < info.num_attrs; ++i) {
    const Hdf5Attribute attribute(
        H5Aopen_by_idx(object, ".", H5_INDEX_NAME, H5_ITER_INC, i, H5P_DEFAULT, H5P_DEFAULT));
    const ssize_t length = attribute ? H5Aget_name(attribute.get(), 0, nullptr) : -1;
    if (length < 0 || static_cast<std::size_t>(length) > max_text)
      fail_invalid(name + ": is damaged: an attribute cannot be read");
    std::string attribute_name(static_cast<std::size_t>(length) + 1, '\0');
    H5Aget_name(attribute.get(), attribute_name.size(), attribute_name.data());
    attribute_name.pop_back();
    if (std::optional<StoredAttribute> value = read_attribute(attribute.get()))
      result.emplace(std::move(attribute_name), std::move(*value));
  }
  return result;
}

void write_text_attribute(hid_t object, const std::string& attribute,
                          const std::vector<std::string>& lines, bool scalar) {
  std::size_t size = 1;
  for (const std::string& line : lines) size = std::max(size, line.size() + 1);
  std::vector<char> bytes(size * lines.size(), '\0');
  for (std::size_t i = 0; i < lines.size(); ++i)
    std::copy(lines[i].begin(), lines[i].end(),
              bytes.begin() + static_cast<std::ptrdiff_t>(i * size));
  const Hdf5Type type(H5Tcopy(H5T_C_S1));
  H5Tset_size(type.get(), size);
  H5Tset_strpad(type.get(), H5T_STR_NULLTERM);
  H5Tset_cset(type.get(), H5T_CSET_UTF8);
  const hsize_t count = lines.size();
  const Hdf5Space space(scalar ? H5Screate(H5S_SCALAR) : H5Screate_simple(1, &count, nullptr));
  write_attribute(object, attribute, type.get(), space.get(), bytes.data());
}

void write_number_attribute(hid_t object, const std::string& attribute, double value) {
  write_scalar(object, attribute, H5T_IEEE_F64LE, &value);
}

void write_integer_attribute(hid_t object, const std::string& attribute, std::int64_t value) {
  write_scalar(object, attribute, H5T_STD_I64LE, &value);
}

void write_unsigned_attribute(hid_t object, const std::string& attribute, std::uint64_t value) {
  write_scalar(object, attribute, H5T_STD_U64LE, &value);
}

}  // namespace pushforward
