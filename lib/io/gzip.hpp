// Reads gzip streams.
#pragma once

#include "io/input_file.hpp"

namespace pushforward {

// The content of a gzip file, held in memory. Consecutive members are joined; zeros between and
// after them are padding, anything else there is Error(invalid).
[[nodiscard]] InputFile gunzip(const InputFile& file);

}  // namespace pushforward
