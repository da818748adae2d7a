#include "eval/feature_set.hpp"

#include <algorithm>
#include <cmath>

#include "base/error.hpp"
#include "base/stop.hpp"
#include "eval/frechet_extrapolated.hpp"
#include "eval/frechet_jackknife.hpp"

namespace pushforward {
namespace {

// Appends those rows of a block that are to be kept.
class KeptRows {
 public:
  KeptRows(RowNumbers numbers, std::size_t dimension, FeatureSet* set)
      : set_(set), dimension_(dimension) {
    set->rows = Matrix<double>::from_shape({numbers.size(), dimension});
    set->row_numbers = std::move(numbers);
  }

  void add(std::size_t first, std::size_t count, const std::vector<double>& rows) {
    for (; next_ < set_->row_numbers.size() && set_->row_numbers[next_] < first + count; ++next_)
      std::copy_n(rows.data() + (set_->row_numbers[next_] - first) * dimension_, dimension_,
                  &set_->rows(next_, 0));
  }

 private:
  FeatureSet* set_;
  std::size_t dimension_;
  std::size_t next_ = 0;
};

RowNumbers all_of(std::size_t count) {
  RowNumbers numbers(count);
  for (std::size_t i = 0; i < count; ++i) numbers[i] = i;
  return numbers;
}

// If the largest number of a set is smaller, the squares lose digits or are 0.
constexpr double min_largest = 1e-145;

}  // namespace

void Gathering::keep(std::vector<RowNumbers> subsets) {
  subsets.push_back(std::move(rows));
  rows = numbers_in(subsets);
}

void Gathering::add(const Gathering& other) {
  statistics = statistics || other.statistics;
  all_rows = all_rows || other.all_rows;
  keep({other.rows});
  groups = std::max(groups, other.groups);
  extrapolation = extrapolation || other.extrapolation;
  splits = std::max(splits, other.splits);
}

bool Gathering::keeps_all(std::size_t count, std::size_t dimension) const {
  return all_rows || rows.size() == count || (statistics && count <= dimension);
}

FrechetSet FeatureSet::frechet_set() const {
  return {&*statistics, all_rows && count && rows.shape(0) == *count ? &rows : nullptr};
}

FeatureSet statistics_set(StoredStatistics stored) {
  FeatureSet set;
  set.name = stored.name;
  set.description = stored.features;
  set.count = stored.count;
  set.dimension = stored.statistics.dimension();
  set.statistics = std::move(stored.statistics);
  set.history = std::move(stored.history);
  return set;
}

FeatureSet gather(const FeatureSource& source, const Gathering& gathering,
                  const BlockObserver& observer, Workers& workers) {
  FeatureSet set;
  set.name = source.name;
  set.description = source.description;
  set.count = source.count;
  set.dimension = source.dimension;
  set.history = source.history;
  set.all_rows = gathering.keeps_all(source.count, source.dimension);
  KeptRows kept(set.all_rows ? all_of(source.count) : gathering.rows, source.dimension, &set);
  if (gathering.statistics) set.statistics.emplace(source.dimension);
  if (gathering.groups > 0) set.jackknife = jackknife_groups(source.dimension, gathering.groups);
  if (gathering.extrapolation)
    set.extrapolation =
        extrapolation_groups(source.count, source.dimension, gathering.seed, source.name);
  if (gathering.splits > 0)
    set.score.emplace(source.logits, gathering.splits, source.count, gathering.seed);
  double largest = 0;
  for (std::size_t first = 0; first < source.count; first += source.block) {
    throw_if_stopped();
    const std::size_t count = std::min(source.block, source.count - first);
    const FeatureBlock block = source.read(first, count);
    kept.add(first, count, block.rows);
    for (const double value : block.rows) largest = std::max(largest, std::abs(value));
    if (set.statistics) set.statistics->add(block.rows.data(), count, workers);
    for (auto* groups : {&set.jackknife, &set.extrapolation})
      if (*groups) (*groups)->add(first, block.rows.data(), count, workers);
    if (set.score) set.score->add(first, block.logits.data(), count);
    if (observer) observer(first, count, block);
  }
  if (set.statistics && !set.statistics->finite())
    fail_invalid(set.name + ": the covariance overflows, the numbers are too large");
  if (largest > 0 && largest < min_largest)
    fail_invalid(set.name + ": the numbers are too small to be squared, scale them up");
  set.remark = source.remark();
  return set;
}

}  // namespace pushforward
