// How much there is to allocate from.
#pragma once

#include <sys/resource.h>
#include <unistd.h>

#include <cstdint>
#include <optional>
#include <string>

namespace pushforward {

// Bytes of main memory of this machine: what is surely too much.
[[nodiscard]] inline std::uint64_t machine_memory() {
  return static_cast<std::uint64_t>(sysconf(_SC_PHYS_PAGES)) *
         static_cast<std::uint64_t>(sysconf(_SC_PAGE_SIZE));
}

// The bytes of a line `NAME: n kB` in a file such as /proc/self/status, or nothing.
[[nodiscard]] std::optional<std::uint64_t> kilobytes_of(const char* file, const std::string& name);

// While it lives, this process may allocate so many bytes more than it holds, if it may allocate
// as many at all.
class MemoryBudget {
 public:
  explicit MemoryBudget(std::uint64_t bytes);
  ~MemoryBudget() { end(); }
  MemoryBudget(const MemoryBudget&) = delete;
  MemoryBudget& operator=(const MemoryBudget&) = delete;

  // Ends it, and tells whether the process can allocate now: if so, the budget was what was short,
  // and not the memory.
  [[nodiscard]] bool end_and_find_memory();

 private:
  void end();

  std::optional<rlimit> before_;
};

}  // namespace pushforward
