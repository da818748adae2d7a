#include "cli/memory_limit.hpp"

#include <sys/resource.h>

#include <algorithm>
#include <cstdint>
#include <fstream>

#include "io/memory.hpp"

namespace pushforward {
void limit_memory() {
  const auto available = listed_bytes("/proc/meminfo", "MemAvailable");
  const auto held = listed_bytes("/proc/self/status", "VmData");
  rlimit limit{};
  if (!available || !held || getrlimit(RLIMIT_DATA, &limit) != 0) return;
  std::uint64_t max_bytes = *available + listed_bytes("/proc/meminfo", "SwapFree").value_or(0);
  // Absent, or "max", if the control group has no limit.
  std::ifstream group("/sys/fs/cgroup/memory.max");
  if (std::uint64_t bytes = 0; group >> bytes) max_bytes = std::min(max_bytes, bytes);
  if (*held >= max_bytes || limit.rlim_cur <= max_bytes) return;
  limit.rlim_cur = max_bytes;
  setrlimit(RLIMIT_DATA, &limit);
}

}  // namespace pushforward
