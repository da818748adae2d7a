// An HDF5 file driver over one of our descriptors: HDF5 reads and writes through our own loops.
#pragma once

#include <cstdint>

#include "io/hdf5_handles.hpp"

namespace pushforward {

// What the driver works on; must outlive the HDF5 file.
//
// The first write that fails is recorded in `error`. From then on writes are dropped and reported
// to HDF5 as successful, because HDF5 1.10.8 can crash or lose data when a write fails. Whoever
// writes checks `error` after each step and gives up. A read that the system refuses is reported to
// HDF5 and recorded as well: what HDF5 then says about the file means nothing.
struct DescriptorFile {
  int descriptor = -1;
  std::uint64_t size = 0;  // bytes in the file
  bool writable = false;
  int error = 0;  // errno of the first read or write that failed
  // While this is set, reads of numbers only record their position. HDF5 1.10 has no other way to
  // find out where a chunk lies.
  bool note_places = false;
  std::uint64_t noted_address = 0, noted_size = 0;
};

// A file access property list for the driver over `file`.
[[nodiscard]] Hdf5Properties descriptor_access(DescriptorFile* file);

// Whether HDF5 was refused memory since prepare_hdf5() was called, in calls of this thread.
[[nodiscard]] bool hdf5_ran_out_of_memory();
// Records that a callback ran out of memory, which HDF5 would report as damage.
void note_lack_of_memory();

}  // namespace pushforward
