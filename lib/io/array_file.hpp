// An array that a user may give as a container or as CSV.
#pragma once

#include <string>

#include "io/array.hpp"

namespace pushforward {

// The main dataset of a tensor container ("-" is standard input, FILE:/path another dataset), or
// the rows of a CSV file, [rows, columns] float64. Sets `source` to its name for messages. Errors
// name the file.
[[nodiscard]] Array read_array_file(const std::string& name, std::string* source);

}  // namespace pushforward
