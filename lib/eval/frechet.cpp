#include "eval/frechet.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>
#include <utility>

#include "base/linear_algebra.hpp"

namespace pushforward {
namespace {

// Up to here the singular values cost less than anyone notices.
constexpr std::size_t few_dimensions = 256;

bool has_rows(const FrechetSet& set) {
  return set.rows != nullptr && set.rows->shape(0) <= set.statistics->dimension();
}

// Scatter = L L', if the rows can span all dimensions and it is positive definite to working
// precision: a pivot below rounding is as good as zero.
bool cholesky_of(const Statistics& statistics, Matrix<double>* factor) {
  if (statistics.count() <= statistics.dimension()) return false;
  *factor = statistics.scatter();
  if (!cholesky(factor)) return false;
  const std::size_t d = statistics.dimension();
  const double precision = static_cast<double>(d) * std::numeric_limits<double>::epsilon();
  for (std::size_t j = 0; j < d; ++j)
    if ((*factor)(j, j) * (*factor)(j, j) <= precision * statistics.scatter()(j, j)) return false;
  return true;
}

// F with F'F = scatter.
Matrix<double> factor_of(const FrechetSet& set) {
  const Statistics& s = *set.statistics;
  const std::size_t d = s.dimension();
  if (has_rows(set)) {
    Matrix<double> centred = *set.rows;
    for (std::size_t r = 0; r < centred.shape(0); ++r)
      for (std::size_t j = 0; j < d; ++j) centred(r, j) -= s.mean()[j];
    return centred;
  }
  Matrix<double> lower;
  if (cholesky_of(s, &lower)) {
    Matrix<double> upper({d, d}, 0.0);
    for (std::size_t i = 0; i < d; ++i)
      for (std::size_t j = 0; j <= i; ++j) upper(j, i) = lower(i, j);
    return upper;
  }
  const SymmetricEigen eigen = symmetric_eigen(s.scatter());
  const double threshold =
      eigen.values.back() * static_cast<double>(d) * std::numeric_limits<double>::epsilon();
  std::size_t rank = 0;
  for (double value : eigen.values) rank += value > threshold;
  Matrix<double> root({rank, d}, 0.0);
  for (std::size_t k = 0; k < rank; ++k) {
    const std::size_t from = d - rank + k;  // values ascend
    for (std::size_t j = 0; j < d; ++j)
      root(k, j) = std::sqrt(eigen.values[from]) * eigen.vectors(j, from);
  }
  return root;
}

// tr (scatter1 scatter2)^(1/2) by eigenvalues; false where a Cholesky factor is missing.
bool trace_by_eigenvalues(const FrechetSet& a, const FrechetSet& b, double* trace) {
  Matrix<double> lower, other;
  if (!cholesky_of(*a.statistics, &lower) || !cholesky_of(*b.statistics, &other)) return false;
  *trace = 0;
  for (double value : symmetric_eigenvalues(congruence(lower, b.statistics->scatter())))
    *trace += std::sqrt(std::max(value, 0.0));
  return true;
}

double trace_of_root(const FrechetSet& a, const FrechetSet& b, FrechetMethod method) {
  double trace = 0;
  const bool eigenvalues =
      method == FrechetMethod::eigenvalues ||
      (method == FrechetMethod::automatic && a.statistics->dimension() > few_dimensions);
  if (eigenvalues && trace_by_eigenvalues(a, b, &trace)) return trace;
  for (double value :
       singular_values(matmul(factor_of(a), factor_of(b), Transposed::no, Transposed::yes)))
    trace += value;
  return trace;
}

}  // namespace

double frechet_distance(const FrechetSet& a, const FrechetSet& b, FrechetMethod method) {
  const Statistics &s = *a.statistics, &t = *b.statistics;
  if (s.dimension() != t.dimension() || s.count() < 2 || t.count() < 2)
    throw std::invalid_argument("frechet_distance: two sets of one dimension and 2 rows or more");
  double means = 0;
  for (std::size_t j = 0; j < s.dimension(); ++j) {
    const double difference = s.mean()[j] - t.mean()[j];
    means += difference * difference;
  }
  const double n = static_cast<double>(s.count() - 1), m = static_cast<double>(t.count() - 1);
  const double trace = trace_of_root(a, b, method) / std::sqrt(n) / std::sqrt(m);
  return std::max(0.0, means + (s.total_variance() + t.total_variance() - 2 * trace));
}

}  // namespace pushforward
