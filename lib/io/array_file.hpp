// An array that a person may give as a container or as text.
#pragma once

#include <string>

#include "io/array.hpp"

namespace pushforward {

// The main dataset of a tensor container ("-" is standard input, FILE:/path another dataset), or
// the lines of a CSV file, [lines, columns] float64. `source` becomes its name for messages. Errors
// name the file.
[[nodiscard]] Array read_array_file(const std::string& name, std::string* source);

}  // namespace pushforward
