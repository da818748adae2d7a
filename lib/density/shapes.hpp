// Small grey images of discs, squares and crosses.
#pragma once

#include <cstddef>
#include <cstdint>

namespace pushforward {

// Writes images first_row, first_row + 1, ... to pixels [rows, 1, size, size], white on black with
// smooth edges (16 samples per pixel), and what they show to label [rows]: 0 a disc, 1 a square,
// 2 a cross, equally likely. The radius is uniform in [size / 6, size / 3], the centre uniform
// where the figure fits. Image i is a pure function of (seed, size, i). size >= 4.
void fill_shapes(std::uint8_t* pixels, std::int32_t* label, std::size_t size, std::size_t rows,
                 std::uint64_t first_row, std::uint64_t seed);

}  // namespace pushforward
