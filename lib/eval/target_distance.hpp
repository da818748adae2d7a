// How far changing rows are from one target, measured again and again.
#pragma once

#include "eval/mmd.hpp"

namespace pushforward {

class TargetDistance {
 public:
  // target is m x columns. Of larger sets a random subset of 2000 rows enters, a function of seed.
  TargetDistance(const std::vector<double>& target, std::size_t columns, std::uint64_t seed);

  // mmd_squared of the rows [n x columns] and the target, with bandwidths around the target's
  // median distance: what fid-eval finds for subsets of that size and the same seed. Not a number
  // where a set is one row, or where all rows of the target are equal.
  [[nodiscard]] double mmd(const std::vector<double>& rows, Workers& workers) const;

 private:
  [[nodiscard]] Matrix<double> chosen(const std::vector<double>& rows, std::uint32_t which) const;

  std::size_t columns_;
  std::uint64_t seed_;
  Matrix<double> target_;
  std::vector<double> bandwidths_;
};

}  // namespace pushforward
