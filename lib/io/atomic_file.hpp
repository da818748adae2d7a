// A file that appears whole or not at all, for outputs that are not containers (PNG, CSV), and one
// that appears whole and grows from there (logs).
#pragma once

#include <cstddef>
#include <memory>
#include <string>

namespace pushforward {

// Location "-" is standard output, written at commit(), and so are pipes, devices and descriptors
// such as /dev/stderr. Otherwise a temporary file beside the target is written, which commit()
// syncs and renames. Without commit() the destructor removes it, and so does a stop signal that
// ends the process (base/stop.hpp).
//
// What is written after commit() goes to the file as it stands, so that a reader can follow it; to
// a stream, at the next flush() or commit().
class AtomicFile {
 public:
  explicit AtomicFile(const std::string& location);
  ~AtomicFile();
  AtomicFile(AtomicFile&&) noexcept;
  AtomicFile& operator=(AtomicFile&&) noexcept;

  [[nodiscard]] int descriptor() const;  // seekable, for positioned writes
  [[nodiscard]] std::string name() const;
  void write(const void* bytes, std::size_t count);  // appends
  void write(const std::string& text) { write(text.data(), text.size()); }
  void commit();
  void flush();  // after commit(): shows a stream what was written since

 private:
  struct Implementation;
  std::unique_ptr<Implementation> implementation_;
};

// write(2) to a stream until done. Throws Stopped if a stop signal arrives while the reader is not
// ready. Returns 0 or errno.
[[nodiscard]] int write_stream(int stream, const void* bytes, std::size_t count);

// write(2) and pwrite(2), repeated after EINTR and short counts until done. Return 0 or errno.
[[nodiscard]] int write_fully(int descriptor, const void* bytes, std::size_t count);
[[nodiscard]] int write_fully_at(int descriptor, const void* bytes, std::size_t count,
                                 std::size_t offset);

}  // namespace pushforward
