#include "io/hdf5_catalog.hpp"

#include <algorithm>
#include <memory>
#include <set>

#include "base/error.hpp"
#include "io/catalog_codec.hpp"
#include "io/guarded.hpp"
#include "io/hdf5_attributes.hpp"
#include "io/hdf5_file_driver.hpp"

namespace pushforward {
namespace {

constexpr std::size_t max_depth = 64;
constexpr std::size_t max_objects = 1000000;
constexpr int max_rank = 8;
constexpr std::size_t max_deflate_ratio = 1032;  // of any deflate stream

struct Link {
  std::string name;
  H5L_type_t type;
};

extern "C" herr_t collect_link(hid_t, const char* name, const H5L_info_t* info, void* links) {
  try {
    static_cast<std::vector<Link>*>(links)->push_back({name, info->type});
    return 0;
  } catch (...) {
    return -1;
  }
}

class Walk {
 public:
  Walk(Catalog* catalog, DescriptorFile* file, std::string name)
      : catalog_(catalog), file_(file), name_(std::move(name)) {}

  void group(hid_t group, const std::string& path, std::size_t depth) {
    if (depth > max_depth) refuse(path, "lies more than 64 groups deep");
    std::vector<Link> links;
    if (H5Literate(group, H5_INDEX_NAME, H5_ITER_NATIVE, nullptr, collect_link, &links) < 0)
      refuse(path, "is damaged: its members cannot be listed");
    for (const Link& link : links) {
      const std::string member = (path == "/" ? path : path + "/") + link.name;
      if (link.type == H5L_TYPE_SOFT)
        refuse(member, "is a soft link, which is not followed; copy the data to this place");
      if (link.type == H5L_TYPE_EXTERNAL)
        refuse(member,
               "is a link to another file, which is not followed; copy the data into "
               "this one");
      if (link.type != H5L_TYPE_HARD) refuse(member, "is a link of an unknown kind");
      object(group, link.name, member, depth);
    }
  }

  void attributes(hid_t object, const std::string& path) {
    (*catalog_)[path].attributes = read_attributes(object, name_ + ": " + path);
  }

  // False if the group at this address was walked before.
  bool first_visit(haddr_t address) { return visited_.insert(address).second; }

  [[noreturn]] void refuse(const std::string& path, const std::string& reason) const {
    fail_invalid(name_ + ": " + path + ": " + reason);
  }

 private:
  void object(hid_t parent, const std::string& link, const std::string& path, std::size_t depth) {
    if (catalog_->size() > max_objects) refuse(path, "is one of more than 1000000 objects");
    const Hdf5Object object(H5Oopen(parent, link.c_str(), H5P_DEFAULT));
    H5O_info_t info{};
    if (!object || H5Oget_info2(object.get(), &info, H5O_INFO_BASIC) < 0)
      refuse(path, "is damaged: it cannot be opened");
    if (info.type == H5O_TYPE_GROUP) {
      if (!first_visit(info.addr)) return;
      attributes(object.get(), path);
      group(object.get(), path, depth + 1);
    } else if (info.type == H5O_TYPE_DATASET) {
      attributes(object.get(), path);
      dataset(object.get(), path);
    }
  }

  void dataset(hid_t dataset, const std::string& path) {
    StoredObject& entry = (*catalog_)[path];
    const Hdf5Type type(H5Dget_type(dataset));
    const Hdf5Space space(H5Dget_space(dataset));
    const Hdf5Properties properties(H5Dget_create_plist(dataset));
    if (!type || !space || !properties) refuse(path, "is damaged: it cannot be opened");
    if (H5Pget_external_count(properties.get()) != 0)
      refuse(path, "keeps its numbers in another file, which is not followed");
    const H5D_layout_t layout = H5Pget_layout(properties.get());
    if (layout == H5D_VIRTUAL) refuse(path, "is a virtual dataset, which is not followed");
    if (layout != H5D_CHUNKED && layout != H5D_CONTIGUOUS && layout != H5D_COMPACT)
      refuse(path, "is damaged: its layout is unknown");
    std::string refusal;
    const std::optional<StoredType> stored = stored_type(type.get(), &refusal);
    if (!refusal.empty()) refuse(path, refusal);
    const H5S_class_t extent = H5Sget_simple_extent_type(space.get());
    if (!stored || extent == H5S_NULL) {
      entry.other = !stored && H5Tget_class(type.get()) == H5T_STRING ? "holds text, not numbers"
                    : !stored ? "holds something else than plain numbers"
                              : "is empty";
      return;
    }
    StoredDataset result;
    result.info = {path, stored->type, shape(space.get(), path)};
    result.stored = *stored;
    result.fill.assign(element_size(stored->type), '\0');
    if (H5Pget_fill_value(properties.get(), hdf5_type(stored->type), result.fill.data()) < 0)
      std::fill(result.fill.begin(), result.fill.end(), '\0');
    if (layout == H5D_CHUNKED) {
      result.layout = StoredDataset::Layout::chunked;
      chunk_form(properties.get(), path, &result);
      refuse_unholdable(path, result);
      find_chunks(dataset, path, &result);
    } else {
      result.layout =
          layout == H5D_COMPACT ? StoredDataset::Layout::inside : StoredDataset::Layout::contiguous;
      refuse_unholdable(path, result);
      if (layout == H5D_COMPACT)
        read_inside(dataset, path, &result);
      else
        find_numbers(dataset, path, &result);
    }
    entry.dataset = std::move(result);
  }

  Shape shape(hid_t space, const std::string& path) const {
    const int rank = H5Sget_simple_extent_ndims(space);
    if (rank < 0) refuse(path, "is damaged: its shape cannot be read");
    if (rank > max_rank)
      refuse(path, "has " + std::to_string(rank) + " dimensions, at most 8 are read");
    hsize_t extents[max_rank] = {};
    if (rank > 0 && H5Sget_simple_extent_dims(space, extents, nullptr) < 0)
      refuse(path, "is damaged: its shape cannot be read");
    return Shape(extents, extents + rank);
  }

  void chunk_form(hid_t properties, const std::string& path, StoredDataset* result) const {
    hsize_t extents[max_rank] = {};
    const int rank = H5Pget_chunk(properties, max_rank, extents);
    if (rank < 1 || static_cast<std::size_t>(rank) != result->info.shape.size())
      refuse(path, "is damaged: its chunks have another rank than it has");
    result->chunk.assign(extents, extents + rank);
    for (std::size_t extent : result->chunk)
      if (extent == 0) refuse(path, "is damaged: a chunk has no extent");
    const int filters = H5Pget_nfilters(properties);
    for (int i = 0; i < filters; ++i) {
      unsigned flags = 0;
      std::size_t values = 0;
      char text[64] = "";
      const H5Z_filter_t filter = H5Pget_filter2(properties, static_cast<unsigned>(i), &flags,
                                                 &values, nullptr, sizeof text, text, nullptr);
      switch (filter) {
        case H5Z_FILTER_SHUFFLE:
          result->filters.push_back(ChunkFilter::shuffle);
          break;
        case H5Z_FILTER_DEFLATE:
          result->filters.push_back(ChunkFilter::deflate);
          break;
        case H5Z_FILTER_FLETCHER32:
          result->filters.push_back(ChunkFilter::fletcher32);
          break;
        default:
          refuse(path, "is packed with filter " + std::to_string(filter) +
                           ", which is not read; use deflate (gzip), shuffle or fletcher32");
      }
    }
    const std::optional<std::size_t> bytes = checked_product(result->chunk, result->stored.size());
    if (!bytes || *bytes > 0xffffffffu) refuse(path, "is damaged: its chunks are too large");
  }

  static bool deflated(const StoredDataset& dataset) {
    return std::count(dataset.filters.begin(), dataset.filters.end(), ChunkFilter::deflate) > 0;
  }

  // Shapes that the file cannot hold: a few bytes can declare 10^18 numbers, or as many chunks.
  void refuse_unholdable(const std::string& path, const StoredDataset& dataset) const {
    const std::uint64_t limit =
        file_->size * (deflated(dataset) ? max_deflate_ratio : std::uint64_t{1});
    const std::optional<std::size_t> bytes =
        checked_product(dataset.info.shape, dataset.stored.size());
    if (!bytes || *bytes > limit || !checked_product(dataset.info.shape, sizeof(double)))
      refuse(path, "declares " + to_string(dataset.info.shape) + " numbers of " +
                       std::to_string(8 * dataset.stored.size()) + " bits, more than a file of " +
                       std::to_string(file_->size) + " bytes can hold");
    std::size_t chunks = 1;
    for (std::size_t d = 0; d < dataset.chunk.size(); ++d)
      chunks *= (dataset.info.shape[d] + dataset.chunk[d] - 1) / dataset.chunk[d];
    if (chunks > file_->size)
      refuse(path, "is damaged: it has more chunks than the file has bytes");
  }

  void find_numbers(hid_t dataset, const std::string& path, StoredDataset* result) const {
    const std::size_t bytes = product(result->info.shape) * result->stored.size();
    const haddr_t address = H5Dget_offset(dataset);
    result->absent = address == HADDR_UNDEF;
    if (result->absent || bytes == 0) return;
    if (H5Dget_storage_size(dataset) != bytes || address > file_->size ||
        bytes > file_->size - address)
      refuse(path, "is damaged: its numbers lie outside of the file");
    result->address = address;
  }

  void read_inside(hid_t dataset, const std::string& path, StoredDataset* result) const {
    const std::size_t bytes = product(result->info.shape) * result->stored.size();
    if (H5Dget_storage_size(dataset) != bytes)
      refuse(path, "is damaged: its numbers do not have their size");
    result->inside.assign(bytes, '\0');
    const Hdf5Type type(H5Dget_type(dataset));
    if (bytes > 0 &&
        H5Dread(dataset, type.get(), H5S_ALL, H5S_ALL, H5P_DEFAULT, result->inside.data()) < 0)
      refuse(path, "is damaged: it cannot be read");
  }

  void find_chunks(hid_t dataset, const std::string& path, StoredDataset* result) {
    const Shape& shape = result->info.shape;
    std::unique_ptr<std::byte[]> room;  // for numbers that are not read; never touched
    std::uint64_t room_size = 0;
    const std::uint64_t unpacked = product(result->chunk) * result->stored.size();
    file_->note_places = true;
    for_each_chunk(shape, result->chunk, 0, shape[0], [&](const Shape& offset) {
      const std::vector<hsize_t> at(offset.begin(), offset.end());
      const auto damaged = [&](const std::string& reason) {
        refuse(path, "is damaged: " + chunk_name(shape, result->chunk, offset) + " " + reason);
      };
      hsize_t size = 0;
      if (H5Dget_chunk_storage_size(dataset, at.data(), &size) < 0) damaged("cannot be found");
      StoredChunk chunk;
      chunk.size = size;
      if (size > file_->size) damaged("lie outside of the file");
      if (size > 0) {
        if (unpacked / max_deflate_ratio > size || (!deflated(*result) && unpacked > size))
          damaged("do not have their size");
        if (size > room_size) {
          room.reset(new std::byte[size]);
          room_size = size;
        }
        std::uint32_t skipped = 0;
        file_->noted_size = 0;
        if (H5Dread_chunk(dataset, H5P_DEFAULT, at.data(), &skipped, room.get()) < 0 ||
            file_->noted_size != size)
          damaged("cannot be found");
        chunk.address = file_->noted_address;
        chunk.skipped = skipped;
      }
      result->chunks.push_back(chunk);
    });
    file_->note_places = false;
  }

  Catalog* catalog_;
  DescriptorFile* file_;
  std::string name_;
  std::set<haddr_t> visited_;
};

Catalog walk_file(const InputFile& input) {
  DescriptorFile file;
  file.descriptor = input.descriptor();
  file.size = input.size();
  const Hdf5Properties access = descriptor_access(&file);
  const Hdf5File opened(H5Fopen("input", H5F_ACC_RDONLY, access.get()));
  if (!opened) fail_invalid(input.name() + ": is damaged: the HDF5 library cannot open it");
  Catalog catalog;
  Walk walk(&catalog, &file, input.name());
  const Hdf5Object root(H5Oopen(opened.get(), "/", H5P_DEFAULT));
  H5O_info_t info{};
  if (!root || H5Oget_info2(root.get(), &info, H5O_INFO_BASIC) < 0)
    walk.refuse("/", "is damaged: it cannot be opened");
  walk.first_visit(info.addr);
  walk.attributes(root.get(), "/");
  walk.group(root.get(), "/", 0);
  return catalog;
}

}  // namespace

std::string StoredAttribute::text() const {
  std::string result;
  for (std::size_t i = 0; i < lines.size(); ++i) result += (i == 0 ? "" : " ") + lines[i];
  return result;
}

Catalog read_catalog(const InputFile& file) {
  prepare_hdf5();  // once here, not in every child
  // A sound file takes milliseconds; some damaged ones send HDF5 around in circles.
  const auto seconds = static_cast<unsigned>(3 + file.size() / 50000000);
  return decode_catalog(run_guarded([&] { return encode_catalog(walk_file(file)); },
                                    file.name() + ": is damaged: the HDF5 library cannot read it",
                                    seconds));
}

}  // namespace pushforward
