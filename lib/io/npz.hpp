// NumPy's .npz: arrays in a ZIP archive.
#pragma once

#include <string>
#include <vector>

#include "io/input_file.hpp"
#include "io/table.hpp"

namespace pushforward {

// The members of an .npz file (stored or deflated), by their names: "mu.npy" is "/mu". Members that
// do not hold numbers are skipped, with a warning that names them; Error(invalid) if none does.
// With `only`, that member alone; Error(not_found) if there is none.
[[nodiscard]] std::vector<NamedArray> read_npz(const InputFile& file, const std::string& only = "");

// Writes each array as the member of its path: "/mu" becomes mu.npy. The file is held in memory
// until it appears, whole or not at all.
void write_npz(const std::string& file, const std::vector<NamedArray>& arrays);

}  // namespace pushforward
