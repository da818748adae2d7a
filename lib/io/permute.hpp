// Permutation of the axes of an array.
#pragma once

#include "io/array.hpp"

namespace pushforward {

// Axis d of the result is axis axes[d] of `array`; `axes` is a permutation of 0 ... rank - 1.
[[nodiscard]] Array permuted(const Array& array, const std::vector<std::size_t>& axes);

// All axes in reverse order: what column-major programs wrote as [columns, rows] becomes
// [rows, columns].
[[nodiscard]] Array transposed(const Array& array);

}  // namespace pushforward
