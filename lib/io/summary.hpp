// Statistics of a dataset, read in blocks.
#pragma once

#include <cstdint>
#include <string>

#include "io/container.hpp"

namespace pushforward {

struct Summary {
  std::uint64_t finite = 0, nonfinite = 0;
  // Of the finite numbers; NaN where there are none. The deviation divides by their count. A long
  // double holds every 64-bit integer.
  long double min, max;
  double mean, deviation;
};

[[nodiscard]] Summary summarize(const ContainerReader& reader, const DatasetInfo& dataset);

// Rows of about a megabyte, at least one: how many of them to read at a time.
[[nodiscard]] std::size_t block_rows(const DatasetInfo& dataset);

}  // namespace pushforward
