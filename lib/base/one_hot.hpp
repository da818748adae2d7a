// One-hot encoding of labels.
#pragma once

#include <cstddef>
#include <vector>

namespace pushforward {

// One one-hot row per label, row-major [labels, classes]. The row of a negative label is all zeros.
template <class T>
[[nodiscard]] std::vector<T> one_hot(const std::vector<int>& labels, int classes) {
  const std::size_t columns = static_cast<std::size_t>(classes);
  std::vector<T> rows(labels.size() * columns);
  for (std::size_t i = 0; i < labels.size(); ++i)
    if (labels[i] >= 0) rows[i * columns + static_cast<std::size_t>(labels[i])] = 1;
  return rows;
}

}  // namespace pushforward
