// The only unit that includes xtensor-blas, which takes seconds to compile and declares BLAS in
// conflict with cblas.h and lapacke.h.
#include "base/linear_algebra.hpp"

#include <algorithm>
#include <array>
#include <stdexcept>
#include <utility>
#include <xtensor-blas/xlinalg.hpp>
#include <xtensor/xadapt.hpp>
#include <xtensor/xbuilder.hpp>
#include <xtensor/xindex_view.hpp>
#include <xtensor/xview.hpp>

#include "base/blas.hpp"
#include "base/linear_algebra_checks.hpp"

namespace pushforward {
namespace {

// Returns work(). xtensor-blas throws std::runtime_error if LAPACK fails.
template <class Work>
auto computed(const char* what, Work work) {
  const BlasCall call;
  try {
    return work();
  } catch (const std::runtime_error&) {
    fail_numerical(std::string(what) + ": no convergence");
  }
}

// A row-major matrix viewed in column-major order, as LAPACK reads it: its transpose.
auto by_columns(Matrix<double>* a) {
  return xt::adapt<xt::layout_type::column_major>(
      a->data(), a->size(), xt::no_ownership(),
      std::array<std::size_t, 2>{a->shape(1), a->shape(0)});
}

cxxblas::Transpose flag(Transposed transposed) {
  return transposed == Transposed::yes ? cxxblas::Trans : cxxblas::NoTrans;
}

}  // namespace

void multiply(Transposed transposed_a, Transposed transposed_b, std::size_t m, std::size_t n,
              std::size_t k, const double* a, std::size_t row_a, const double* b, std::size_t row_b,
              double beta, double* c, std::size_t row_c) {
  if (m == 0 || n == 0) return;
  const auto leading = [](std::size_t row) { return std::max(1, blas_extent(row)); };
  const BlasCall call;
  const double one = 1;  // any other type selects a generic loop instead of BLAS
  cxxblas::gemm<int>(cxxblas::RowMajor, flag(transposed_a), flag(transposed_b), blas_extent(m),
                     blas_extent(n), blas_extent(k), one, a, leading(row_a), b, leading(row_b),
                     beta, c, leading(row_c));
}

// Not xt::linalg::dot, which returns a wrong shape for a view of a matrix times its transpose.
Matrix<double> matmul(const Matrix<double>& a, const Matrix<double>& b, Transposed transposed_a,
                      Transposed transposed_b) {
  const std::size_t flip_a = transposed_a == Transposed::yes,
                    flip_b = transposed_b == Transposed::yes;
  const std::size_t m = a.shape(flip_a), k = a.shape(1 - flip_a), n = b.shape(1 - flip_b);
  require(b.shape(flip_b) == k, "matmul");
  Matrix<double> c({m, n}, 0.0);
  if (k > 0)
    multiply(transposed_a, transposed_b, m, n, k, a.data(), a.shape(1), b.data(), b.shape(1), 0,
             c.data(), n);
  return c;
}

bool nearly_symmetric(const Matrix<double>& a, double tolerance) {
  if (square_extent(a, "nearly_symmetric") == 0) return true;
  const Matrix<double> mirrored = xt::transpose(a);
  return !xt::any(xt::abs(a - mirrored) > tolerance * xt::amax(xt::abs(a))());
}

Matrix<double> symmetric_part(const Matrix<double>& a) {
  square_extent(a, "symmetric_part");
  const Matrix<double> mirrored = xt::transpose(a);
  return a / 2 + mirrored / 2;
}

// Not xt::linalg::cholesky, which throws if a pivot is not positive and, with xtensor's assertions,
// for every 1 x 1 matrix.
bool cholesky(Matrix<double>* a) {
  const std::size_t n = static_cast<std::size_t>(square_extent(*a, "cholesky"));
  const BlasCall call;
  auto columns = by_columns(a);
  const int info = xt::lapack::potr(columns, 'U');  // column-major upper is row-major lower
  for (std::size_t i = 0; i < n; ++i) xt::view(*a, i, xt::range(i + 1, n)) = 0.0;
  return info == 0;
}

// A symmetric matrix is the same in row-major and in column-major order.
SymmetricEigen symmetric_eigen(const Matrix<double>& a) {
  square_extent(a, "symmetric_eigen");
  auto [values, vectors] = computed("eigenvalues", [&] { return xt::linalg::eigh(a, 'U'); });
  return {values, vectors};
}

// By the QR decomposition of a'.
Matrix<double> orthogonal_factor(const Matrix<double>& a) {
  square_extent(a, "orthogonal_factor");
  const auto q = computed("qr", [&] { return std::get<0>(xt::linalg::qr(xt::transpose(a))); });
  return xt::transpose(q);
}

LuFactors lu_factors(const Matrix<double>& a) {
  const std::size_t size = static_cast<std::size_t>(square_extent(a, "lu_factors"));
  const BlasCall call;
  xt::xtensor<double, 2, xt::layout_type::column_major> packed = a;
  std::vector<int> pivots(size);
  check_info(xt::lapack::getrf(packed, pivots), "dgetrf");
  LuFactors result{xt::tril(packed, -1) + xt::eye(size), xt::triu(packed), {}};
  for (std::size_t i = 0; i < size; ++i) result.rows.push_back(static_cast<int>(i));
  for (std::size_t i = 0; i < size; ++i)
    std::swap(result.rows[i], result.rows[static_cast<std::size_t>(pivots[i] - 1)]);
  return result;
}

// Computed for the transpose, which has the same ones and needs no copy into column-major order.
Vector<double> singular_values(Matrix<double> a) {
  blas_extent(std::max(a.shape(0), a.shape(1)));
  if (a.size() == 0) return {};
  const BlasCall call;
  auto columns = by_columns(&a);
  const auto [info, u, values, v] = xt::lapack::gesdd(columns, 'N');
  check_info(info, "singular values");
  return values;
}

}  // namespace pushforward
