// The Frechet distance between the Gaussians that share two sets' means and covariances.
#pragma once

#include "base/matrix.hpp"
#include "eval/statistics.hpp"

namespace pushforward {

// One of two sets: its statistics (at least 2 rows) and, where there are no more rows than
// dimensions, the rows themselves, from which the distance is then computed without loss. `rows`
// may be null; otherwise it has statistics->count() rows.
struct FrechetSet {
  const Statistics* statistics;
  const Matrix<double>* rows = nullptr;
};

// |m1 - m2|^2 + tr S1 + tr S2 - 2 tr (S1 S2)^(1/2), the square of the 2-Wasserstein distance
// between N(m1, S1) and N(m2, S2) (Dowson, Landau 1982; Heusel et al. 2017), S with divisor n - 1.
// Never negative, symmetric up to rounding, no offset is added to a singular covariance.
//
// FrechetMethod::eigenvalues: S1 = L L', the trace is the sum of the square roots of the
// eigenvalues of L' S2 L; for covariances that both have Cholesky factors, and fastest in many
// dimensions. FrechetMethod::singular_values: each scatter is written F'F - F the centred rows, the
// Cholesky factor, or the square root of the scatter on its range - and the trace is the sum of the
// singular values of F1 F2'. For any sets, and exact to rounding where eigenvalues would lose half
// the digits of small ones. The default takes the first where it is possible and pays (above 256
// dimensions).
enum class FrechetMethod { automatic, eigenvalues, singular_values };

[[nodiscard]] double frechet_distance(const FrechetSet& a, const FrechetSet& b,
                                      FrechetMethod method = FrechetMethod::automatic);

}  // namespace pushforward
