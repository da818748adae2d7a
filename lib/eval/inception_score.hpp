// The inception score, from class logits in one pass.
#pragma once

#include <cstdint>
#include <vector>

namespace pushforward {

// exp of the mean over rows of KL(p(y|x) || p(y)), p(y|x) the softmax of a row's logits and p(y)
// its mean over the rows of a split (Salimans et al. 2016). It is 1 if all rows have the same class
// probabilities, and the number of classes if every row is certain and all classes are equally
// frequent. It is too small for few rows per split, so compare results of equal n only.
struct InceptionScoreResult {
  double mean = 0, deviation = 0;  // over splits; divisor the number of splits
};

// Rows are assigned to splits by a random permutation of their numbers, a function of (n, seed);
// split i has the places from floor(i n / splits) up to floor((i + 1) n / splits). So n must be
// known beforehand. Memory is one number per class and split, and one per row. Sums are in double,
// in the order of the rows; the bits do not depend on how rows are cut into blocks.
class InceptionScore {
 public:
  // 1 <= splits <= n, classes >= 1.
  InceptionScore(std::size_t classes, std::size_t splits, std::size_t n, std::uint64_t seed);

  // Rows [first_row, first_row + count), row-major [count, classes], finite. Every row once.
  void add(std::size_t first_row, const double* logits, std::size_t count);

  // After n rows.
  [[nodiscard]] InceptionScoreResult result() const;

 private:
  struct Split {
    std::size_t rows = 0;
    double negative_entropy = 0;  // sum over rows and classes of p log p
    std::vector<double> sum;      // of p, per class
  };
  std::vector<std::uint32_t> split_of_row_;
  std::vector<Split> splits_;
  std::vector<double> probability_;  // of one row, per class
  std::size_t added_ = 0;
};

}  // namespace pushforward
