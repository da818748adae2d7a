#include <algorithm>
#include <cstring>
#include <map>
#include <stdexcept>

#include "base/error.hpp"
#include "io/atomic_file.hpp"
#include "io/container.hpp"
#include "io/hdf5_attributes.hpp"
#include "io/hdf5_chunks.hpp"
#include "io/hdf5_file_driver.hpp"
#include "io/hdf5_types.hpp"
#include "io/history.hpp"
#include "io/row_queue.hpp"

namespace pushforward {
namespace {

constexpr std::int64_t format_version = 1;

// What the bytes of rows are. Texts [N, size] are HDF5's texts of a fixed size, [N].
enum class Elements { numbers, texts };

// A dataset that grows. shape[0] counts the rows already in the file. HDF5's dataset is created
// with the first chunk.
struct Growing {
  std::string path;
  Elements elements;
  ElementType type;
  Shape shape, chunk;
  Hdf5Dataset dataset;
  RowQueue waiting;
  std::vector<std::uint32_t> sums;  // of the chunks in the file
  // Attributes wait too, because a dataset of few rows is created at the end.
  std::vector<std::pair<std::string, std::string>> texts;
  [[nodiscard]] std::size_t row_bytes() const {
    return product(Shape(shape.begin() + 1, shape.end())) * element_size(type);
  }
};

std::vector<hsize_t> extents(const Shape& shape) { return {shape.begin(), shape.end()}; }

Hdf5Properties file_creation() {
  Hdf5Properties creation(H5Pcreate(H5P_FILE_CREATE));
  H5Pset_obj_track_times(creation.get(), false);
  return creation;
}

Hdf5Properties file_access(DescriptorFile* file) {
  Hdf5Properties access = descriptor_access(file);
  H5Pset_libver_bounds(access.get(), H5F_LIBVER_V110, H5F_LIBVER_V110);
  return access;
}

}  // namespace

struct ContainerWriter::Implementation {
  Implementation(const std::string& where, const std::string& kind, const Provenance& provenance)
      : location(where), target(where) {
    file.descriptor = target.descriptor();
    file.writable = true;
    hdf5 = Hdf5File(
        H5Fcreate("output", H5F_ACC_TRUNC, file_creation().get(), file_access(&file).get()));
    check(static_cast<bool>(hdf5), "the file");
    const Hdf5Object root = object("/");
    attribute(root, "format", [](hid_t id, const std::string& name) {
      write_text_attribute(id, name, {"pushforward"}, true);
    });
    attribute(root, "format_version", [](hid_t id, const std::string& name) {
      write_integer_attribute(id, name, format_version);
    });
    attribute(root, "kind", [&](hid_t id, const std::string& name) {
      write_text_attribute(id, name, {kind}, true);
    });
    attribute(root, "program_version", [](hid_t id, const std::string& name) {
      write_text_attribute(id, name, {PUSHFORWARD_VERSION}, true);
    });
    const std::vector<std::string> history = history_lines(provenance);
    if (!history.empty())
      attribute(root, "history", [&](hid_t id, const std::string& name) {
        write_text_attribute(id, name, history, false);
      });
    if (provenance.seed)
      attribute(root, "seed", [&](hid_t id, const std::string& name) {
        write_unsigned_attribute(id, name, *provenance.seed);
      });
  }

  // The system's error takes precedence: HDF5's failure would only be its consequence.
  void check(bool well, const std::string& what) const {
    if (file.error != 0)
      fail_io(target.name() + ": cannot be written: " + std::strerror(file.error));
    if (!well) fail_io(target.name() + ": the HDF5 library cannot write " + what);
  }

  void require_open() const {
    check(true, "");
    if (!hdf5) throw std::logic_error("a container is written to after its commit");
    require_hdf5_memory();
  }

  Hdf5Object object(const std::string& path) {
    Hdf5Object opened(H5Oopen(hdf5.get(), path.c_str(), H5P_DEFAULT));
    check(static_cast<bool>(opened), path);
    return opened;
  }

  void make_groups(const std::string& path) {
    for (std::size_t end = path.find('/', 1); end != std::string::npos;
         end = path.find('/', end + 1))
      make_group(path.substr(0, end));
  }

  void make_group(const std::string& path) {
    if (path == "/" || H5Lexists(hdf5.get(), path.c_str(), H5P_DEFAULT) > 0) return;
    const Hdf5Properties creation(H5Pcreate(H5P_GROUP_CREATE));
    H5Pset_obj_track_times(creation.get(), false);
    const Hdf5Group made(
        H5Gcreate2(hdf5.get(), path.c_str(), H5P_DEFAULT, creation.get(), H5P_DEFAULT));
    check(static_cast<bool>(made), path);
  }

  template <class Write>
  void attribute(const Hdf5Object& owner, const std::string& name, Write&& write) {
    try {
      write(owner.get(), name);
    } catch (const Error&) {
      check(false, "attribute " + name);
    }
    check(true, "");
  }

  void set_text(const std::string& path, const std::string& name, const std::string& value) {
    for (Growing& one : growing)
      if (one.path == path && !one.dataset) {
        one.texts.emplace_back(name, value);
        return;
      }
    write_text(owner(path), name, value);
  }

  void write_text(const Hdf5Object& object, const std::string& name, const std::string& value) {
    attribute(object, name, [&](hid_t id, const std::string& attribute_name) {
      write_text_attribute(id, attribute_name, {value}, true);
    });
  }

  // The object that gets an attribute; a group that does not exist yet is created.
  Hdf5Object owner(const std::string& path) {
    require_open();
    for (Growing& one : growing)
      if (one.path == path) make_growing(&one);
    make_groups(path);
    make_group(path);
    return object(path);
  }

  // Chunked, with checksums. A scalar or a dataset without elements has no chunks: it is stored in
  // the object header, which has a checksum.
  Hdf5Dataset create(const std::string& path, Elements elements, ElementType type,
                     const Shape& shape, const Shape& chunk, bool grows) {
    if (path.size() < 2 || path[0] != '/')
      throw std::logic_error("a dataset's path begins with a slash: " + path);
    make_groups(path);
    const Hdf5Properties creation(H5Pcreate(H5P_DATASET_CREATE));
    H5Pset_obj_track_times(creation.get(), false);
    const bool texts = elements == Elements::texts;
    const Hdf5Type text = texts ? fixed_text_type(shape[1]) : Hdf5Type();
    std::vector<hsize_t> now = extents(shape), chunk_extents = extents(chunk);
    if (texts) now.resize(1);
    if (texts) chunk_extents.resize(std::min<std::size_t>(chunk.size(), 1));
    std::vector<hsize_t> max_extents = now;
    Hdf5Space space;
    if (shape.empty()) {
      space = Hdf5Space(H5Screate(H5S_SCALAR));
    } else {
      if (grows) max_extents[0] = H5S_UNLIMITED;
      space =
          Hdf5Space(H5Screate_simple(static_cast<int>(now.size()), now.data(), max_extents.data()));
    }
    if (chunk.empty()) {
      H5Pset_layout(creation.get(), H5D_COMPACT);
    } else {
      H5Pset_chunk(creation.get(), static_cast<int>(chunk_extents.size()), chunk_extents.data());
      H5Pset_fletcher32(creation.get());
      H5Pset_fill_time(creation.get(), H5D_FILL_TIME_NEVER);
      // All attributes stay in the object header, whose checksum covers them.
      H5Pset_attr_phase_change(creation.get(), 65535, 0);
    }
    Hdf5Dataset made(H5Dcreate2(hdf5.get(), path.c_str(), texts ? text.get() : hdf5_type(type),
                                space.get(), H5P_DEFAULT, creation.get(), H5P_DEFAULT));
    check(static_cast<bool>(made), path);
    return made;
  }

  // Writes rows [first, first + count): whole chunks, except at the end of the dataset. Appends
  // their checksums to `sums`.
  void write_chunks(hid_t dataset, const std::string& path, const Shape& shape, const Shape& chunk,
                    std::size_t element, std::size_t first, std::size_t count,
                    const std::byte* rows, std::vector<std::uint32_t>* sums) {
    for_each_chunk(shape, chunk, first, count, [&](const Shape& offset) {
      std::vector<std::byte> bytes(product(chunk) * element);
      copy_to_chunk(shape, chunk, offset, element, bytes.data(), first, count, rows);
      sums->push_back(chunk_crc32(shape, chunk, offset, element, bytes.data()));
      seal_chunk(&bytes);
      const bool well = H5Dwrite_chunk(dataset, H5P_DEFAULT, 0, extents(offset).data(),
                                       bytes.size(), bytes.data()) >= 0;
      check(well, path);
    });
  }

  void write_sums(hid_t dataset, const std::string& path, const ChunkSums& sums) {
    try {
      write_chunk_sums(dataset, sums);
    } catch (const Error&) {
      check(false, "the checksums of " + path);
    }
    check(true, "");
  }

  void write(const std::string& path, Elements elements, const Array& array) {
    require_open();
    const std::size_t element = element_size(array.type);
    const bool chunked = !array.shape.empty() && !array.bytes.empty();
    const Shape chunk = chunked ? chunk_shape(array.shape, element, false) : Shape{};
    Hdf5Dataset dataset = create(path, elements, array.type, array.shape, chunk, false);
    if (chunked) {
      std::vector<std::uint32_t> sums;
      write_chunks(dataset.get(), path, array.shape, chunk, element, 0, array.shape[0],
                   array.bytes.data(), &sums);
      write_sums(dataset.get(), path, {chunk, std::move(sums), numpy_type({array.type})});
    } else if (!array.bytes.empty()) {
      check(H5Dwrite(dataset.get(), hdf5_type(array.type), H5S_ALL, H5S_ALL, H5P_DEFAULT,
                     array.bytes.data()) >= 0,
            path);
    }
    check(dataset.reset(), path);
  }

  void create_rows(const std::string& path, Elements elements, ElementType type,
                   const Shape& row_shape) {
    require_open();
    Shape shape = row_shape;
    shape.insert(shape.begin(), 0);
    if (product(row_shape) == 0)
      fail_invalid(target.name() + ": " + path + ": rows of shape " + to_string(row_shape) +
                   " hold no numbers");
    const Shape chunk = chunk_shape(shape, element_size(type), true);
    growing.push_back(
        {path, elements, type, shape, chunk, Hdf5Dataset(), RowQueue(location), {}, {}});
  }

  void make_growing(Growing* one) {
    if (!one->dataset)
      one->dataset = create(one->path, one->elements, one->type, one->shape, one->chunk, true);
  }

  // Writes a dataset of fewer rows than a chunk at its own size, not as a chunk that is mostly
  // empty.
  void write_small(Growing* one) {
    Array rows = Array::make(one->type, one->shape);
    rows.shape[0] = one->waiting.size() / one->row_bytes();
    rows.bytes.resize(one->waiting.size());
    one->waiting.pop(rows.bytes.data(), rows.bytes.size());
    write(one->path, one->elements, rows);
  }

  void append_rows(const std::string& path, const Array& rows) {
    require_open();
    const auto found = std::find_if(growing.begin(), growing.end(),
                                    [&](const Growing& other) { return other.path == path; });
    if (found == growing.end()) throw std::logic_error("no growing dataset " + path);
    if (rows.type != found->type || rows.shape.size() != found->shape.size() ||
        !std::equal(rows.shape.begin() + 1, rows.shape.end(), found->shape.begin() + 1))
      throw std::logic_error("rows of another type or shape are appended to " + path);
    const std::size_t step = found->row_bytes() * found->chunk[0];
    for (std::size_t done = 0; done < rows.bytes.size(); done += step) {
      found->waiting.push(rows.bytes.data() + done, std::min(step, rows.bytes.size() - done));
      drain(false);
    }
  }

  // Writes the chunks that are complete. They are ordered by first row, then by the order in which
  // the datasets were created: a dataset that is ahead of the others waits for them. So the order
  // in the file does not depend on the sizes of the appended blocks.
  void drain(bool to_the_end) {
    for (;;) {
      Growing* next = nullptr;
      for (Growing& one : growing) {
        if (to_the_end && one.waiting.size() == 0) continue;
        if (next == nullptr || one.shape[0] < next->shape[0]) next = &one;
      }
      if (next == nullptr) return;
      const std::size_t whole = next->chunk[0] * next->row_bytes();
      const std::size_t bytes = std::min(whole, next->waiting.size());
      if (bytes < whole && !to_the_end) return;
      if (bytes < whole && !next->dataset) {
        write_small(next);
        continue;
      }
      make_growing(next);
      std::vector<std::byte> rows(bytes);
      next->waiting.pop(rows.data(), bytes);
      const std::size_t first = next->shape[0];
      const std::size_t count = bytes / next->row_bytes();
      next->shape[0] += count;
      check(H5Dset_extent(next->dataset.get(), extents(next->shape).data()) >= 0, next->path);
      write_chunks(next->dataset.get(), next->path, next->shape, next->chunk,
                   element_size(next->type), first, count, rows.data(), &next->sums);
    }
  }

  void commit() {
    require_open();
    drain(true);
    for (Growing& one : growing)
      if (H5Lexists(hdf5.get(), one.path.c_str(), H5P_DEFAULT) <= 0) write_small(&one);  // no rows
    for (const Growing& one : growing)
      for (const auto& [name, value] : one.texts) write_text(object(one.path), name, value);
    bool well = true;
    for (Growing& one : growing) {
      if (one.dataset)
        write_sums(one.dataset.get(), one.path,
                   {one.chunk, std::move(one.sums), numpy_type({one.type})});
      well = one.dataset.reset() && well;
    }
    growing.clear();
    well = hdf5.reset() && well;
    check(well, "the file");
    target.commit();
  }

  std::string location;
  AtomicFile target;
  DescriptorFile file;
  Hdf5File hdf5;
  std::vector<Growing> growing;
};

ContainerWriter::ContainerWriter(const std::string& location, const std::string& kind,
                                 const Provenance& provenance)
    : implementation_(std::make_shared<Implementation>(location, kind, provenance)) {}
ContainerWriter::ContainerWriter(std::shared_ptr<Implementation> implementation, std::string prefix)
    : implementation_(std::move(implementation)), prefix_(std::move(prefix)) {}
ContainerWriter::~ContainerWriter() = default;
ContainerWriter::ContainerWriter(ContainerWriter&&) noexcept = default;
ContainerWriter& ContainerWriter::operator=(ContainerWriter&&) noexcept = default;

ContainerWriter ContainerWriter::inside(const std::string& group) const {
  return ContainerWriter(implementation_, at(group));
}

std::string ContainerWriter::at(const std::string& path) const {
  return path == "/" && !prefix_.empty() ? prefix_ : prefix_ + path;
}

std::string ContainerWriter::name() const { return implementation_->target.name(); }

void ContainerWriter::write(const std::string& path, const Array& array) {
  implementation_->write(at(path), Elements::numbers, array);
}
void ContainerWriter::write_texts(const std::string& path, const Array& texts) {
  implementation_->write(at(path), Elements::texts, texts);
}
void ContainerWriter::create_texts(const std::string& path, std::size_t size) {
  implementation_->create_rows(at(path), Elements::texts, ElementType::uint8, {size});
}
void ContainerWriter::create_rows(const std::string& path, ElementType type,
                                  const Shape& row_shape) {
  implementation_->create_rows(at(path), Elements::numbers, type, row_shape);
}
void ContainerWriter::append_rows(const std::string& path, const Array& rows) {
  implementation_->append_rows(at(path), rows);
}

void ContainerWriter::set_text(const std::string& path, const std::string& attribute,
                               const std::string& value) {
  implementation_->set_text(at(path), attribute, value);
}
void ContainerWriter::set_number(const std::string& path, const std::string& attribute,
                                 double value) {
  implementation_->attribute(
      implementation_->owner(at(path)), attribute,
      [&](hid_t id, const std::string& name) { write_number_attribute(id, name, value); });
}
void ContainerWriter::set_integer(const std::string& path, const std::string& attribute,
                                  std::int64_t value) {
  implementation_->attribute(
      implementation_->owner(at(path)), attribute,
      [&](hid_t id, const std::string& name) { write_integer_attribute(id, name, value); });
}

void ContainerWriter::commit() { implementation_->commit(); }

}  // namespace pushforward
