// Count, mean and scatter of rows, gathered in one pass over blocks.
#pragma once

#include <cstdint>

#include "base/lanes.hpp"
#include "base/matrix.hpp"

namespace pushforward {

// The first two moments of `count` rows of `dimension` numbers. The scatter is the sum over rows of
// (x - mean)(x - mean)'; divided by count - 1 it is the covariance. Blocks are centred by their own
// mean and merged by the update of Chan, Golub and LeVeque (1983), so a large mean loses no digits.
// The bits depend on how rows are cut into blocks, not on the number of threads.
class Statistics {
 public:
  explicit Statistics(std::size_t dimension);
  // From a file. scatter is [dimension, dimension], symmetric.
  Statistics(std::uint64_t count, Vector<double> mean, Matrix<double> scatter);

  // A block of rows, row-major.
  void add(const double* rows, std::size_t count, Workers& workers);
  void merge(const Statistics& other);

  [[nodiscard]] std::uint64_t count() const { return count_; }
  [[nodiscard]] std::size_t dimension() const { return mean_.size(); }
  [[nodiscard]] const Vector<double>& mean() const { return mean_; }
  [[nodiscard]] const Matrix<double>& scatter() const { return scatter_; }
  [[nodiscard]] double total_variance() const;  // trace of the covariance
  [[nodiscard]] bool finite() const;            // false after overflow

 private:
  // Adds centred' centred + weight delta delta' to the scatter.
  void add_scatter(const Matrix<double>& centred, const Vector<double>& delta, double weight,
                   Workers& workers);

  std::uint64_t count_ = 0;
  Vector<double> mean_;
  Matrix<double> scatter_;
};

}  // namespace pushforward
