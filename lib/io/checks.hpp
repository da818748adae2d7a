// Checks of rows that programs make before they compute.
#pragma once

#include <string>

#include "io/array.hpp"

namespace pushforward {

// Error(invalid) naming the first row that holds a NaN or an infinity; `first_row` is the number of
// the block's first row in its dataset.
void require_finite_rows(const Array& rows, std::size_t first_row, const std::string& file,
                         const std::string& dataset);

}  // namespace pushforward
