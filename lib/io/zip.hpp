// ZIP archives, the format of NPZ files.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "io/input_file.hpp"

namespace pushforward {

// Whether these first bytes begin a ZIP archive, which may be empty.
[[nodiscard]] inline bool is_zip(const std::string& head) {
  return head.compare(0, 4, "PK\x03\x04") == 0 || head.compare(0, 4, "PK\x05\x06") == 0;
}

// Reads an archive, ZIP64 included. The file must outlive the reader.
class ZipReader {
 public:
  // Error(invalid) if the directory of the archive is damaged.
  explicit ZipReader(const InputFile& file);
  ~ZipReader();
  ZipReader(const ZipReader&) = delete;
  ZipReader& operator=(const ZipReader&) = delete;

  // The names of the members, unchecked, in the order of the directory.
  [[nodiscard]] const std::vector<std::string>& names() const { return names_; }

  // The bytes of a member. Error(invalid) if their number or checksum is not that in the directory,
  // and for members that are encrypted or compressed by another method than deflate.
  [[nodiscard]] std::string read(std::size_t index) const;

 private:
  struct Archive;
  std::unique_ptr<Archive> archive_;
  std::vector<std::string> names_;
};

// A member to write: its parts, concatenated. They must outlive write_zip().
struct ZipMember {
  struct Part {
    const void* bytes;
    std::size_t size;
  };
  std::string name;
  std::vector<Part> parts;
};

// Writes an archive of stored members, which appears whole or not at all (io/atomic_file.hpp). All
// dates are 1 January 1980, so that equal content gives equal bytes.
void write_zip(const std::string& file, const std::vector<ZipMember>& members);

}  // namespace pushforward
