// HDF5 files of any kind, made with HDF5's own calls.
#pragma once

#include <catch2/catch.hpp>
#include <functional>
#include <string>
#include <vector>

#include "io/hdf5_handles.hpp"

namespace pushforward::testing {

inline void with_file(const std::string& path, const std::function<void(hid_t)>& fill,
                      bool latest = false) {
  prepare_hdf5();
  const Hdf5Properties access(H5Pcreate(H5P_FILE_ACCESS));
  if (latest) H5Pset_libver_bounds(access.get(), H5F_LIBVER_V110, H5F_LIBVER_V110);
  const Hdf5File file(H5Fcreate(path.c_str(), H5F_ACC_TRUNC, H5P_DEFAULT, access.get()));
  REQUIRE(file);
  fill(file.get());
}

// What another program does to a file that is there.
inline void with_changed_file(const std::string& path, const std::function<void(hid_t)>& change) {
  prepare_hdf5();
  const Hdf5File file(H5Fopen(path.c_str(), H5F_ACC_RDWR, H5P_DEFAULT));
  REQUIRE(file);
  change(file.get());
}

inline void add_dataset(hid_t file, const char* name, hid_t type, std::vector<hsize_t> shape,
                        const std::function<void(hid_t)>& set = {}, const void* values = nullptr,
                        hid_t memory_type = H5T_NATIVE_DOUBLE) {
  const Hdf5Space space(H5Screate_simple(static_cast<int>(shape.size()), shape.data(), nullptr));
  const Hdf5Properties creation(H5Pcreate(H5P_DATASET_CREATE));
  if (set) set(creation.get());
  const Hdf5Dataset dataset(
      H5Dcreate2(file, name, type, space.get(), H5P_DEFAULT, creation.get(), H5P_DEFAULT));
  REQUIRE(dataset);
  if (values != nullptr)
    REQUIRE(H5Dwrite(dataset.get(), memory_type, H5S_ALL, H5S_ALL, H5P_DEFAULT, values) >= 0);
}

}  // namespace pushforward::testing
