// Checks of rows that programs make before they compute, and of what they computed; of arrays in
// files of other programs.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "io/array.hpp"

namespace pushforward {

// Error(invalid) naming the first row that holds a NaN or an infinity; `first_row` is the number of
// the block's first row in its dataset.
void require_finite_rows(const Array& rows, std::size_t first_row, const std::string& file,
                         const std::string& dataset);

enum class Infinity { refused, negative_allowed };  // log 0 is -infinity

// Error(numerical) where `numbers`, computed for rows first_row, first_row + 1, ..., `columns` for
// each of them, hold a NaN or an infinity: "model.h5: row 12 comes out as a number that is not
// finite", where `subject` is "model.h5: row". Whatever leaves a program as rows passes through
// here before it is written. T is float or double.
template <class T>
void require_finite_results(const std::vector<T>& numbers, std::size_t columns,
                            std::uint64_t first_row, const std::string& subject,
                            Infinity infinity = Infinity::refused);
// Error(invalid), beginning with `name`, unless a file holds as many bytes as an array of this
// shape needs, no fewer and no more. `needed` is empty where no file can hold them.
void require_exactly(std::uint64_t held, std::optional<std::size_t> needed, const Shape& shape,
                     std::size_t element_size, const std::string& name);

// Error(invalid) unless `path` can name a dataset: no empty part, no "." and "..", no control
// characters.
void require_plain_path(const std::string& path, const std::string& file);

}  // namespace pushforward
