// What is in an HDF5 file, read once and checked before any number is.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "io/container.hpp"
#include "io/hdf5_chunks.hpp"
#include "io/hdf5_types.hpp"

namespace pushforward {

struct StoredAttribute {
  std::vector<std::string> lines;  // the elements as text
  std::optional<double> number;    // of a single number
  [[nodiscard]] std::string text() const;  // the elements with a blank between them
};

struct StoredDataset {
  DatasetInfo info;
  StoredType stored;
  bool chunked = false;
  Shape chunk;
  std::vector<ChunkFilter> filters;
};

struct StoredObject {
  std::optional<StoredDataset> dataset;  // numbers
  std::string other;                     // why a dataset is not one of numbers: "holds text"
  std::map<std::string, StoredAttribute> attributes;
  [[nodiscard]] bool is_group() const { return !dataset && other.empty(); }
};

using Catalog = std::map<std::string, StoredObject>;  // by path; "/" is the root

// Walks the whole file. Refuses, as Error(invalid) that begins with `name`: links other than hard
// ones, external storage, virtual datasets, filters other than fletcher32, shuffle and deflate,
// more than 8 dimensions, and shapes that a file of `file_size` bytes cannot hold. Nothing is
// allocated on a file's word.
[[nodiscard]] Catalog read_catalog(hid_t file, const std::string& name, std::uint64_t file_size);

}  // namespace pushforward
