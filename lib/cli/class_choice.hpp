// Classes that are asked for by their names or numbers.
#pragma once

#include <string>
#include <vector>

#include "io/names.hpp"

namespace pushforward {

// The classes of a list such as "boot", "3" or "boot,bag": each is the name of a class of the
// model, or its number from 0; empty for an empty list. Names with a comma stand in double quotes.
// Error(usage), with the names that there are, for one that is neither.
[[nodiscard]] std::vector<int> chosen_classes(const std::string& list, const RowNames& names);

// The same where one class is wanted; -1 for an empty list.
[[nodiscard]] int chosen_class(const std::string& list, const RowNames& names);

}  // namespace pushforward
