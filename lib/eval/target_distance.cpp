#include "eval/target_distance.hpp"

#include <array>
#include <limits>
#include <xtensor/xadapt.hpp>

namespace pushforward {
namespace {

constexpr std::size_t max_rows = 2000;

}  // namespace

TargetDistance::TargetDistance(const std::vector<double>& target, std::size_t columns,
                               std::uint64_t seed)
    : columns_(columns), seed_(seed), target_(chosen(target, 2)) {
  const double median = target_.shape(0) < 2 ? 0 : median_distance(target_);
  if (median > 0) bandwidths_ = bandwidths_around(median);
}

double TargetDistance::mmd(const std::vector<double>& rows, Workers& workers) const {
  if (bandwidths_.empty() || rows.size() < 2 * columns_)
    return std::numeric_limits<double>::quiet_NaN();
  return mmd_squared(chosen(rows, 1), target_, bandwidths_, workers);
}

Matrix<double> TargetDistance::chosen(const std::vector<double>& rows, std::uint32_t which) const {
  const std::array<std::size_t, 2> shape = {rows.size() / columns_, columns_};
  const Matrix<double> all = xt::adapt(rows, shape);
  return random_subset(all, max_rows, seed_, which);
}

}  // namespace pushforward
