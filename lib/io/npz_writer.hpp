// Writing NumPy's .npz, as numpy.savez does: a ZIP archive of stored members.
#pragma once

#include <string>
#include <vector>

#include "io/table.hpp"

namespace pushforward {

// Each array under its path without the leading "/": "/mu" is the member mu.npy. The file appears
// whole or not at all. Below 4 GiB: Error(invalid) for more.
void write_npz(const std::string& file, const std::vector<NamedArray>& arrays);

}  // namespace pushforward
