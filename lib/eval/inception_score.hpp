// The inception score of rows of class logits, gathered in one pass.
#pragma once

#include <cstdint>
#include <vector>

namespace pushforward {

// exp of the mean over rows of KL(p(y|x) || p(y)), p(y|x) the softmax of a row's logits and p(y)
// its mean over the rows of a split (Salimans et al. 2016): 1 where all rows say the same, the
// number of classes where rows are sure of classes that are equally frequent. With few rows a split
// it is too small, so results of different n are not to be compared.
struct InceptionScoreResult {
  double mean = 0, deviation = 0;  // over splits; divisor the number of splits
};

// Rows are assigned to splits by a random permutation of their numbers, a function of (n, seed);
// split i takes the places from floor(i n / splits) up to floor((i + 1) n / splits). So n is known
// beforehand. Memory is two numbers a class and split, and one a row. The sums are in double and in
// the order of the rows; how rows are cut into blocks changes no bit.
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
  std::vector<double> probability_;  // of the row at hand
  std::size_t added_ = 0;
};

}  // namespace pushforward
