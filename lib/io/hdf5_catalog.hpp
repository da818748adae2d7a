// The objects of an HDF5 file, listed and checked before any number is read.
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
  std::optional<double> number;            // if it is a single number
  [[nodiscard]] std::string text() const;  // the elements with a blank between them
};

// The position of a chunk. One that was never written has size 0 and reads as the fill value.
struct StoredChunk {
  std::uint64_t address = 0, size = 0;
  unsigned skipped = 0;  // bit i: filter i was not applied
};

// Everything that is needed to read the numbers, or the bytes of texts of a fixed size, without
// HDF5. Texts of any size are read with the catalog and given a fixed one.
struct StoredDataset {
  DatasetInfo info;  // of texts: [N, size], and so are the chunks
  StoredType stored;
  enum class Layout { inside, contiguous, chunked } layout = Layout::contiguous;
  std::string inside;         // the numbers themselves, as stored
  std::uint64_t address = 0;  // contiguous: where they begin; all fill values if `absent`
  bool absent = false;
  Shape chunk;                       // chunked: extents of a chunk,
  std::vector<ChunkFilter> filters;  // in the order of their application,
  std::vector<StoredChunk> chunks;   // in row-major order
  std::vector<std::uint32_t> sums;   // of the chunks' numbers (chunk_crc32); empty: not recorded
  std::string fill;                  // the fill value in the machine's form
};

// A dataset that does not hold plain numbers.
struct StoredOther {
  std::string type;    // "text"
  std::string reason;  // why it is not read, for messages after its path: "holds text, not numbers"
  Shape shape;
};

struct StoredObject {
  std::optional<StoredDataset> dataset;  // numbers
  std::optional<StoredOther> other;      // a dataset, but not of numbers
  std::optional<StoredDataset> texts;    // where `other` is one text per row
  std::map<std::string, StoredAttribute> attributes;
  [[nodiscard]] bool is_group() const { return !dataset && !other; }
};

using Catalog = std::map<std::string, StoredObject>;  // by path; "/" is the root

// Reads the catalog in a child process, where a crash of HDF5 on damaged structures does no harm,
// and returns it as plain data. An object with several names is listed under each of them; a group
// that contains itself has no members there. Error(invalid), beginning with the file's name, for
// links other than hard ones, external storage, virtual datasets, filters other than fletcher32,
// shuffle and deflate, more than 8 dimensions, shapes that the file cannot hold, and files that
// take far more memory than an intact one of their size. Error(io) if the system fails (a disk, no
// memory). No allocation trusts a size that the file declares.
[[nodiscard]] Catalog read_catalog(const InputFile& file);

}  // namespace pushforward
