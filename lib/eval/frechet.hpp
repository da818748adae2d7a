// The Frechet distance between the Gaussians that share two sets' means and covariances.
#pragma once

#include "base/matrix.hpp"
#include "eval/statistics.hpp"

namespace pushforward {

// One of two sets: its statistics (at least 2 rows) and the rows themselves, or null. Rows make the
// distance exact where there are no more of them than dimensions. There are statistics->count().
struct FrechetSet {
  const Statistics* statistics;
  const Matrix<double>* rows = nullptr;
};

// |m1 - m2|^2 + tr S1 + tr S2 - 2 tr (S1 S2)^(1/2), the square of the 2-Wasserstein distance
// between N(m1, S1) and N(m2, S2) (Dowson, Landau 1982; Heusel et al. 2017), S with divisor n - 1.
// Never negative, and symmetric up to rounding. Nothing is added to a singular covariance.
//
// singular_values: each scatter is F'F, where F is the centred rows or a Cholesky factor with as
// many rows as the scatter has rank. The trace is the sum of the singular values of F1 F2'. Exact
// up to rounding for any sets. eigenvalues: the trace is the sum of the square roots of the
// eigenvalues of L'S2 L, S1 = L L', or of the smaller of F1 F2' F2 F1' and F2 F1' F1 F2'. In many
// dimensions it takes a third of the time. Singular values below 1e-8 of the largest are lost,
// unless the matrix's diagonal descends steeply. automatic: the eigenvalues if there may be more
// than 512 of them and the estimate of their rounding moves the distance by at most 1e-9 of tr S1 +
// tr S2; else the singular values.
enum class FrechetMethod { automatic, eigenvalues, singular_values };

[[nodiscard]] double frechet_distance(const FrechetSet& a, const FrechetSet& b,
                                      FrechetMethod method = FrechetMethod::automatic);

}  // namespace pushforward
