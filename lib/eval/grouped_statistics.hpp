// Statistics of groups of a set's rows, gathered in one pass.
#pragma once

#include <functional>
#include <vector>

#include "eval/statistics.hpp"

namespace pushforward {

// Memory is one scatter matrix per group. The bits depend on the blocks, as those of Statistics do.
class GroupedStatistics {
 public:
  // group_of(row) < groups, for every row number that is added.
  GroupedStatistics(std::size_t dimension, std::size_t groups,
                    std::function<std::size_t(std::size_t row)> group_of);

  // Rows [first_row, first_row + count), row-major.
  void add(std::size_t first_row, const double* rows, std::size_t count, Workers& workers);

  [[nodiscard]] std::size_t groups() const { return statistics_.size(); }
  [[nodiscard]] std::size_t dimension() const { return statistics_.front().dimension(); }
  [[nodiscard]] const Statistics& group(std::size_t g) const { return statistics_[g]; }

  // The statistics of all rows, of the rows outside a group, and of the rows in the first groups.
  [[nodiscard]] Statistics total() const { return first(groups()); }
  [[nodiscard]] Statistics without(std::size_t g) const;
  [[nodiscard]] Statistics first(std::size_t groups) const;

 private:
  std::vector<Statistics> statistics_;
  std::function<std::size_t(std::size_t)> group_of_;
  std::vector<double> some_rows_;  // of one group in the block at hand
};

}  // namespace pushforward
