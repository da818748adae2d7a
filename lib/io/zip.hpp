// ZIP archives, which NPZ files are.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "io/input_file.hpp"

namespace pushforward {

// Do these first bytes begin a ZIP archive, be it one without members?
[[nodiscard]] inline bool is_zip(const std::string& head) {
  return head.compare(0, 4, "PK\x03\x04") == 0 || head.compare(0, 4, "PK\x05\x06") == 0;
}

// An archive to read (ZIP64 too). The file outlives it.
class ZipReader {
 public:
  // Error(invalid) unless the directory of the archive is sound.
  explicit ZipReader(const InputFile& file);
  ~ZipReader();
  ZipReader(const ZipReader&) = delete;
  ZipReader& operator=(const ZipReader&) = delete;

  // The names of the members as they stand in the directory, whatever they are.
  [[nodiscard]] const std::vector<std::string>& names() const { return names_; }

  // The bytes of a member, as many as the directory says and of its checksum; Error(invalid) if
  // they are not. Encrypted members and those packed otherwise than by deflation are refused.
  [[nodiscard]] std::string read(std::size_t index) const;

 private:
  struct Archive;
  std::unique_ptr<Archive> archive_;
  std::vector<std::string> names_;
};

// A member to write. Its parts, one behind the other, outlive the writing.
struct ZipMember {
  struct Part {
    const void* bytes;
    std::size_t size;
  };
  std::string name;
  std::vector<Part> parts;
};

// Writes an archive of stored members; it appears whole or not at all (AtomicFile). All dates are 1
// January 1980: equal content is equal bytes.
void write_zip(const std::string& file, const std::vector<ZipMember>& members);

}  // namespace pushforward
