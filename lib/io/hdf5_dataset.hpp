// What a dataset is and where its numbers lie, checked before any of them is read.
#pragma once

#include <string>

#include "io/hdf5_catalog.hpp"
#include "io/hdf5_file_driver.hpp"

namespace pushforward {

// Error(invalid) about a path in a file; a path of great length is shortened.
[[noreturn]] void refuse_object(const std::string& file, const std::string& path,
                                const std::string& reason);

// Fills in `dataset` or `other` of the entry. To be called in a guarded process: HDF5 may crash on
// damaged structures. `name` begins the messages. What is refused: read_catalog.
void describe_dataset(hid_t dataset, const std::string& path, const std::string& name,
                      DescriptorFile* file, StoredObject* entry);

}  // namespace pushforward
