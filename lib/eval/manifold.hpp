// Precision, recall, density and coverage: how two sets of rows lie in each other's neighbourhoods.
#pragma once

#include <cstddef>

#include "base/lanes.hpp"
#include "base/matrix.hpp"

namespace pushforward {

// A value and its standard error over the rows it is a mean of, the balls taken as given.
struct ManifoldEstimate {
  double value = 0, error = 0;
};

struct ManifoldMetrics {
  ManifoldEstimate precision, recall, density, coverage;
};

// Every row has a ball around it that reaches its k-th nearest neighbour among the other rows of
// its set, the boundary included (so a set beside itself scores 1 even if rows repeat).
//   precision: the fraction of generated rows inside any reference ball; recall: of reference rows
//     inside any generated ball (Kynkaanniemi et al. 2019, who take k = 3);
//   density: the mean over generated rows of the number of reference balls around them, over k, and
//     not bounded by 1; coverage: the fraction of reference balls with a generated row inside
//     (Naeem et al. 2020, who take k = 5 and leave the boundary out).
// One k serves all four. Errors: sqrt(p (1 - p) / rows) of fractions, the deviation over generated
// rows over the square root of their number for density.
//
// generated [n, d], reference [m, d], 1 <= neighbours < n, m. Every comparison is decided as if all
// distances were worked out one by one; products of matrices only spare most of that. Memory beside
// the rows is blocks and `neighbours` numbers a row for each worker; the result does not depend on
// their number. Error(invalid) if the numbers are too large to be squared.
[[nodiscard]] ManifoldMetrics manifold_metrics(const Matrix<double>& generated,
                                               const Matrix<double>& reference,
                                               std::size_t neighbours, Workers& workers);

}  // namespace pushforward
