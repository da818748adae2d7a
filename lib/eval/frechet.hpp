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
// FrechetMethod::singular_values: each scatter is written F'F - F the centred rows, or a Cholesky
// factor with as many rows as the scatter has rank - and the trace is the sum of the singular
// values of F1 F2'. Exact to rounding for any sets. FrechetMethod::eigenvalues: the square roots of
// the eigenvalues of L'S2 L, S1 = L L', or of the smaller of F1 F2' F2 F1' and F2 F1' F1 F2', for a
// third of the time in many dimensions; where the matrix has no steep order of rows to help it,
// singular values below 1e-8 of the largest are lost. The default takes the eigenvalues where there
// may be more than 512 of them and their rounding, estimated, moves the distance by no more than
// 1e-9 of tr S1 + tr S2, else the singular values.
enum class FrechetMethod { automatic, eigenvalues, singular_values };

[[nodiscard]] double frechet_distance(const FrechetSet& a, const FrechetSet& b,
                                      FrechetMethod method = FrechetMethod::automatic);

}  // namespace pushforward
