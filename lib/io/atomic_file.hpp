// A file that appears whole or not at all, for outputs that are not containers (PNG, CSV, logs).
#pragma once

#include <cstddef>
#include <memory>
#include <string>

namespace pushforward {

// location "-" is standard output (written at commit). Otherwise a temporary file beside the
// target, synced and renamed by commit(), removed by the destructor without it. Removed too when
// the process is ended by a stop signal (base/stop.hpp) without coming back here.
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

 private:
  struct Implementation;
  std::unique_ptr<Implementation> implementation_;
};

// write(2) to a stream, whose reader may keep us waiting: throws Stopped when a stop signal arrives
// meanwhile. Returns 0 or errno.
[[nodiscard]] int write_stream(int stream, const void* bytes, std::size_t count);

// write(2) and pwrite(2) until done, EINTR and short counts included. Returns 0 or errno.
[[nodiscard]] int write_fully(int descriptor, const void* bytes, std::size_t count);
[[nodiscard]] int write_fully_at(int descriptor, const void* bytes, std::size_t count,
                                 std::size_t offset);

}  // namespace pushforward
