// The type and shape of a dataset and the position of its numbers, checked before any is read.
#pragma once

#include <string>

#include "io/hdf5_catalog.hpp"
#include "io/hdf5_file_driver.hpp"

namespace pushforward {

// Error(invalid) about a path in a file; a very long path is shortened.
[[noreturn]] void refuse_object(const std::string& file, const std::string& path,
                                const std::string& reason);

// Fills in `dataset` or `other` of the entry. Call it in a guarded process (io/guarded.hpp): HDF5
// may crash on damaged structures. `name` begins the messages. Errors: see read_catalog().
void describe_dataset(hid_t dataset, const std::string& path, const std::string& name,
                      DescriptorFile* file, StoredObject* entry);

}  // namespace pushforward
