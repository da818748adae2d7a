// What xtensor-blas lacks, over LAPACKE. Only its *_work functions are called, which are given
// their work arrays: the others print to standard output when memory runs out.
#include <lapacke.h>

#include <algorithm>
#include <cstddef>
#include <utility>
#include <vector>
#include <xtensor/xmath.hpp>

#include "base/blas.hpp"
#include "base/linear_algebra.hpp"
#include "base/linear_algebra_checks.hpp"

namespace pushforward {
namespace {

// From this size on, a symmetric matrix is reduced to tridiagonal form faster in two stages, by way
// of a band matrix.
constexpr int first_two_stage = 128;

}  // namespace

// A symmetric matrix is the same in row-major and in column-major order.
Vector<double> symmetric_eigenvalues(Matrix<double> a) {
  const int n = square_extent(a, "symmetric_eigenvalues"), ld = std::max(1, n);
  const bool two_stage = n >= first_two_stage;
  Vector<double> values = Vector<double>::from_shape({a.shape(0)});
  std::vector<double> work(1);
  std::vector<int> iwork(1);
  const BlasCall call;
  const auto solve = [&](int lwork, int liwork) {
    const auto dsyevd = two_stage ? LAPACKE_dsyevd_2stage_work : LAPACKE_dsyevd_work;
    check_info(dsyevd(LAPACK_COL_MAJOR, 'N', two_stage ? 'L' : 'U', n, a.data(), ld, values.data(),
                      work.data(), lwork, iwork.data(), liwork),
               "eigenvalues");
  };
  solve(-1, -1);  // asks for the sizes of the work arrays
  work.resize(static_cast<std::size_t>(work[0]));
  iwork.resize(static_cast<std::size_t>(iwork[0]));
  solve(blas_extent(work.size()), blas_extent(iwork.size()));
  return values;
}

PivotedCholesky pivoted_cholesky(Matrix<double> a, double min_pivot) {
  const int n = square_extent(a, "pivoted_cholesky");
  const std::size_t size = a.shape(0);
  std::vector<double> work(2 * size);
  std::vector<int> pivots(size);
  int rank = 0;
  const BlasCall call;
  // The upper triangle in column-major order is the lower one in row-major order. The return value
  // is ignored: a positive one says that the rank is below n.
  if (n > 0)
    LAPACKE_dpstrf_work(LAPACK_COL_MAJOR, 'U', n, a.data(), n, pivots.data(), &rank, min_pivot,
                        work.data());
  const std::size_t columns = static_cast<std::size_t>(rank);
  PivotedCholesky result{Matrix<double>({size, columns}, 0.0), {}};
  for (std::size_t i = 0; i < size; ++i) {
    result.order.push_back(static_cast<std::size_t>(pivots[i] - 1));
    for (std::size_t j = 0; j < std::min(i + 1, columns); ++j) result.lower(i, j) = a(i, j);
  }
  return result;
}

Matrix<double> congruence(const Matrix<double>& lower, Matrix<double> s) {
  const int n = square_extent(lower, "congruence"), ld = std::max(1, n);
  require(s.shape() == lower.shape(), "congruence");
  const BlasCall call;
  // A row-major L is U = L' in column-major order. dsygst of type 2 computes the upper triangle of
  // U s U' = L' s L.
  check_info(LAPACKE_dsygst_work(LAPACK_COL_MAJOR, 2, 'U', n, s.data(), ld, lower.data(), ld),
             "congruence");
  for (std::size_t i = 0; i < s.shape(0); ++i)
    for (std::size_t j = i + 1; j < s.shape(0); ++j) s(i, j) = s(j, i);
  return s;
}

}  // namespace pushforward
