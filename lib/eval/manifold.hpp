// Precision, recall, density and coverage: how two sets of rows lie in each other's neighbourhoods.
#pragma once

#include <cstddef>

#include "base/lanes.hpp"
#include "base/matrix.hpp"

namespace pushforward {

// A mean over rows and its standard error, for fixed balls.
struct ManifoldEstimate {
  double value = 0, error = 0;
};

struct ManifoldMetrics {
  ManifoldEstimate precision, recall, density, coverage;
};

// Every row has a ball around it that reaches its k-th nearest neighbour among the other rows of
// its set. The boundary is included, so a set compared with itself scores 1 even if rows repeat.
//   precision: the fraction of generated rows inside any reference ball; recall: of reference rows
//     inside any generated ball (Kynkaanniemi et al. 2019, who take k = 3);
//   density: the mean over generated rows of the number of reference balls around them, divided by
//     k; it can exceed 1; coverage: the fraction of reference balls with a generated row inside
//     (Naeem et al. 2020, who take k = 5 and exclude the boundary).
// All four use the same k. The error of a fraction p is sqrt(p (1 - p) / rows); that of density is
// the standard deviation over generated rows divided by the square root of their number.
//
// generated [n, d], reference [m, d], 1 <= neighbours < n, m. The result is the same as if all
// distances were computed one by one; matrix products only save most of them. Memory besides the
// rows is blocks, and `neighbours` numbers per row for each worker. The result does not depend on
// the number of workers. Error(invalid) if the numbers are too large to be squared.
[[nodiscard]] ManifoldMetrics manifold_metrics(const Matrix<double>& generated,
                                               const Matrix<double>& reference,
                                               std::size_t neighbours, Workers& workers);

}  // namespace pushforward
