// The checksum HDF5 keeps behind each chunk.
#pragma once

#include <cstddef>
#include <cstdint>

namespace pushforward {

// Fletcher's checksum of 16-bit big-endian words, modulo 65535; equal to the one of HDF5's
// fletcher32 filter.
[[nodiscard]] std::uint32_t fletcher32(const std::byte* bytes, std::size_t count);

}  // namespace pushforward
