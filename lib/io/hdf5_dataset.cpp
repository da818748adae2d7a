#include "io/hdf5_dataset.hpp"

#include <algorithm>
#include <memory>

#include "base/error.hpp"
#include "io/hdf5_attributes.hpp"
#include "io/texts.hpp"

namespace pushforward {
namespace {

constexpr int max_rank = 8;
constexpr std::size_t max_deflate_ratio = 1032;  // of any deflate stream
// Texts with sizes of their own are read with the catalog, in memory.
constexpr std::size_t max_variable_bytes = std::size_t{1} << 28;

class DatasetScan {
 public:
  DatasetScan(std::string path, std::string name, DescriptorFile* file)
      : path_(std::move(path)), name_(std::move(name)), file_(file) {}

  void describe(hid_t dataset, StoredObject* entry) {
    const Hdf5Type type(H5Dget_type(dataset));
    const Hdf5Space space(H5Dget_space(dataset));
    const Hdf5Properties properties(H5Dget_create_plist(dataset));
    if (!type || !space || !properties) refuse("is damaged: it cannot be opened");
    if (H5Pget_external_count(properties.get()) != 0)
      refuse("keeps its numbers in another file, which is not followed");
    const H5D_layout_t layout = H5Pget_layout(properties.get());
    if (layout == H5D_VIRTUAL) refuse("is a virtual dataset, which is not followed");
    if (layout != H5D_CHUNKED && layout != H5D_CONTIGUOUS && layout != H5D_COMPACT)
      refuse("is damaged: its layout is unknown");
    const std::optional<StoredType> stored = stored_type(type.get());
    if (H5Sget_simple_extent_type(space.get()) == H5S_NULL) {
      entry->other = StoredOther{"empty", "is empty, it has no shape and no numbers", {}};
      return;
    }
    if (!stored) {
      const OtherType other = other_type(type.get());
      entry->other = StoredOther{other.name, other.reason, shape(space.get())};
      if (const auto text = text_type(type.get()); text && entry->other->shape.size() == 1)
        describe_texts(dataset, *text, properties.get(), entry);
      return;
    }
    StoredDataset result;
    result.info = {path_, stored->type, shape(space.get())};
    result.stored = *stored;
    result.fill.assign(element_size(stored->type), '\0');
    if (H5Pget_fill_value(properties.get(), hdf5_type(stored->type), result.fill.data()) < 0)
      std::fill(result.fill.begin(), result.fill.end(), '\0');
    locate(dataset, layout, properties.get(), &result);
    entry->dataset = std::move(result);
  }

 private:
  // Fills in where the numbers are.
  void locate(hid_t dataset, H5D_layout_t layout, hid_t properties, StoredDataset* into) {
    StoredDataset& result = *into;
    if (layout == H5D_CHUNKED) {
      result.layout = StoredDataset::Layout::chunked;
      chunk_form(properties, &result);
      refuse_unholdable(result);
      read_sums(dataset, &result);
      find_chunks(dataset, &result);
    } else {
      result.layout =
          layout == H5D_COMPACT ? StoredDataset::Layout::inside : StoredDataset::Layout::contiguous;
      refuse_unholdable(result);
      if (layout == H5D_COMPACT)
        read_inside(dataset, &result);
      else
        find_numbers(dataset, &result);
    }
  }

  // One text per row. Texts that are too long or stored in an unknown way are not read, and do not
  // keep the numbers beside them from being read.
  void describe_texts(hid_t dataset, const TextType& text, hid_t properties, StoredObject* entry) {
    StoredDataset result;
    result.info = {path_, ElementType::uint8, {entry->other->shape[0], text.size}, true};
    result.stored = {ElementType::uint8};
    result.fill.assign(1, '\0');
    if (text.size > max_text_size) return;
    try {
      if (text.variable && !read_variable_texts(dataset, &result)) return;
      if (!text.variable) locate(dataset, H5Pget_layout(properties), properties, &result);
      entry->texts = std::move(result);
    } catch (const Error&) {
      file_->note_places = false;
    }
  }

  // False if they are too long, or too many.
  bool read_variable_texts(hid_t dataset, StoredDataset* result) const {
    const std::size_t count = result->info.shape[0];
    if (count > max_variable_bytes / sizeof(char*) || count > file_->size) return false;
    std::vector<char*> pointers(count);
    const Hdf5Type type(H5Dget_type(dataset));
    if (count > 0 &&
        H5Dread(dataset, type.get(), H5S_ALL, H5S_ALL, H5P_DEFAULT, pointers.data()) < 0)
      refuse("is damaged: its texts cannot be read");
    std::vector<std::string> texts;
    std::size_t longest = 1;
    for (char* text : pointers) {
      texts.emplace_back(text == nullptr ? "" : text);
      longest = std::max(longest, texts.back().size());
      H5free_memory(text);
    }
    if (longest > max_text_size || count > max_variable_bytes / longest) return false;
    const Array bytes = array_of_texts(texts);
    result->info.shape = {count, longest};
    result->layout = StoredDataset::Layout::inside;
    result->inside.assign(bytes.data<char>(), bytes.bytes.size());
    return true;
  }

  Shape shape(hid_t space) const {
    const int rank = H5Sget_simple_extent_ndims(space);
    if (rank < 0) refuse("is damaged: its shape cannot be read");
    if (rank > max_rank) refuse("has " + std::to_string(rank) + " dimensions, at most 8 are read");
    hsize_t extents[max_rank] = {};
    if (rank > 0 && H5Sget_simple_extent_dims(space, extents, nullptr) < 0)
      refuse("is damaged: its shape cannot be read");
    return Shape(extents, extents + rank);
  }

  void chunk_form(hid_t properties, StoredDataset* result) const {
    hsize_t extents[max_rank] = {};
    const int rank = H5Pget_chunk(properties, max_rank, extents);
    const bool texts = result->info.is_text;
    if (rank < 1 || static_cast<std::size_t>(rank) != (texts ? 1 : result->info.shape.size()))
      refuse("is damaged: its chunks have another rank than it has");
    result->chunk.assign(extents, extents + rank);
    if (texts) result->chunk.push_back(result->info.shape[1]);
    for (std::size_t extent : result->chunk)
      if (extent == 0) refuse("is damaged: a chunk has no extent");
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
          refuse("is packed with filter " + std::to_string(filter) +
                 ", which is not read; use deflate (gzip), shuffle or fletcher32");
      }
    }
    const std::optional<std::size_t> bytes = checked_product(result->chunk, result->stored.size());
    if (!bytes || *bytes > 0xffffffffu) refuse("is damaged: its chunks are too large");
  }

  static bool deflated(const StoredDataset& dataset) {
    return std::count(dataset.filters.begin(), dataset.filters.end(), ChunkFilter::deflate) > 0;
  }

  // Refuses shapes that the file cannot hold: a few bytes can declare 10^18 numbers or chunks.
  void refuse_unholdable(const StoredDataset& dataset) const {
    const std::uint64_t limit =
        file_->size * (deflated(dataset) ? max_deflate_ratio : std::uint64_t{1});
    const std::optional<std::size_t> bytes =
        checked_product(dataset.info.shape, dataset.stored.size());
    if (!bytes || *bytes > limit || !checked_product(dataset.info.shape, sizeof(double)))
      refuse("declares " + to_string(dataset.info.shape) + " numbers of " +
             std::to_string(8 * dataset.stored.size()) + " bits, more than a file of " +
             std::to_string(file_->size) + " bytes can hold");
    if (!dataset.chunk.empty() && *bytes > 0 &&
        chunk_count(dataset.info.shape, dataset.chunk) > file_->size)
      refuse("is damaged: it has more chunks than the file has bytes");
  }

  void find_numbers(hid_t dataset, StoredDataset* result) const {
    const std::size_t bytes = product(result->info.shape) * result->stored.size();
    const haddr_t address = H5Dget_offset(dataset);
    result->absent = address == HADDR_UNDEF;
    if (result->absent || bytes == 0) return;
    if (H5Dget_storage_size(dataset) != bytes || address > file_->size ||
        bytes > file_->size - address)
      refuse("is damaged: its numbers lie outside of the file");
    result->address = address;
  }

  void read_inside(hid_t dataset, StoredDataset* result) const {
    const std::size_t bytes = product(result->info.shape) * result->stored.size();
    if (H5Dget_storage_size(dataset) != bytes)
      refuse("is damaged: its numbers have the wrong size");
    result->inside.assign(bytes, '\0');
    const Hdf5Type type(H5Dget_type(dataset));
    if (bytes > 0 &&
        H5Dread(dataset, type.get(), H5S_ALL, H5S_ALL, H5P_DEFAULT, result->inside.data()) < 0)
      refuse("is damaged: it cannot be read");
  }

  static bool unwritten(hid_t dataset, const std::vector<hsize_t>& offset) {
    unsigned skipped = 0;
    haddr_t address = 0;
    hsize_t size = 0;
    return H5Dget_chunk_info_by_coord(dataset, offset.data(), &skipped, &address, &size) >= 0 &&
           address == HADDR_UNDEF;
  }

  void find_chunks(hid_t dataset, StoredDataset* result) {
    const Shape& shape = result->info.shape;
    std::unique_ptr<std::byte[]> room;  // HDF5 wants a buffer, which the driver does not fill
    std::uint64_t room_size = 0;
    const std::uint64_t unpacked = product(result->chunk) * result->stored.size();
    file_->note_places = true;
    for_each_chunk(shape, result->chunk, 0, shape[0], [&](const Shape& offset) {
      const std::vector<hsize_t> at(offset.begin(), offset.end());
      const auto damaged = [&](const std::string& reason) {
        refuse("is damaged: " + chunk_name(shape, result->chunk, offset) + " " + reason);
      };
      hsize_t size = 0;
      // It fails as well if other chunks were written and this one was not.
      if (H5Dget_chunk_storage_size(dataset, at.data(), &size) < 0 && !unwritten(dataset, at))
        damaged("cannot be found");
      StoredChunk chunk;
      chunk.size = size;
      if (size > file_->size) damaged("lie outside of the file");
      if (size > 0) {
        if (unpacked / max_deflate_ratio > size || (!deflated(*result) && unpacked > size))
          damaged("have the wrong size");
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

  // The second checksums, if they were written for this chunk shape and number type: a copy by
  // another program may keep the attributes and change both.
  void read_sums(hid_t dataset, StoredDataset* result) const {
    const ChunkSums recorded = read_chunk_sums(dataset);
    if (recorded.chunk.empty() || recorded.chunk != result->chunk ||
        recorded.type != numpy_type(result->stored))
      return;
    const std::size_t chunks =
        product(result->info.shape) == 0 ? 0 : chunk_count(result->info.shape, result->chunk);
    if (recorded.sums.size() != chunks)
      refuse("has " + std::to_string(recorded.sums.size()) +
             " checksums in its attributes crc32_0, "
             "... for " +
             std::to_string(chunks) + " chunks; " + drop_sums_hint);
    result->sums = recorded.sums;
  }

  [[noreturn]] void refuse(const std::string& reason) const { refuse_object(name_, path_, reason); }

  std::string path_, name_;
  DescriptorFile* file_;
};

}  // namespace

void refuse_object(const std::string& file, const std::string& path, const std::string& reason) {
  constexpr std::size_t max_shown = 200;
  fail_invalid(file + ": " + (path.size() > max_shown ? path.substr(0, max_shown) + "..." : path) +
               ": " + reason);
}

void describe_dataset(hid_t dataset, const std::string& path, const std::string& name,
                      DescriptorFile* file, StoredObject* entry) {
  DatasetScan(path, name, file).describe(dataset, entry);
}

}  // namespace pushforward
