#include "cli/memory_limit.hpp"

#include <sys/resource.h>

#include <algorithm>
#include <cstdint>
#include <fstream>

#include "io/memory.hpp"

namespace pushforward {
void limit_memory() {
  const auto available = kilobytes_of("/proc/meminfo", "MemAvailable");
  const auto held = kilobytes_of("/proc/self/status", "VmData");
  rlimit limit{};
  if (!available || !held || getrlimit(RLIMIT_DATA, &limit) != 0) return;
  std::uint64_t most = *available + kilobytes_of("/proc/meminfo", "SwapFree").value_or(0);
  // Absent, or "max", where there is none.
  std::ifstream group("/sys/fs/cgroup/memory.max");
  if (std::uint64_t bytes = 0; group >> bytes) most = std::min(most, bytes);
  if (*held >= most || limit.rlim_cur <= most) return;
  limit.rlim_cur = most;
  setrlimit(RLIMIT_DATA, &limit);
}

}  // namespace pushforward
