#include "io/hdf5_catalog.hpp"

#include <algorithm>
#include <set>

#include "base/error.hpp"
#include "io/hdf5_attributes.hpp"

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
  Walk(Catalog* catalog, std::string name, std::uint64_t file_size)
      : catalog_(catalog), name_(std::move(name)), file_size_(file_size) {}

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
        refuse(member, "is a link to another file, which is not followed; copy the data into "
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
    StoredDataset result{{path, stored->type, {}}, *stored, layout == H5D_CHUNKED, {}, {}};
    result.info.shape = shape(space.get(), path);
    if (result.chunked) chunks(properties.get(), path, &result);
    size(dataset, layout, path, result);
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

  void chunks(hid_t properties, const std::string& path, StoredDataset* result) const {
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
        case H5Z_FILTER_SHUFFLE: result->filters.push_back(ChunkFilter::shuffle); break;
        case H5Z_FILTER_DEFLATE: result->filters.push_back(ChunkFilter::deflate); break;
        case H5Z_FILTER_FLETCHER32: result->filters.push_back(ChunkFilter::fletcher32); break;
        default:
          refuse(path, "is packed with filter " + std::to_string(filter) +
                           ", which is not read; use deflate (gzip), shuffle or fletcher32");
      }
    }
    const std::optional<std::size_t> bytes = checked_product(result->chunk, result->stored.size());
    if (!bytes || *bytes > 0xffffffffu) refuse(path, "is damaged: its chunks are too large");
  }

  // Refuses shapes that the file cannot hold: a few bytes can declare 10^18 numbers.
  void size(hid_t dataset, H5D_layout_t layout, const std::string& path,
            const StoredDataset& result) const {
    const std::optional<std::size_t> bytes =
        checked_product(result.info.shape, std::max<std::size_t>(8, result.stored.size()));
    const std::size_t stored = bytes ? *bytes / std::max<std::size_t>(8, result.stored.size()) *
                                           result.stored.size()
                                     : 0;
    const bool deflated = std::count(result.filters.begin(), result.filters.end(),
                                     ChunkFilter::deflate) > 0;
    const std::size_t packed = deflated ? stored / max_deflate_ratio : stored;
    if (!bytes || packed > file_size_)
      refuse(path, "declares " + to_string(result.info.shape) + " numbers of " +
                       std::to_string(8 * result.stored.size()) + " bits, more than a file of " +
                       std::to_string(file_size_) + " bytes can hold");
    if (layout == H5D_CHUNKED || stored == 0) return;
    const hsize_t held = H5Dget_storage_size(dataset);
    if (held == 0 && layout == H5D_CONTIGUOUS) return;  // never written: zeros
    if (held != stored)
      refuse(path, "is damaged: it holds " + std::to_string(held) + " bytes where " +
                       std::to_string(stored) + " belong");
  }

  Catalog* catalog_;
  std::string name_;
  std::uint64_t file_size_;
  std::set<haddr_t> visited_;
};

}  // namespace

Catalog read_catalog(hid_t file, const std::string& name, std::uint64_t file_size) {
  Catalog catalog;
  Walk walk(&catalog, name, file_size);
  const Hdf5Object root(H5Oopen(file, "/", H5P_DEFAULT));
  H5O_info_t info{};
  if (!root || H5Oget_info2(root.get(), &info, H5O_INFO_BASIC) < 0)
    walk.refuse("/", "is damaged: it cannot be opened");
  walk.first_visit(info.addr);
  walk.attributes(root.get(), "/");
  walk.group(root.get(), "/", 0);
  return catalog;
}

}  // namespace pushforward
