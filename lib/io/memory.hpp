// The memory available to this process.
#pragma once

#include <sys/resource.h>
#include <unistd.h>

#include <cstdint>
#include <optional>
#include <string>

namespace pushforward {

// Bytes of main memory of this machine. Nothing larger can be allocated.
[[nodiscard]] inline std::uint64_t machine_memory() {
  return static_cast<std::uint64_t>(sysconf(_SC_PHYS_PAGES)) *
         static_cast<std::uint64_t>(sysconf(_SC_PAGE_SIZE));
}

// The bytes that a line `NAME: n kB` of a file such as /proc/self/status says; empty if there is
// none.
[[nodiscard]] std::optional<std::uint64_t> listed_bytes(const char* file, const std::string& name);

// During its lifetime this process may allocate at most `bytes` more than it holds at the start,
// unless a lower limit is set already.
class MemoryBudget {
 public:
  explicit MemoryBudget(std::uint64_t bytes);
  ~MemoryBudget() { end(); }
  MemoryBudget(const MemoryBudget&) = delete;
  MemoryBudget& operator=(const MemoryBudget&) = delete;

  // Ends the budget and returns whether the process can allocate now. If so, the budget was
  // exhausted and not the memory.
  [[nodiscard]] bool end_and_find_memory();

 private:
  void end();

  std::optional<rlimit> before_;
};

}  // namespace pushforward
