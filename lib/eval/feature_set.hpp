// The sets that fid-eval compares: rows of a tensor container, or their statistics from a file.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/lanes.hpp"
#include "base/matrix.hpp"
#include "eval/frechet.hpp"
#include "eval/statistics.hpp"
#include "io/container.hpp"

namespace pushforward {

struct FeatureSet {
  std::string name;      // for messages
  std::string features;  // what a row is: "identity", the numbers of the data themselves
  std::size_t count = 0, dimension = 0;
  std::optional<Statistics> statistics;
  Matrix<double> rows;  // [count, dimension], or empty
  bool has_rows = false;
  std::vector<std::string> history;

  [[nodiscard]] FrechetSet frechet_set() const {
    return {&*statistics, has_rows ? &rows : nullptr};
  }
};

// Reads a set by blocks. Rows of any shape count as rows of their product of numbers. The rows are
// kept if `all_rows`, or if there are no more of them than dimensions; the statistics are gathered
// if `statistics`. Error if there are fewer than two rows or a number is not finite (names the
// file, the dataset and the row), or if the container is of another kind than tensors and stats.
[[nodiscard]] FeatureSet read_feature_set(const std::string& location, bool all_rows,
                                          bool statistics, Workers& workers);

// A stats container: /mean [d], /scatter [d, d], the root attributes count and features.
void write_statistics(ContainerWriter* writer, const FeatureSet& set);

}  // namespace pushforward
