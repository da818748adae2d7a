// What metrics need of a set, gathered in one pass over its rows.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/lanes.hpp"
#include "base/matrix.hpp"
#include "eval/feature_source.hpp"
#include "eval/frechet.hpp"
#include "eval/grouped_statistics.hpp"
#include "eval/inception_score.hpp"
#include "eval/row_subset.hpp"
#include "eval/statistics_file.hpp"

namespace pushforward {

// What is to be gathered. Where statistics are wanted of no more rows than dimensions, the rows are
// kept as well: the Frechet distance is then exact.
struct Gathering {
  bool statistics = false;
  bool all_rows = false;
  RowNumbers rows;             // to be kept, ascending, unless all are
  std::size_t groups = 0;      // of the jackknife over statistics; 0: none
  bool extrapolation = false;  // the groups of the extrapolation
  std::size_t splits = 0;      // of an inception score; 0: none
  std::uint64_t seed = 0;      // of the splits, and of the extrapolation's groups

  // Adds the rows of these subsets to those to be kept.
  void keep(std::vector<RowNumbers> subsets);
  // Adds what another one asks of the same set.
  void add(const Gathering& other);
  // Whether it asks for all rows of a set of that size.
  [[nodiscard]] bool keeps_all(std::size_t count, std::size_t dimension) const;
};

struct FeatureSet {
  std::string name;  // for messages
  FeatureDescription description;
  std::optional<std::size_t> count;  // of rows; a statistics file may not say
  std::size_t dimension = 0;
  std::optional<Statistics> statistics;
  std::optional<GroupedStatistics> jackknife, extrapolation;
  std::optional<InceptionScore> score;
  Matrix<double> rows;     // those kept, ascending by number
  RowNumbers row_numbers;  // of the rows kept
  // Whether all rows were asked for, with which the Frechet distance is exact. Of rows kept for
  // several pairs: whether this pair asks for all of them, so that the others change no digit.
  bool all_rows = false;
  std::vector<std::string> history;
  std::string remark;

  [[nodiscard]] FrechetSet frechet_set() const;
};

[[nodiscard]] FeatureSet statistics_set(StoredStatistics stored);

// Is shown each block of rows [first, first + count) as it is read, to write it or show progress.
using BlockObserver =
    std::function<void(std::size_t first, std::size_t count, const FeatureBlock& block)>;

// Reads all rows of the source. Error(invalid) if the covariance overflows; errors of the source.
[[nodiscard]] FeatureSet gather(const FeatureSource& source, const Gathering& gathering,
                                const BlockObserver& observer, Workers& workers);

}  // namespace pushforward
