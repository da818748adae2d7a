#include "eval/grouped_statistics.hpp"

#include <stdexcept>
#include <utility>

namespace pushforward {

GroupedStatistics::GroupedStatistics(std::size_t dimension, std::size_t groups,
                                     std::function<std::size_t(std::size_t)> group_of)
    : statistics_(groups, Statistics(dimension)), group_of_(std::move(group_of)) {
  if (groups == 0) throw std::invalid_argument("GroupedStatistics: no groups");
}

void GroupedStatistics::add(std::size_t first_row, const double* rows, std::size_t count,
                            Workers& workers) {
  const std::size_t d = dimension();
  std::vector<std::vector<std::size_t>> places(groups());
  for (std::size_t i = 0; i < count; ++i) places[group_of_(first_row + i)].push_back(i);
  for (std::size_t g = 0; g < groups(); ++g) {
    some_rows_.clear();
    for (const std::size_t i : places[g])
      some_rows_.insert(some_rows_.end(), rows + i * d, rows + (i + 1) * d);
    statistics_[g].add(some_rows_.data(), places[g].size(), workers);
  }
}

Statistics GroupedStatistics::without(std::size_t g) const {
  Statistics others(dimension());
  for (std::size_t other = 0; other < groups(); ++other)
    if (other != g) others.merge(statistics_[other]);
  return others;
}

Statistics GroupedStatistics::first(std::size_t groups) const {
  Statistics some(dimension());
  for (std::size_t g = 0; g < groups; ++g) some.merge(statistics_[g]);
  return some;
}

}  // namespace pushforward
