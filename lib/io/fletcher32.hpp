// The checksum that HDF5 stores after each chunk.
#pragma once

#include <cstddef>
#include <cstdint>

namespace pushforward {

// Fletcher's checksum of 16-bit big-endian words, modulo 65535, as HDF5's fletcher32 filter
// computes it.
[[nodiscard]] std::uint32_t fletcher32(const std::byte* bytes, std::size_t count);

}  // namespace pushforward
