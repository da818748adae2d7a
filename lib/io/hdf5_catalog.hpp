// What is in an HDF5 file, read once and checked before any number is.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "io/container.hpp"
#include "io/hdf5_chunks.hpp"
#include "io/hdf5_types.hpp"
#include "io/input_file.hpp"

namespace pushforward {

struct StoredAttribute {
  std::vector<std::string> lines;          // the elements as text
  std::optional<double> number;            // of a single number
  [[nodiscard]] std::string text() const;  // the elements with a blank between them
};

// Where a chunk lies. One that was never written has no size and reads as the fill value.
struct StoredChunk {
  std::uint64_t address = 0, size = 0;
  unsigned skipped = 0;  // filters that were not applied, as bits
};

// Everything that is needed to read the numbers without HDF5.
struct StoredDataset {
  DatasetInfo info;
  StoredType stored;
  enum class Layout { inside, contiguous, chunked } layout = Layout::contiguous;
  std::string inside;         // the numbers themselves, as stored
  std::uint64_t address = 0;  // contiguous: where they begin; all fill values if `absent`
  bool absent = false;
  Shape chunk;                       // chunked: extents of a chunk,
  std::vector<ChunkFilter> filters;  // in the order of their application,
  std::vector<StoredChunk> chunks;   // in row-major order
  std::vector<std::uint32_t> sums;   // of the chunks' numbers (chunk_crc32); empty: not recorded
  std::string fill;                  // one number in the machine's form
};

// A dataset of something else than plain numbers.
struct StoredOther {
  std::string type;    // "text"
  std::string reason;  // why it is not read, to follow its path: "holds text, not numbers"
  Shape shape;
};

struct StoredObject {
  std::optional<StoredDataset> dataset;  // numbers
  std::optional<StoredOther> other;      // a dataset, but not of numbers
  std::map<std::string, StoredAttribute> attributes;
  [[nodiscard]] bool is_group() const { return !dataset && !other; }
};

using Catalog = std::map<std::string, StoredObject>;  // by path; "/" is the root

// Reads the catalog in a child process, where HDF5's crashes on damaged structures do no harm; what
// the parent gets is plain data. An object with several names stands under each of them; a group
// within itself has no members there. Refuses, as Error(invalid) that begins with the file's name:
// links other than hard ones, external storage, virtual datasets, filters other than fletcher32,
// shuffle and deflate, more than 8 dimensions, shapes that the file cannot hold, and files that
// want far more memory than a sound one of their size. What the system refuses (a disk that fails,
// no memory) is Error(io). Nothing is allocated on a file's word.
[[nodiscard]] Catalog read_catalog(const InputFile& file);

}  // namespace pushforward
