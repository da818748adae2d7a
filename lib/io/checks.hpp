// Checks of input rows, of computed results, and of arrays in files of other programs.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "io/array.hpp"

namespace pushforward {

// Error(invalid), naming the row, if a row holds a NaN or an infinity. `first_row` is the number of
// the block's first row in its dataset.
void require_finite_rows(const Array& rows, std::size_t first_row, const std::string& file,
                         const std::string& dataset);

enum class Infinity { refused, negative_allowed };  // log 0 is -infinity

// Error(numerical) if `numbers`, `columns` for each of the rows first_row, first_row + 1, ..., hold
// a NaN or an infinity. With the subject "model.h5: row" the message is "model.h5: row 12 comes out
// as a number that is not finite". All computed rows pass this check before they are written. T is
// float or double.
template <class T>
void require_finite_results(const std::vector<T>& numbers, std::size_t columns,
                            std::uint64_t first_row, const std::string& subject,
                            Infinity infinity = Infinity::refused);
// Error(invalid), beginning with `name`, unless the `held` bytes are exactly those that an array of
// this shape needs. `needed` is empty if no file can hold them.
void require_exactly(std::uint64_t held, std::optional<std::size_t> needed, const Shape& shape,
                     std::size_t element_size, const std::string& name);

// Error(invalid) unless `path` can name a dataset: no empty part, no "." and "..", no control
// characters.
void require_plain_path(const std::string& path, const std::string& file);

}  // namespace pushforward
