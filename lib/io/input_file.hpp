// The bytes of an input, readable at any position: a file, or a pipe that is held in memory.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace pushforward {

class InputFile {
 public:
  // "-" is standard input from its current position. `check_head` gets the first bytes (up to 4096)
  // before a pipe is read to its end, and may throw. Directories and devices are refused. Every
  // failure is an Error that begins with the name.
  explicit InputFile(const std::string& file,
                     const std::function<void(const std::string& head)>& check_head = {});
  // An empty file in memory, to be filled by append().
  [[nodiscard]] static InputFile empty(const std::string& name);
  ~InputFile();
  InputFile(InputFile&& other) noexcept;
  InputFile& operator=(InputFile&& other) noexcept;

  [[nodiscard]] int descriptor() const { return descriptor_; }
  [[nodiscard]] std::uint64_t size() const { return size_; }
  [[nodiscard]] const std::string& name() const { return name_; }

  // Up to `count` bytes from `offset`; fewer only at the end of the file.
  std::size_t read_at(std::uint64_t offset, void* buffer, std::size_t count) const;
  // The same as a string.
  [[nodiscard]] std::string bytes(std::uint64_t offset, std::size_t count) const;

  // For a file in memory only.
  void append(const void* bytes, std::size_t count);
  void overwrite(std::uint64_t offset, const void* bytes, std::size_t count);

 private:
  InputFile() = default;
  void spool(const std::string& head);

  std::string name_;
  int descriptor_ = -1;
  std::uint64_t size_ = 0;
};

}  // namespace pushforward
