// The rows that a model is trained on.
#pragma once

#include <cstddef>
#include <vector>

#include "io/paged_memory.hpp"

namespace pushforward {

// Rows, row-major; large sets stay on disk.
struct TrainingRows {
  std::vector<float, PagedAllocator<float>> values;
  std::size_t columns = 0;
  // What was subtracted from every column, in double, before its numbers became float32; empty: 0
  // everywhere.
  std::vector<double> origin{};
  [[nodiscard]] std::size_t count() const { return columns == 0 ? 0 : values.size() / columns; }
};

}  // namespace pushforward
