// The distance of changing rows from one target.
#pragma once

#include "eval/mmd.hpp"

namespace pushforward {

class TargetDistance {
 public:
  // target is [m, columns]. Of more than 2000 rows, a random subset of 2000 is used, a function of
  // the seed.
  TargetDistance(const std::vector<double>& target, std::size_t columns, std::uint64_t seed);

  // mmd_squared of the rows [n, columns] and the target, with bandwidths around the target's median
  // distance: the value of fid-eval for subsets of that size and the same seed. NaN if a set has
  // one row only, or if all rows of the target are equal.
  [[nodiscard]] double mmd(const std::vector<double>& rows, Workers& workers) const;

 private:
  [[nodiscard]] Matrix<double> chosen(const std::vector<double>& rows, std::uint32_t which) const;

  std::size_t columns_;
  std::uint64_t seed_;
  Matrix<double> target_;
  std::vector<double> bandwidths_;
};

}  // namespace pushforward
