#include <algorithm>
#include <list>
#include <stdexcept>

#include "base/error.hpp"
#include "io/container.hpp"
#include "io/guarded.hpp"
#include "io/hdf5_catalog.hpp"
#include "io/hdf5_file_driver.hpp"
#include "io/hdf5_signature.hpp"
#include "io/input_file.hpp"
#include "io/memory.hpp"

namespace pushforward {
namespace {

constexpr std::size_t cache_bytes = std::size_t{16} << 20;
constexpr std::size_t max_deflate_ratio = 1032;
constexpr double format_version = 1;

[[noreturn]] void fail_damaged(const std::string& where, const std::string& reason) {
  fail_invalid(where + ": is damaged: " + reason);
}

std::string rows_text(const Shape& shape, const Shape& chunk, const Shape& offset) {
  const std::size_t last = std::min(offset[0] + chunk[0], shape[0]) - 1;
  return "rows " + std::to_string(offset[0]) + " to " + std::to_string(last);
}

Hdf5File open_hdf5(DescriptorFile* file, const std::string& name) {
  const Hdf5Properties access = descriptor_access(file);
  Hdf5File opened(H5Fopen("input", H5F_ACC_RDONLY, access.get()));
  if (!opened) fail_damaged(name, "the HDF5 library cannot open it");
  return opened;
}

// The packed size of the chunk, 0 if the file has none at this place; checked against the file and
// against what it unpacks to before anything of that size is allocated.
std::size_t packed_size(hid_t dataset, const StoredDataset& entry, const Shape& offset,
                        const std::string& name, std::uint64_t file_size) {
  const std::vector<hsize_t> at(offset.begin(), offset.end());
  hsize_t packed = 0;
  const auto damaged = [&](const std::string& reason) {
    fail_damaged(name + ": " + entry.info.path,
                 rows_text(entry.info.shape, entry.chunk, offset) + " " + reason);
  };
  if (H5Dget_chunk_storage_size(dataset, at.data(), &packed) < 0) damaged("cannot be found");
  const std::size_t unpacked = product(entry.chunk) * entry.stored.size();
  const bool deflated = std::count(entry.filters.begin(), entry.filters.end(),
                                   ChunkFilter::deflate) > 0;
  if (packed > file_size) damaged("lie outside of the file");
  if (packed != 0 && unpacked / max_deflate_ratio > packed) damaged("do not have their size");
  if (packed != 0 && !deflated && packed < unpacked) damaged("do not have their size");
  return static_cast<std::size_t>(packed);
}

// Everything HDF5 will be asked about this file is asked once in a child process, where a crash on
// damaged structures does no harm.
void probe(const InputFile& input) {
  const std::string& name = input.name();
  const auto work = [&] {
    DescriptorFile file{input.descriptor(), input.size(), false, 0};
    const Hdf5File opened = open_hdf5(&file, name);
    for (const auto& [path, object] : read_catalog(opened.get(), name, input.size())) {
      if (!object.dataset || !object.dataset->chunked) continue;
      const StoredDataset& entry = *object.dataset;
      const Hdf5Dataset dataset(H5Dopen2(opened.get(), path.c_str(), H5P_DEFAULT));
      if (!dataset) fail_damaged(name + ": " + path, "it cannot be opened");
      for_each_chunk(entry.info.shape, entry.chunk, 0, entry.info.shape[0],
                     [&](const Shape& offset) {
                       static_cast<void>(
                           packed_size(dataset.get(), entry, offset, name, input.size()));
                     });
    }
  };
  const auto seconds = static_cast<unsigned>(20 + input.size() / 100000000);
  run_guarded(work, name + ": is damaged: the HDF5 library cannot read it", seconds);
}

}  // namespace

struct ContainerReader::Implementation {
  struct CachedChunk {
    std::string path;
    Shape offset;
    std::vector<std::byte> bytes;  // in the machine's numbers
  };

  explicit Implementation(const std::string& text)
      : location(Location::parse(text)),
        input(location.file,
              [this](const std::string& head) { require_hdf5_signature(head, location.name()); }),
        file{input.descriptor(), input.size(), false, 0} {
    require_whole_hdf5(input);
    probe(input);
    hdf5 = open_hdf5(&file, input.name());
    catalog = read_catalog(hdf5.get(), input.name(), input.size());
    const std::optional<double> version = attribute_number("/", "format_version");
    if (version && *version > format_version)
      fail_invalid(input.name() + ": was written by a newer version of the format, this program "
                   "reads version 1");
  }

  const StoredObject* object(const std::string& path) const {
    const auto found = catalog.find(path);
    return found == catalog.end() ? nullptr : &found->second;
  }

  const StoredDataset& dataset(const std::string& path) const {
    const StoredObject* found = object(path);
    if (found == nullptr) {
      std::string names;
      for (const auto& [other, entry] : catalog)
        if (entry.dataset && names.size() < 60) names += (names.empty() ? "" : ", ") + other;
      fail_not_found(input.name() + ": has no dataset " + path +
                     (names.empty() ? "" : ", it has " + names));
    }
    if (!found->dataset)
      fail_invalid(input.name() + ": " + path +
                   (found->is_group() ? " is a group, not a dataset" : " " + found->other));
    return *found->dataset;
  }

  const StoredAttribute* attribute(const std::string& path, const std::string& name) const {
    const StoredObject* found = object(path);
    if (found == nullptr) return nullptr;
    const auto entry = found->attributes.find(name);
    return entry == found->attributes.end() ? nullptr : &entry->second;
  }

  std::optional<double> attribute_number(const std::string& path, const std::string& name) const {
    const StoredAttribute* found = attribute(path, name);
    return found == nullptr ? std::nullopt : found->number;
  }

  hid_t handle(const std::string& path) {
    Hdf5Dataset& opened = handles[path];
    if (!opened) opened = Hdf5Dataset(H5Dopen2(hdf5.get(), path.c_str(), H5P_DEFAULT));
    if (!opened) fail_damaged(input.name() + ": " + path, "it cannot be opened");
    return opened.get();
  }

  void read_chunks(const StoredDataset& entry, std::size_t first, std::size_t count, Array* rows) {
    const Shape& shape = entry.info.shape;
    const std::size_t element = element_size(entry.info.type);
    for_each_chunk(shape, entry.chunk, first, count, [&](const Shape& offset) {
      const bool whole = offset[0] >= first && offset[0] + entry.chunk[0] <= first + count;
      std::vector<std::byte> unpacked;
      const std::vector<std::byte>* bytes = &unpacked;
      if (whole)
        unpacked = chunk(entry, offset);
      else
        bytes = &cached(entry, offset);
      copy_from_chunk(shape, entry.chunk, offset, element, bytes->data(), first, count,
                      rows->bytes.data());
    });
  }

  // A chunk that is asked for in parts is unpacked once.
  const std::vector<std::byte>& cached(const StoredDataset& entry, const Shape& offset) {
    for (auto it = cache.begin(); it != cache.end(); ++it)
      if (it->offset == offset && it->path == entry.info.path) {
        cache.splice(cache.begin(), cache, it);
        return it->bytes;
      }
    cache.push_front({entry.info.path, offset, chunk(entry, offset)});
    std::size_t held = 0;
    for (auto it = cache.begin(); it != cache.end();) {
      held += it->bytes.size();
      it = held > cache_bytes && it != cache.begin() ? cache.erase(it) : std::next(it);
    }
    return cache.front().bytes;
  }

  std::vector<std::byte> chunk(const StoredDataset& entry, const Shape& offset) {
    const hid_t dataset = handle(entry.info.path);
    const std::size_t elements = product(entry.chunk);
    const std::size_t packed = packed_size(dataset, entry, offset, input.name(), input.size());
    if (packed == 0) return absent_chunk(dataset, entry.info.type, elements);
    std::vector<std::byte> bytes(packed);
    const std::vector<hsize_t> at(offset.begin(), offset.end());
    std::uint32_t skipped = 0;
    const std::string where = input.name() + ": " + entry.info.path;
    const std::string place = rows_text(entry.info.shape, entry.chunk, offset);
    if (H5Dread_chunk(dataset, H5P_DEFAULT, at.data(), &skipped, bytes.data()) < 0)
      fail_damaged(where, place + " cannot be read");
    const std::size_t size = entry.stored.size();
    try {
      bytes = unpack_chunk(std::move(bytes), entry.filters, skipped, size, elements * size);
    } catch (const std::runtime_error& error) {
      fail_damaged(where, place + ": " + error.what());
    }
    if (!entry.stored.half) {
      decode_numbers(entry.stored, bytes.data(), elements, bytes.data());
      return bytes;
    }
    std::vector<std::byte> wide(elements * element_size(entry.info.type));
    decode_numbers(entry.stored, bytes.data(), elements, wide.data());
    return wide;
  }

  // A chunk that was never written reads as the dataset's fill value, 0 unless it has another.
  static std::vector<std::byte> absent_chunk(hid_t dataset, ElementType type,
                                             std::size_t elements) {
    const std::size_t size = element_size(type);
    std::vector<std::byte> value(size);
    const Hdf5Properties properties(H5Dget_create_plist(dataset));
    if (H5Pget_fill_value(properties.get(), hdf5_type(type), value.data()) < 0)
      std::fill(value.begin(), value.end(), std::byte{0});
    std::vector<std::byte> bytes(elements * size);
    for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] = value[i % size];
    return bytes;
  }

  void read_plain(const StoredDataset& entry, std::size_t first, std::size_t count, Array* rows) {
    const hid_t dataset = handle(entry.info.path);
    Hdf5Space from(H5Dget_space(dataset));
    std::vector<hsize_t> start(entry.info.shape.size(), 0);
    std::vector<hsize_t> extent(rows->shape.begin(), rows->shape.end());
    Hdf5Space to(H5Screate(H5S_SCALAR));
    bool well = static_cast<bool>(from);
    if (!extent.empty()) {
      start[0] = first;
      extent[0] = count;
      to = Hdf5Space(H5Screate_simple(static_cast<int>(extent.size()), extent.data(), nullptr));
      well = well && H5Sselect_hyperslab(from.get(), H5S_SELECT_SET, start.data(), nullptr,
                                         extent.data(), nullptr) >= 0;
    }
    if (!well || H5Dread(dataset, hdf5_type(entry.info.type), to.get(), from.get(), H5P_DEFAULT,
                         rows->bytes.data()) < 0)
      fail_damaged(input.name() + ": " + entry.info.path, "it cannot be read");
  }

  // `rows` rows of the dataset; all of it if it is a scalar.
  Array read(const std::string& path, std::size_t first, std::size_t count) {
    const StoredDataset& entry = dataset(path);
    Shape shape = entry.info.shape;
    if (!shape.empty()) shape[0] = count;
    const std::size_t bytes = product(shape) * element_size(entry.info.type);
    if (bytes > machine_memory())
      fail_invalid(input.name() + ": " + path + ": " + to_string(shape) +
                   " numbers do not fit in this machine's memory");
    Array rows = Array::make(entry.info.type, std::move(shape));
    if (rows.bytes.empty()) return rows;
    if (entry.chunked)
      read_chunks(entry, first, count, &rows);
    else
      read_plain(entry, first, count, &rows);
    return rows;
  }

  Location location;
  InputFile input;
  DescriptorFile file;
  Hdf5File hdf5;
  Catalog catalog;
  std::map<std::string, Hdf5Dataset> handles;
  std::list<CachedChunk> cache;  // last used first
};

ContainerReader::ContainerReader(const std::string& location)
    : implementation_(std::make_unique<Implementation>(location)) {}
ContainerReader::~ContainerReader() = default;
ContainerReader::ContainerReader(ContainerReader&&) noexcept = default;
ContainerReader& ContainerReader::operator=(ContainerReader&&) noexcept = default;

const Location& ContainerReader::location() const { return implementation_->location; }
std::string ContainerReader::name() const { return implementation_->input.name(); }
std::string ContainerReader::kind() const { return text("/", "kind").value_or("tensors"); }
std::string ContainerReader::main_dataset() const { return implementation_->location.dataset; }

std::vector<std::string> ContainerReader::history() const {
  const StoredAttribute* found = implementation_->attribute("/", "history");
  return found == nullptr ? std::vector<std::string>{} : found->lines;
}

std::vector<DatasetInfo> ContainerReader::datasets(const std::string& group,
                                                   bool recursive) const {
  const std::string prefix = group == "/" ? group : group + "/";
  std::vector<DatasetInfo> result;
  for (const auto& [path, object] : implementation_->catalog) {
    if (!object.dataset || path.compare(0, prefix.size(), prefix) != 0) continue;
    if (!recursive && path.find('/', prefix.size()) != std::string::npos) continue;
    result.push_back(object.dataset->info);
  }
  return result;
}

bool ContainerReader::has(const std::string& path) const {
  return implementation_->object(path) != nullptr;
}

DatasetInfo ContainerReader::info(const std::string& path) const {
  return implementation_->dataset(path).info;
}

Array ContainerReader::read(const std::string& path) const {
  const Shape& shape = implementation_->dataset(path).info.shape;
  return implementation_->read(path, 0, shape.empty() ? 1 : shape[0]);
}

Array ContainerReader::read_rows(const std::string& path, std::size_t first,
                                 std::size_t count) const {
  const Shape& shape = implementation_->dataset(path).info.shape;
  if (shape.empty()) fail_invalid(name() + ": " + path + " is a single number, rows are wanted");
  if (first > shape[0] || count > shape[0] - first)
    fail_invalid(name() + ": " + path + ": has " + std::to_string(shape[0]) + " rows, rows " +
                 std::to_string(first) + " to " + std::to_string(first + count) + " are wanted");
  return implementation_->read(path, first, count);
}

std::vector<DatasetInfo> ContainerReader::row_datasets() const {
  const DatasetInfo main = info(main_dataset());
  std::vector<DatasetInfo> result;
  for (DatasetInfo& other : datasets("/"))
    if (other.path != main.path && !other.shape.empty() && !main.shape.empty() &&
        other.shape[0] == main.shape[0])
      result.push_back(std::move(other));
  return result;
}

std::optional<std::string> ContainerReader::text(const std::string& path,
                                                 const std::string& attribute) const {
  const StoredAttribute* found = implementation_->attribute(path, attribute);
  return found == nullptr ? std::nullopt : std::optional<std::string>(found->text());
}

std::optional<double> ContainerReader::number(const std::string& path,
                                              const std::string& attribute) const {
  return implementation_->attribute_number(path, attribute);
}

std::vector<std::pair<std::string, std::string>> ContainerReader::attributes(
    const std::string& path) const {
  std::vector<std::pair<std::string, std::string>> result;
  const StoredObject* found = implementation_->object(path);
  if (found == nullptr) return result;
  for (const auto& [attribute, value] : found->attributes)
    result.emplace_back(attribute, value.text());
  return result;
}

}  // namespace pushforward
