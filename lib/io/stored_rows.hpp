// Reads the numbers of a dataset from the file, without HDF5.
#pragma once

#include <list>

#include "io/hdf5_catalog.hpp"
#include "io/input_file.hpp"

namespace pushforward {

class StoredRows {
 public:
  explicit StoredRows(const InputFile* file) : file_(file) {}

  // Rows [first, first + count), which must exist; a scalar is row (0, 1). Error(invalid), naming
  // file, dataset and rows, if the bytes are damaged.
  [[nodiscard]] Array read(const StoredDataset& dataset, std::size_t first, std::size_t count);

 private:
  struct UnpackedChunk {
    std::string path;
    std::size_t index;
    std::vector<std::byte> bytes;  // in the machine's form
  };

  void read_plain(const StoredDataset& dataset, std::size_t first, Array* rows) const;
  void read_chunks(const StoredDataset& dataset, std::size_t first, std::size_t count, Array* rows);
  [[nodiscard]] std::vector<std::byte> unpack(const StoredDataset& dataset,
                                              const Shape& offset) const;
  const std::vector<std::byte>& unpack_once(const StoredDataset& dataset, const Shape& offset);

  const InputFile* file_;
  std::list<UnpackedChunk> recent_;  // most recently used first
};

}  // namespace pushforward
