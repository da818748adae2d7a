// What stands beside the rows of a file and is passed on with them: labels, contexts, texts.
#pragma once

#include <string>
#include <vector>

#include "io/container.hpp"

namespace pushforward {

// The datasets at the root with as many rows as the main one, numbers and texts, without the main
// one and /x.
[[nodiscard]] std::vector<DatasetInfo> carried_datasets(const ContainerReader& reader);

class CarriedRows {
 public:
  // All carried_datasets() of `reader`, which must outlive this, but those in `replaced`.
  CarriedRows(const ContainerReader& reader, const std::vector<std::string>& replaced);

  // Creates them in the output, row by row as the reader has them: create(), then append() for
  // each block, then name() at the end, which gives them their names of columns and classes.
  void create(ContainerWriter* writer) const;
  void append(ContainerWriter* writer, std::size_t first, std::size_t count) const;
  void name(ContainerWriter* writer) const;

  // In another order, at once: row i is row order[i] of the reader.
  void write_in_order(const std::vector<std::size_t>& order, ContainerWriter* writer) const;

 private:
  const ContainerReader& reader_;
  std::vector<DatasetInfo> datasets_;
};

// Row i is row order[i] of `all`.
[[nodiscard]] Array rows_in_order(const Array& all, const std::vector<std::size_t>& order);

}  // namespace pushforward
