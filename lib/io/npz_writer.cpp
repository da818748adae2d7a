#include "io/npz_writer.hpp"

#include <cstdint>

#include "base/error.hpp"
#include "io/atomic_file.hpp"
#include "io/npy.hpp"
#include "io/zip.hpp"

namespace pushforward {
namespace {

void append_little(std::string* bytes, std::uint64_t value, std::size_t size) {
  for (std::size_t i = 0; i < size; ++i) *bytes += static_cast<char>((value >> (8 * i)) & 0xff);
}

// What the local header and the directory both say of a stored member.
std::string common_fields(const std::string& content, const std::string& name) {
  std::string fields;
  append_little(&fields, 20, 2);    // the version that can read it
  append_little(&fields, 0, 2);     // flags
  append_little(&fields, 0, 2);     // stored
  append_little(&fields, 0, 2);     // midnight of
  append_little(&fields, 0x21, 2);  // 1 January 1980: equal content is equal bytes
  append_little(&fields, zip_checksum(content), 4);
  append_little(&fields, content.size(), 4);
  append_little(&fields, content.size(), 4);
  append_little(&fields, name.size(), 2);
  append_little(&fields, 0, 2);  // extra fields
  return fields;
}

}  // namespace

void write_npz(const std::string& file, const std::vector<NamedArray>& arrays) {
  AtomicFile out(file);
  std::string directory;
  std::uint64_t offset = 0;
  for (const NamedArray& one : arrays) {
    const std::string name = one.path.substr(1) + ".npy";
    std::string content = npy_header(one.array.type, one.array.shape);
    content.append(reinterpret_cast<const char*>(one.array.bytes.data()), one.array.bytes.size());
    if (offset + content.size() > 0xfffffff0u)
      fail_invalid(file + ": an NPZ file of more than 4 GiB is not written, name an HDF5 file");
    const std::string fields = common_fields(content, name);
    directory += std::string("PK\x01\x02", 4) + std::string("\x14\x00", 2) + fields;
    append_little(&directory, 0, 2 + 2 + 2 + 4);  // comment, disk, attributes
    append_little(&directory, offset, 4);
    directory += name;
    const std::string header = std::string("PK\x03\x04", 4) + fields + name;
    out.write(header);
    out.write(content);
    offset += header.size() + content.size();
  }
  std::string end("PK\x05\x06", 4);
  append_little(&end, 0, 4);  // disks
  append_little(&end, arrays.size(), 2);
  append_little(&end, arrays.size(), 2);
  append_little(&end, directory.size(), 4);
  append_little(&end, offset, 4);
  append_little(&end, 0, 2);  // comment
  out.write(directory);
  out.write(end);
  out.commit();
}

}  // namespace pushforward
