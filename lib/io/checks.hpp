// Checks of rows that programs make before they compute.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "io/array.hpp"

namespace pushforward {

// Error(invalid) naming the first row that holds a NaN or an infinity; `first_row` is the number of
// the block's first row in its dataset.
void require_finite_rows(const Array& rows, std::size_t first_row, const std::string& file,
                         const std::string& dataset);

// Error(invalid), beginning with `name`, unless a file holds as many bytes as an array of this
// shape needs, no fewer and no more. `needed` is empty where no file can hold them.
void require_exactly(std::uint64_t held, std::optional<std::size_t> needed, const Shape& shape,
                     std::size_t element_size, const std::string& name);

}  // namespace pushforward
