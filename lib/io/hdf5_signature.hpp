// Is it an HDF5 file at all, and a whole one?
#pragma once

#include <cstddef>
#include <string>

#include "io/input_file.hpp"

namespace pushforward {

// Bytes of a file's head in which the signature stands, if it is HDF5.
constexpr std::size_t hdf5_head_size = 4096;

// Does a file that begins so (its first hdf5_head_size bytes) seem to be HDF5? It may have a block
// of somebody else's before, as those of MATLAB do.
[[nodiscard]] bool is_hdf5(const std::string& head);

// `head` is the beginning of the file (its first hdf5_head_size bytes, or all of it). An Error that
// says what the file seems to be if it is not HDF5.
void require_hdf5_signature(const std::string& head, const std::string& name);

// An Error if the file is shorter than its superblock says.
void require_whole_hdf5(const InputFile& file);

}  // namespace pushforward
