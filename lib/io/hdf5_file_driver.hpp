// An HDF5 file over a descriptor of ours: HDF5 reads and writes through our own loops, never the
// disk itself.
#pragma once

#include <cstdint>

#include "io/hdf5_handles.hpp"

namespace pushforward {

// What the driver works on; must outlive the HDF5 file.
//
// The first write that fails is remembered in `error` and from then on every write is dropped while
// HDF5 is told it went well: HDF5 1.10.8 can crash or lose data when a disk fails under it. Whoever
// writes looks at `error` after each step and gives up. A read that the system refuses is told to
// HDF5 and remembered too: what HDF5 then says of the file is not to be believed.
struct DescriptorFile {
  int descriptor = -1;
  std::uint64_t size = 0;  // bytes in the file
  bool writable = false;
  int error = 0;  // errno of the first read or write that failed
  // While this is set, numbers that HDF5 wants to read are not read, only their place is noted: so
  // the place of a chunk is found, which HDF5 1.10 does not tell.
  bool note_places = false;
  std::uint64_t noted_address = 0, noted_size = 0;
};

// A file access property list for the driver over `file`.
[[nodiscard]] Hdf5Properties descriptor_access(DescriptorFile* file);

// Whether HDF5 was refused memory since prepare_hdf5() was called, in calls of this thread.
[[nodiscard]] bool hdf5_ran_out_of_memory();
// The same of a function that HDF5 calls, whose failure it would call damage.
void note_lack_of_memory();

}  // namespace pushforward
