// NumPy's .npz: arrays in a ZIP archive.
#pragma once

#include <string>
#include <vector>

#include "io/input_file.hpp"
#include "io/table.hpp"

namespace pushforward {

// The members of an .npz file (a ZIP archive, stored or deflated) under their names: "mu.npy" is
// "/mu". Those that hold something else than numbers are passed over, with a warning that names
// them; Error(invalid) if all do. With `only`, that one alone, whatever the others are;
// Error(not_found) if there is none.
[[nodiscard]] std::vector<NamedArray> read_npz(const InputFile& file, const std::string& only = "");

// Each array under its path without the leading "/": "/mu" is the member mu.npy. The file appears
// whole or not at all; until then it is held in memory.
void write_npz(const std::string& file, const std::vector<NamedArray>& arrays);

}  // namespace pushforward
