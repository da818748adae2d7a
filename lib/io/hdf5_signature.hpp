// Whether a file is HDF5, and whether it is complete.
#pragma once

#include <cstddef>
#include <string>

#include "io/input_file.hpp"

namespace pushforward {

// The signature of an HDF5 file lies within this many first bytes.
constexpr std::size_t hdf5_head_size = 4096;

// Whether a file with these first hdf5_head_size bytes seems to be HDF5. A user block may come
// first, as in MATLAB's files.
[[nodiscard]] bool is_hdf5(const std::string& head);

// Error(invalid) if a file with these first hdf5_head_size bytes (or all bytes) is not HDF5. It
// says what the file seems to be.
void require_hdf5_signature(const std::string& head, const std::string& name);

// Error(invalid) if the file is shorter than its superblock says.
void require_whole_hdf5(const InputFile& file);

}  // namespace pushforward
