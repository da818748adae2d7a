// Statistics of a dataset, read in blocks.
#pragma once

#include <cstdint>
#include <string>

#include "io/container.hpp"

namespace pushforward {

struct Summary {
  std::uint64_t finite = 0, nonfinite = 0;
  // Of the finite numbers; NaN if there are none. The standard deviation divides by their count. A
  // long double holds every 64-bit integer.
  long double min, max;
  double mean, deviation;
};

[[nodiscard]] Summary summarize(const ContainerReader& reader, const DatasetInfo& dataset);

// The number of rows to read at a time: about a megabyte, at least one row.
[[nodiscard]] std::size_t block_rows(const DatasetInfo& dataset);

}  // namespace pushforward
