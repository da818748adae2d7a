// Reading of gzip streams.
#pragma once

#include "io/input_file.hpp"

namespace pushforward {

// The content of a gzip file, held in memory; members one after the other are joined. Zeros between
// and behind them are padding, anything else there is Error(invalid).
[[nodiscard]] InputFile gunzip(const InputFile& file);

}  // namespace pushforward
