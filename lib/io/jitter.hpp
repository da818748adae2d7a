// Noise for columns of whole steps, whose density would have no bound.
#pragma once

#include <cstdint>
#include <string>

#include "io/table.hpp"

namespace pushforward {

// Adds noise, uniform over one step, to columns of /x [N, D]: a number x becomes one of
// [x - step / 2, x + step / 2), so that rounding to the steps undoes it and means stay. The step of
// a column is the largest number of which all differences between its values are multiples; values
// that were filled in (Table::filled) do not count, but get noise, too.
// `columns` is a list as in ColumnChoice, or "all": every column of values in equal steps that are
// whole, or at most half as many as there are rows. The noise of a row is a function of the seed,
// the row's number in the table and the column. Numbers that are integers become float32.
//
// Returns what was done, for a message: "age by steps of 1, fare by steps of 0.05". Error(invalid),
// beginning with `name`, if a column that is named has no steps, or all have one value.
[[nodiscard]] std::string jitter(const std::string& columns, std::uint64_t seed,
                                 const std::string& name, Table* table);

}  // namespace pushforward
