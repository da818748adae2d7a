#include "io/hdf5_attributes.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstring>

#include "base/error.hpp"
#include "io/guarded.hpp"
#include "io/hdf5_file_driver.hpp"

namespace pushforward {
namespace {

constexpr hsize_t max_elements = 65536;
constexpr std::size_t max_text = std::size_t{1} << 24;
constexpr std::size_t sums_per_attribute = 8192;
constexpr std::size_t attributes_per_second = 1000;  // a lower bound for any machine
const std::string sums_prefix = "crc32_";
const std::string chunk_attribute = "crc32_chunk", type_attribute = "crc32_type";

// Shortest text that reads back as the same number.
template <class T>
std::string number_text(T value) {
  std::array<char, 64> buffer;
  const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value).ptr;
  return std::string(buffer.data(), end);
}

// Thrown for an attribute that cannot be read; the caller knows its name.
struct Unreadable {};

void read(hid_t attribute, hid_t memory_type, void* values) {
  if (H5Aread(attribute, memory_type, values) < 0) throw Unreadable();
}

void read_numbers(hid_t attribute, hid_t type, std::size_t count, StoredAttribute* result) {
  const std::optional<StoredType> stored = stored_type(type);
  if (!stored) return;
  const bool whole = stored->type != ElementType::float32 && stored->type != ElementType::float64;
  if (whole && stored->type == ElementType::uint64) {
    std::vector<std::uint64_t> values(count);
    read(attribute, H5T_NATIVE_UINT64, values.data());
    for (std::uint64_t value : values) result->lines.push_back(number_text(value));
    if (count == 1) result->number = static_cast<double>(values[0]);
  } else if (whole) {
    std::vector<std::int64_t> values(count);
    read(attribute, H5T_NATIVE_INT64, values.data());
    for (std::int64_t value : values) result->lines.push_back(number_text(value));
    if (count == 1) result->number = static_cast<double>(values[0]);
  } else {
    std::vector<double> values(count);
    read(attribute, H5T_NATIVE_DOUBLE, values.data());
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
  read(attribute, type, bytes.data());
  for (std::size_t i = 0; i < count; ++i) {
    std::string line(bytes.data() + i * size, strnlen(bytes.data() + i * size, size));
    if (H5Tget_strpad(type) == H5T_STR_SPACEPAD) line.erase(line.find_last_not_of(' ') + 1);
    result->lines.push_back(std::move(line));
  }
}

void read_variable_text(hid_t attribute, hid_t type, hid_t space, std::size_t count,
                        StoredAttribute* result) {
  std::vector<char*> texts(count, nullptr);
  read(attribute, type, texts.data());
  for (const char* text : texts) result->lines.emplace_back(text == nullptr ? "" : text);
  H5Dvlen_reclaim(type, space, H5P_DEFAULT, texts.data());
}

std::optional<StoredAttribute> read_attribute(hid_t attribute) {
  const Hdf5Type type(H5Aget_type(attribute));
  const Hdf5Space space(H5Aget_space(attribute));
  if (!type || !space) throw Unreadable();
  const hssize_t count = H5Sget_simple_extent_npoints(space.get());
  // HDF5 refuses to read an attribute without elements.
  if (count < 1 || static_cast<hsize_t>(count) > max_elements) return std::nullopt;
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

extern "C" herr_t collect_name(hid_t, const char* name, const H5A_info_t*, void* names) {
  try {
    static_cast<std::vector<std::string>*>(names)->emplace_back(name);
    return 0;
  } catch (const std::bad_alloc&) {
    note_lack_of_memory();
    return -1;
  }
}

std::string part_name(std::size_t part) { return sums_prefix + std::to_string(part); }

// The elements of an attribute that is a vector of this stored type; empty if there is none.
template <class T>
std::optional<std::vector<T>> read_vector(hid_t object, const std::string& name, hid_t stored) {
  if (H5Aexists(object, name.c_str()) <= 0) return {};
  const Hdf5Attribute attribute(H5Aopen(object, name.c_str(), H5P_DEFAULT));
  const Hdf5Type type(attribute ? H5Aget_type(attribute.get()) : H5I_INVALID_HID);
  const Hdf5Space space(attribute ? H5Aget_space(attribute.get()) : H5I_INVALID_HID);
  if (!type || !space || H5Tequal(type.get(), stored) <= 0) return {};
  const hssize_t count = H5Sget_simple_extent_npoints(space.get());
  if (H5Sget_simple_extent_ndims(space.get()) != 1 || count < 0 ||
      static_cast<hsize_t>(count) > sums_per_attribute)
    return {};
  std::vector<T> values(static_cast<std::size_t>(count));
  if (count > 0 && H5Aread(attribute.get(), stored, values.data()) < 0) return {};
  return values;
}

// The text of an attribute, empty if there is none.
std::string read_text(hid_t object, const std::string& name) {
  if (H5Aexists(object, name.c_str()) <= 0) return {};
  const Hdf5Attribute attribute(H5Aopen(object, name.c_str(), H5P_DEFAULT));
  try {
    if (!attribute) throw Unreadable();
    const std::optional<StoredAttribute> value = read_attribute(attribute.get());
    return value ? value->text() : std::string();
  } catch (const Unreadable&) {
    return {};
  }
}

// Error(io) if the attribute cannot be written; the caller adds the file's name.
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

void write_vector(hid_t object, const std::string& attribute, hid_t type, hsize_t count,
                  const void* values) {
  const Hdf5Space space(H5Screate_simple(1, &count, nullptr));
  write_attribute(object, attribute, type, space.get(), values);
}

}  // namespace

std::map<std::string, StoredAttribute> read_attributes(hid_t object, const std::string& name) {
  std::vector<std::string> names;
  if (H5Aiterate2(object, H5_INDEX_NAME, H5_ITER_INC, nullptr, collect_name, &names) < 0)
    fail_invalid(name + ": is damaged: its attributes cannot be listed");
  std::map<std::string, StoredAttribute> result;
  std::size_t done = 0;
  for (const std::string& one : names) {
    if (++done % attributes_per_second == 0) grant_seconds(1);
    if (one.compare(0, sums_prefix.size(), sums_prefix) == 0) continue;
    const Hdf5Attribute attribute(H5Aopen(object, one.c_str(), H5P_DEFAULT));
    try {
      if (!attribute) throw Unreadable();
      if (std::optional<StoredAttribute> value = read_attribute(attribute.get()))
        result.emplace(one, std::move(*value));
    } catch (const Unreadable&) {
      fail_invalid(name + ": is damaged: its attribute " + one.substr(0, 100) + " cannot be read");
    }
  }
  return result;
}

void write_chunk_sums(hid_t dataset, const ChunkSums& sums) {
  const std::vector<std::uint64_t> chunk(sums.chunk.begin(), sums.chunk.end());
  write_vector(dataset, chunk_attribute, H5T_STD_U64LE, chunk.size(), chunk.data());
  write_text_attribute(dataset, type_attribute, {sums.type}, true);
  for (std::size_t first = 0; first < sums.sums.size(); first += sums_per_attribute)
    write_vector(dataset, part_name(first / sums_per_attribute), H5T_STD_U32LE,
                 std::min(sums_per_attribute, sums.sums.size() - first), sums.sums.data() + first);
}

ChunkSums read_chunk_sums(hid_t dataset) {
  const std::optional<std::vector<std::uint64_t>> chunk =
      read_vector<std::uint64_t>(dataset, chunk_attribute, H5T_STD_U64LE);
  if (!chunk) return {};
  ChunkSums result{Shape(chunk->begin(), chunk->end()), {}, read_text(dataset, type_attribute)};
  for (std::size_t part = 0;; ++part) {
    const std::optional<std::vector<std::uint32_t>> sums =
        read_vector<std::uint32_t>(dataset, part_name(part), H5T_STD_U32LE);
    if (!sums || sums->empty()) return result;
    result.sums.insert(result.sums.end(), sums->begin(), sums->end());
  }
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
