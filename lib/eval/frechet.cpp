#include "eval/frechet.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>
#include <utility>
#include <xtensor/xbuilder.hpp>
#include <xtensor/xmath.hpp>
#include <xtensor/xoperation.hpp>
#include <xtensor/xview.hpp>

#include "base/linear_algebra.hpp"

namespace pushforward {
namespace {

// Up to here the singular values take little time.
constexpr std::size_t few_values = 512;

// How far rounding may move the automatic method's distance, as a share of tr S1 + tr S2.
constexpr double allowed_rounding = 1e-9;

constexpr double epsilon = std::numeric_limits<double>::epsilon();

// A pivot of the Cholesky factorization below this share of its diagonal entry is rounding.
double pivot_precision(std::size_t dimension) {
  return static_cast<double>(dimension + 64) * epsilon;
}

// Whether the rows can span all dimensions.
bool can_be_full(const Statistics& statistics) {
  return statistics.count() > statistics.dimension();
}

// F [rank, d] with F'F = the symmetric, positive semi-definite `scatter`.
Matrix<double> root_of(Matrix<double> scatter) {
  const std::size_t d = scatter.shape(0);
  // With ones on the diagonal, a pivot is a share of its diagonal entry.
  const Vector<double> scale = xt::sqrt(xt::maximum(xt::diagonal(scatter), 0.0));
  const Matrix<double> column = xt::view(scale, xt::all(), xt::newaxis());
  scatter = xt::where(column > 0.0 && scale > 0.0, scatter / column / scale, 0.0);
  const PivotedCholesky factor = pivoted_cholesky(std::move(scatter), pivot_precision(d));
  Matrix<double> root({factor.lower.shape(1), d}, 0.0);
  for (std::size_t i = 0; i < d; ++i)
    for (std::size_t k = 0; k < root.shape(0); ++k)
      root(k, factor.order[i]) = factor.lower(i, k) * scale[factor.order[i]];
  return root;
}

// F with F'F = scatter.
Matrix<double> factor_of(const FrechetSet& set) {
  const Statistics& s = *set.statistics;
  if (set.rows == nullptr || can_be_full(s)) return root_of(s.scatter());
  // The n centred rows sum to zero. The reflection that maps the direction (1, ..., 1) to the first
  // axis makes the first row zero, so the other n - 1 rows have the same scatter.
  const std::size_t n = set.rows->shape(0);
  const double share = 1 / (std::sqrt(static_cast<double>(n)) - 1);
  const Vector<double> first = share * (xt::row(*set.rows, 0) - s.mean());
  return xt::view(*set.rows, xt::range(1, n), xt::all()) - s.mean() + first;
}

// The sum of the square roots of a symmetric matrix's eigenvalues, and an estimate of its rounding.
struct RootSum {
  double sum = 0, rounding = 0;
};

RootSum sum_of_roots(Matrix<double> a) {
  // The reduction to tridiagonal form rounds relative to the part of the matrix that is left. So
  // where the diagonal descends, small eigenvalues are known more precisely.
  const std::size_t n = a.shape(0);
  std::vector<double> left(n);
  for (std::size_t k = n; k-- > 0;) left[k] = std::max(a(k, k), k + 1 < n ? left[k + 1] : 0.0);
  const Vector<double> ascending = symmetric_eigenvalues(std::move(a));
  RootSum result;
  for (std::size_t k = 0; k < n; ++k) {
    const double value = std::max(ascending[n - 1 - k], 0.0);
    result.sum += std::sqrt(value);
    result.rounding += std::sqrt(value + epsilon * left[k]) - std::sqrt(value);
  }
  return result;
}

// tr (scatter1 scatter2)^(1/2) by the eigenvalues of L' scatter2 L, scatter1 = L L'; false if there
// is no such factor. Pivoting makes the diagonal of L descend, which sum_of_roots gains from.
bool trace_of_full(const Statistics& a, const Statistics& b, RootSum* trace) {
  if (!can_be_full(a) || !can_be_full(b)) return false;
  const std::size_t d = a.dimension();
  const PivotedCholesky factor = pivoted_cholesky(a.scatter(), 0);
  if (factor.lower.shape(1) < d) return false;
  Matrix<double> other = Matrix<double>::from_shape({d, d});
  for (std::size_t i = 0; i < d; ++i) {
    const std::size_t row = factor.order[i];
    const double pivot = factor.lower(i, i) * factor.lower(i, i);
    if (pivot <= pivot_precision(d) * a.scatter()(row, row)) return false;
    for (std::size_t j = 0; j < d; ++j) other(i, j) = b.scatter()(row, factor.order[j]);
  }
  *trace = sum_of_roots(congruence(factor.lower, std::move(other)));
  return true;
}

// An upper bound on the number of non-zero singular values of F1 F2'.
std::size_t max_values(const FrechetSet& a, const FrechetSet& b) {
  const auto of = [](const FrechetSet& set) {
    const std::uint64_t d = set.statistics->dimension();
    return static_cast<std::size_t>(std::min<std::uint64_t>(set.statistics->count() - 1, d));
  };
  return std::min(of(a), of(b));
}

double trace_of_root(const FrechetSet& a, const FrechetSet& b, FrechetMethod method,
                     double allowed) {
  const bool roots = method == FrechetMethod::eigenvalues ||
                     (method == FrechetMethod::automatic && max_values(a, b) > few_values);
  const auto good = [&](const RootSum& trace) {
    return method == FrechetMethod::eigenvalues || trace.rounding <= allowed;
  };
  RootSum trace;
  if (roots && trace_of_full(*a.statistics, *b.statistics, &trace) && good(trace)) return trace.sum;
  const Matrix<double> cross = matmul(factor_of(a), factor_of(b), Transposed::no, Transposed::yes);
  if (roots) {
    trace = sum_of_roots(cross.shape(0) <= cross.shape(1)
                             ? matmul(cross, cross, Transposed::no, Transposed::yes)
                             : matmul(cross, cross, Transposed::yes));
    if (good(trace)) return trace.sum;
  }
  return xt::sum(singular_values(cross))();
}

}  // namespace

double frechet_distance(const FrechetSet& a, const FrechetSet& b, FrechetMethod method) {
  const Statistics &s = *a.statistics, &t = *b.statistics;
  if (s.dimension() != t.dimension() || s.count() < 2 || t.count() < 2)
    throw std::invalid_argument("frechet_distance: two sets of one dimension and 2 rows or more");
  const double means = xt::sum(xt::square(s.mean() - t.mean()))();
  const double n = static_cast<double>(s.count() - 1), m = static_cast<double>(t.count() - 1);
  const double variances = s.total_variance() + t.total_variance(),
               scale = std::sqrt(n) * std::sqrt(m);
  const double trace =
      trace_of_root(a, b, method, 0.5 * allowed_rounding * variances * scale) / scale;
  return std::max(0.0, means + (variances - 2 * trace));
}

}  // namespace pushforward
