#include "io/memory.hpp"

#include <cstdlib>
#include <fstream>

namespace pushforward {

std::optional<std::uint64_t> listed_bytes(const char* file, const std::string& name) {
  std::ifstream lines(file);
  for (std::string word; lines >> word;) {
    std::uint64_t count = 0;
    if (word == name + ":" && lines >> count) return count * 1024;
  }
  return {};
}

MemoryBudget::MemoryBudget(std::uint64_t bytes) {
  const std::optional<std::uint64_t> held = listed_bytes("/proc/self/status", "VmData");
  rlimit limit{};
  if (!held || getrlimit(RLIMIT_DATA, &limit) != 0) return;
  rlimit lower = limit;
  lower.rlim_cur = *held + bytes;
  if (lower.rlim_cur < bytes || lower.rlim_cur >= limit.rlim_cur) return;
  if (setrlimit(RLIMIT_DATA, &lower) == 0) before_ = limit;
}

void MemoryBudget::end() {
  if (before_) setrlimit(RLIMIT_DATA, &*before_);
  before_.reset();
}

bool MemoryBudget::end_and_find_memory() {
  constexpr std::size_t enough = std::size_t{32} << 20;
  end();
  void* const memory = std::malloc(enough);
  std::free(memory);
  return memory != nullptr;
}

}  // namespace pushforward
