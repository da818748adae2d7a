#include "io/hdf5_file_driver.hpp"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <cstring>
#include <memory>

#include "base/error.hpp"
#include "io/atomic_file.hpp"

namespace pushforward {
namespace {

constexpr haddr_t max_address = (haddr_t{1} << 62);

// HDF5 keeps a pointer to the first member and passes it to every call.
struct OpenFile {
  H5FD_t base;
  DescriptorFile* file;
  haddr_t end_of_allocation;
};

OpenFile* opened(H5FD_t* base) { return reinterpret_cast<OpenFile*>(base); }
const OpenFile* opened(const H5FD_t* base) { return reinterpret_cast<const OpenFile*>(base); }

H5FD_t* driver_open(const char*, unsigned, hid_t access, haddr_t) {
  const auto* file = static_cast<DescriptorFile* const*>(H5Pget_driver_info(access));
  if (file == nullptr) return nullptr;
  return &(new OpenFile{{}, *file, 0})->base;
}

herr_t driver_close(H5FD_t* base) {
  delete opened(base);
  return 0;
}

int driver_compare(const H5FD_t* a, const H5FD_t* b) {
  const DescriptorFile* left = opened(a)->file;
  const DescriptorFile* right = opened(b)->file;
  return left < right ? -1 : left > right ? 1 : 0;
}

herr_t driver_query(const H5FD_t*, unsigned long* flags) {
  if (flags != nullptr)
    *flags = H5FD_FEAT_AGGREGATE_METADATA | H5FD_FEAT_ACCUMULATE_METADATA |
             H5FD_FEAT_AGGREGATE_SMALLDATA;
  return 0;
}

haddr_t driver_get_eoa(const H5FD_t* base, H5FD_mem_t) { return opened(base)->end_of_allocation; }

herr_t driver_set_eoa(H5FD_t* base, H5FD_mem_t, haddr_t address) {
  if (address > max_address) return -1;
  opened(base)->end_of_allocation = address;
  return 0;
}

haddr_t driver_get_eof(const H5FD_t* base, H5FD_mem_t) { return opened(base)->file->size; }

// In a file being written, bytes that were not written yet read as zeros. In a file being read,
// bytes beyond its end mean that it is damaged.
herr_t driver_read(H5FD_t* base, H5FD_mem_t type, hid_t, haddr_t address, size_t size,
                   void* buffer) {
  DescriptorFile& file = *opened(base)->file;
  if (address > max_address || size > max_address) return -1;
  if (!file.writable && address + size > file.size) return -1;
  if (file.note_places && type == H5FD_MEM_DRAW) {
    file.noted_address = address;
    file.noted_size = size;
    return 0;
  }
  char* to = static_cast<char*>(buffer);
  while (size > 0) {
    const ssize_t count =
        pread(file.descriptor, to, std::min(size, size_t{1} << 30), static_cast<off_t>(address));
    if (count < 0 && errno == EINTR) continue;
    if (count < 0 && file.error == 0) file.error = errno;
    if (count < 0 || (count == 0 && !file.writable)) return -1;
    if (count == 0) {
      std::memset(to, 0, size);
      return 0;
    }
    to += count;
    address += static_cast<haddr_t>(count);
    size -= static_cast<size_t>(count);
  }
  return 0;
}

herr_t driver_write(H5FD_t* base, H5FD_mem_t, hid_t, haddr_t address, size_t size,
                    const void* buffer) {
  DescriptorFile& file = *opened(base)->file;
  if (!file.writable || address > max_address || size > max_address) return -1;
  if (file.error == 0) file.error = write_fully_at(file.descriptor, buffer, size, address);
  file.size = std::max<std::uint64_t>(file.size, address + size);
  return 0;
}

herr_t driver_truncate(H5FD_t* base, hid_t, hbool_t) {
  OpenFile& open = *opened(base);
  DescriptorFile& file = *open.file;
  if (!file.writable) return 0;
  if (file.error == 0 &&
      ftruncate(file.descriptor, static_cast<off_t>(open.end_of_allocation)) != 0)
    file.error = errno;
  file.size = open.end_of_allocation;
  return 0;
}

hid_t driver_identifier() {
  static const hid_t id = [] {
    H5FD_class_t driver{};
    driver.name = "pushforward";
    driver.maxaddr = max_address;
    driver.fc_degree = H5F_CLOSE_STRONG;
    driver.fapl_size = sizeof(DescriptorFile*);
    driver.open = driver_open;
    driver.close = driver_close;
    driver.cmp = driver_compare;
    driver.query = driver_query;
    driver.get_eoa = driver_get_eoa;
    driver.set_eoa = driver_set_eoa;
    driver.get_eof = driver_get_eof;
    driver.read = driver_read;
    driver.write = driver_write;
    driver.truncate = driver_truncate;
    const H5FD_mem_t map[] = H5FD_FLMAP_DICHOTOMY;
    std::copy(std::begin(map), std::end(map), std::begin(driver.fl_map));
    return H5FDregister(&driver);
  }();
  return id;
}

thread_local bool memory_ran_out = false;

extern "C" herr_t look_at_error(unsigned, const H5E_error2_t* error, void*) {
  if (error->min_num == H5E_NOSPACE || error->min_num == H5E_CANTALLOC) memory_ran_out = true;
  return 0;
}

extern "C" herr_t look_at_errors(hid_t stack, void*) {
  return H5Ewalk2(stack, H5E_WALK_UPWARD, look_at_error, nullptr);
}

}  // namespace

bool hdf5_ran_out_of_memory() { return memory_ran_out; }
void note_lack_of_memory() { memory_ran_out = true; }

void prepare_hdf5() {
  static const bool done = [] {
    H5dont_atexit();
    H5open();
    H5PLset_loading_state(0);
    return true;
  }();
  static_cast<void>(done);
  memory_ran_out = false;
  H5Eset_auto2(H5E_DEFAULT, look_at_errors, nullptr);  // each thread has its own error stack
}

void require_hdf5_memory() {
  constexpr std::size_t bytes = std::size_t{8} << 20;  // opening a file takes a quarter of it
  const std::unique_ptr<std::byte[]> memory(new std::byte[bytes]);
  static_cast<volatile std::byte*>(memory.get())[0] = {};  // keeps the allocation from being elided
}

Hdf5Properties descriptor_access(DescriptorFile* file) {
  require_hdf5_memory();
  prepare_hdf5();
  Hdf5Properties access(H5Pcreate(H5P_FILE_ACCESS));
  if (!access || H5Pset_driver(access.get(), driver_identifier(), &file) < 0)
    fail_io("the HDF5 library refuses its file driver");
  return access;
}

}  // namespace pushforward
