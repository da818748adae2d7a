// Rows waiting to be written.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "io/atomic_file.hpp"

namespace pushforward {

// A queue of bytes. A few megabytes are held in memory, more in an unnamed file beside `location`.
class RowQueue {
 public:
  explicit RowQueue(std::string location) : location_(std::move(location)) {}

  void push(const std::byte* bytes, std::size_t count);
  void pop(std::byte* to, std::size_t count);  // count <= size()
  [[nodiscard]] std::size_t size() const { return memory_.size() - taken_ + spilled(); }

 private:
  [[nodiscard]] std::size_t spilled() const { return spill_end_ - spill_begin_; }
  void read_spill(std::byte* to, std::size_t count);

  std::string location_;
  std::vector<std::byte> memory_;  // older than the spilled bytes
  std::size_t taken_ = 0;          // bytes of memory_ already popped
  std::unique_ptr<AtomicFile> spill_;
  std::size_t spill_begin_ = 0, spill_end_ = 0;
};

}  // namespace pushforward
