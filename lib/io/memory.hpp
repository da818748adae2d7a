// How much there is to allocate from.
#pragma once

#include <unistd.h>

#include <cstdint>

namespace pushforward {

// Bytes of main memory of this machine: what is surely too much.
[[nodiscard]] inline std::uint64_t machine_memory() {
  return static_cast<std::uint64_t>(sysconf(_SC_PHYS_PAGES)) *
         static_cast<std::uint64_t>(sysconf(_SC_PAGE_SIZE));
}

}  // namespace pushforward
