#include "base/linear_algebra.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>
#include <string>

#include "base/blas.hpp"
#include "base/error.hpp"

// The Fortran interface; lengths of character arguments follow the arguments.
extern "C" {
void dgemm_(const char* transposed_a, const char* transposed_b, const int* m, const int* n,
            const int* k, const double* alpha, const double* a, const int* lda, const double* b,
            const int* ldb, const double* beta, double* c, const int* ldc, std::size_t,
            std::size_t);
void dpotrf_(const char* uplo, const int* n, double* a, const int* lda, int* info, std::size_t);
void dpstrf_(const char* uplo, const int* n, double* a, const int* lda, int* pivots, int* rank,
             const double* tolerance, double* work, int* info, std::size_t);
void dsyevd_(const char* jobz, const char* uplo, const int* n, double* a, const int* lda, double* w,
             double* work, const int* lwork, int* iwork, const int* liwork, int* info, std::size_t,
             std::size_t);
void dsytrd_sy2sb_(const char* uplo, const int* n, const int* kd, double* a, const int* lda,
                   double* ab, const int* ldab, double* tau, double* work, const int* lwork,
                   int* info, std::size_t);
void dsytrd_sb2st_(const char* stage1, const char* vect, const char* uplo, const int* n,
                   const int* kd, double* ab, const int* ldab, double* d, double* e, double* hous,
                   const int* lhous, double* work, const int* lwork, int* info, std::size_t,
                   std::size_t, std::size_t);
void dsterf_(const int* n, double* d, double* e, int* info);
void dsygst_(const int* itype, const char* uplo, const int* n, double* a, const int* lda,
             const double* b, const int* ldb, int* info, std::size_t);
void dgeqrf_(const int* m, const int* n, double* a, const int* lda, double* tau, double* work,
             const int* lwork, int* info);
void dorgqr_(const int* m, const int* n, const int* k, double* a, const int* lda, const double* tau,
             double* work, const int* lwork, int* info);
void dgetrf_(const int* m, const int* n, double* a, const int* lda, int* pivots, int* info);
void dgesdd_(const char* jobz, const int* m, const int* n, double* a, const int* lda, double* s,
             double* u, const int* ldu, double* vt, const int* ldvt, double* work, const int* lwork,
             int* iwork, int* info, std::size_t);
}

namespace pushforward {
namespace {

int fortran_int(std::size_t n) {
  if (n > static_cast<std::size_t>(std::numeric_limits<int>::max()))
    fail_invalid("a matrix with an extent of " + std::to_string(n) +
                 " is larger than linear algebra here can take (2147483647)");
  return static_cast<int>(n);
}

// LAPACK's own word for a leading dimension that is never zero.
int leading(std::size_t n) { return std::max(1, fortran_int(n)); }

void require(bool fits, const char* function) {
  if (!fits) throw std::invalid_argument(std::string(function) + ": shapes do not fit");
}

void check_info(int info, const char* function) {
  if (info != 0)
    fail_numerical(std::string(function) + ": no convergence (" + std::to_string(info) + ")");
}

// Eigenvalues, ascending, and with jobz "V" the vectors in place of `a`. A symmetric matrix is its
// own transpose, so row-major needs no care but in the vectors, which come out as rows.
std::vector<double> eigen(const char* jobz, Matrix<double>* a) {
  require(a->shape(0) == a->shape(1), "eigen");
  const BlasCall call;
  const int n = fortran_int(a->shape(0)), lda = leading(a->shape(0)), query = -1;
  std::vector<double> values(a->shape(0)), work(1);
  std::vector<int> iwork(1);
  int info = 0;
  if (n == 0) return values;
  dsyevd_(jobz, "U", &n, a->data(), &lda, values.data(), work.data(), &query, iwork.data(), &query,
          &info, 1, 1);
  check_info(info, "eigenvalues");
  const int lwork = static_cast<int>(work[0]), liwork = iwork[0];
  work.resize(static_cast<std::size_t>(lwork));
  iwork.resize(static_cast<std::size_t>(liwork));
  dsyevd_(jobz, "U", &n, a->data(), &lda, values.data(), work.data(), &lwork, iwork.data(), &liwork,
          &info, 1, 1);
  check_info(info, "eigenvalues");
  return values;
}

// Eigenvalues, ascending: to a band first, by products of matrices, then to three diagonals. LAPACK
// does the same in dsyevd_2stage, with a band of 16, which makes the first stage twice as slow.
std::vector<double> two_stage_eigenvalues(Matrix<double>* a) {
  require(a->shape(0) == a->shape(1), "eigen");
  const BlasCall call;
  const std::size_t size = a->shape(0);
  const int n = fortran_int(size), lda = leading(size), band = 32, ldab = band + 1, query = -1;
  double largest = 0;
  for (const double value : *a) largest = std::max(largest, std::abs(value));
  std::vector<double> values(size, 0.0);
  if (largest == 0) return values;
  // A power of two, so that squares neither overflow nor vanish and no digit changes.
  const int exponent = std::ilogb(largest);
  for (double& value : *a) value = std::ldexp(value, -exponent);
  std::vector<double> banded(static_cast<std::size_t>(ldab) * size), beside(size), work(1),
      reflectors(1);
  int info = 0;
  for (int lwork = query, pass = 0; pass < 2; ++pass) {
    dsytrd_sy2sb_("L", &n, &band, a->data(), &lda, banded.data(), &ldab, beside.data(), work.data(),
                  &lwork, &info, 1);
    check_info(info, "eigenvalues");
    lwork = std::max(lwork, static_cast<int>(work[0]));
    if (pass == 0) work.resize(static_cast<std::size_t>(lwork));
  }
  for (int lwork = query, pass = 0; pass < 2; ++pass) {
    const int lhous = pass == 0 ? query : static_cast<int>(reflectors.size());
    dsytrd_sb2st_("Y", "N", "L", &n, &band, banded.data(), &ldab, values.data(), beside.data(),
                  reflectors.data(), &lhous, work.data(), &lwork, &info, 1, 1, 1);
    check_info(info, "eigenvalues");
    lwork = static_cast<int>(work[0]);
    if (pass > 0) continue;
    reflectors.resize(static_cast<std::size_t>(reflectors[0]));
    work.resize(static_cast<std::size_t>(lwork));
  }
  dsterf_(&n, values.data(), beside.data(), &info);
  check_info(info, "eigenvalues");
  for (double& value : values) value = std::ldexp(value, exponent);
  return values;
}

}  // namespace

void multiply(Transposed transposed_a, Transposed transposed_b, std::size_t m, std::size_t n,
              std::size_t k, const double* a, std::size_t row_a, const double* b, std::size_t row_b,
              double beta, double* c, std::size_t row_c) {
  const BlasCall call;
  if (m == 0 || n == 0) return;
  // Row-major c = op(a) op(b) is column-major c' = op(b)' op(a)'.
  const int fm = fortran_int(m), fn = fortran_int(n), fk = fortran_int(k);
  const int lda = leading(row_a), ldb = leading(row_b), ldc = leading(row_c);
  const double one = 1;
  dgemm_(transposed_b == Transposed::yes ? "T" : "N", transposed_a == Transposed::yes ? "T" : "N",
         &fn, &fm, &fk, &one, b, &ldb, a, &lda, &beta, c, &ldc, 1, 1);
}

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

bool cholesky(Matrix<double>* a) {
  require(a->shape(0) == a->shape(1), "cholesky");
  const BlasCall call;
  const int n = fortran_int(a->shape(0)), lda = leading(a->shape(0));
  int info = 0;
  dpotrf_("U", &n, a->data(), &lda, &info, 1);  // column-major upper is row-major lower
  for (std::size_t i = 0; i < a->shape(0); ++i)
    for (std::size_t j = i + 1; j < a->shape(0); ++j) (*a)(i, j) = 0;
  return info == 0;
}

PivotedCholesky pivoted_cholesky(Matrix<double> a, double least_pivot) {
  require(a.shape(0) == a.shape(1), "pivoted_cholesky");
  const BlasCall call;
  const std::size_t size = a.shape(0);
  const int n = fortran_int(size), lda = leading(size);
  std::vector<double> work(2 * size);
  std::vector<int> pivots(size);
  int rank = 0, info = 0;
  // Column-major upper is row-major lower. A positive `info` says that it ended early.
  if (size > 0)
    dpstrf_("U", &n, a.data(), &lda, pivots.data(), &rank, &least_pivot, work.data(), &info, 1);
  const std::size_t columns = static_cast<std::size_t>(rank);
  PivotedCholesky result{Matrix<double>({size, columns}, 0.0), {}};
  for (std::size_t i = 0; i < size; ++i) {
    result.order.push_back(static_cast<std::size_t>(pivots[i] - 1));
    for (std::size_t j = 0; j < std::min(i + 1, columns); ++j) result.lower(i, j) = a(i, j);
  }
  return result;
}

SymmetricEigen symmetric_eigen(Matrix<double> a) {
  SymmetricEigen result;
  result.values = eigen("V", &a);
  const std::size_t n = a.shape(0);
  result.vectors = Matrix<double>::from_shape({n, n});
  for (std::size_t i = 0; i < n; ++i)
    for (std::size_t j = 0; j < n; ++j) result.vectors(j, i) = a(i, j);
  return result;
}

std::vector<double> symmetric_eigenvalues(Matrix<double> a) {
  // The two-stage reduction pays for itself where the band is small beside the matrix.
  return a.shape(0) < 128 ? eigen("N", &a) : two_stage_eigenvalues(&a);
}

Matrix<double> congruence(const Matrix<double>& lower, Matrix<double> s) {
  const std::size_t n = lower.shape(0);
  require(lower.shape(1) == n && s.shape(0) == n && s.shape(1) == n, "congruence");
  const BlasCall call;
  // Row-major lower L is column-major upper U = L'; dsygst of type 2 gives U s U' = L' s L.
  const int type = 2, fn = fortran_int(n), ld = leading(n);
  int info = 0;
  dsygst_(&type, "U", &fn, s.data(), &ld, lower.data(), &ld, &info, 1);
  check_info(info, "congruence");
  for (std::size_t i = 0; i < n; ++i)
    for (std::size_t j = i + 1; j < n; ++j) s(i, j) = s(j, i);
  return s;
}

// LAPACK sees the transpose of a row-major matrix. Of an orthogonal factor that is as good.
Matrix<double> orthogonal_factor(Matrix<double> a) {
  require(a.shape(0) == a.shape(1), "orthogonal_factor");
  const BlasCall call;
  const int n = fortran_int(a.shape(0)), ld = leading(a.shape(0));
  std::vector<double> tau(a.shape(0)), work(1);
  for (int size = -1, pass = 0; pass < 2; ++pass) {
    int info = 0;
    dgeqrf_(&n, &n, a.data(), &ld, tau.data(), work.data(), &size, &info);
    check_info(info, "dgeqrf");
    if (pass == 0) work.resize(static_cast<std::size_t>(size = static_cast<int>(work[0])));
  }
  const int size = static_cast<int>(work.size());  // dorgqr needs no more
  int info = 0;
  dorgqr_(&n, &n, &n, a.data(), &ld, tau.data(), work.data(), &size, &info);
  check_info(info, "dorgqr");
  return a;
}

LuFactors lu_factors(const Matrix<double>& a) {
  require(a.shape(0) == a.shape(1), "lu_factors");
  const BlasCall call;
  const std::size_t size = a.shape(0);
  Matrix<double> packed = xt::transpose(a);
  const int n = fortran_int(size), ld = leading(size);
  std::vector<int> pivots(size);
  int info = 0;
  dgetrf_(&n, &n, packed.data(), &ld, pivots.data(), &info);
  check_info(info, "dgetrf");
  LuFactors result{xt::zeros<double>({size, size}), xt::zeros<double>({size, size}), {}};
  for (std::size_t i = 0; i < size; ++i) {
    result.rows.push_back(static_cast<int>(i));
    for (std::size_t j = 0; j < size; ++j)
      (j < i ? result.lower : result.upper)(i, j) = packed(j, i);
    result.lower(i, i) = 1;
  }
  for (std::size_t i = 0; i < size; ++i)
    std::swap(result.rows[i], result.rows[static_cast<std::size_t>(pivots[i] - 1)]);
  return result;
}

std::vector<double> singular_values(Matrix<double> a) {
  const BlasCall call;
  const int m = fortran_int(a.shape(1)), n = fortran_int(a.shape(0)), lda = leading(a.shape(1));
  const std::size_t smaller = std::min(a.shape(0), a.shape(1));
  std::vector<double> values(smaller), work(1);
  if (smaller == 0) return values;
  std::vector<int> iwork(8 * smaller);
  const int one = 1, query = -1;
  double none = 0;
  int info = 0;
  dgesdd_("N", &m, &n, a.data(), &lda, values.data(), &none, &one, &none, &one, work.data(), &query,
          iwork.data(), &info, 1);
  check_info(info, "singular values");
  const int lwork = static_cast<int>(work[0]);
  work.resize(static_cast<std::size_t>(lwork));
  dgesdd_("N", &m, &n, a.data(), &lda, values.data(), &none, &one, &none, &one, work.data(), &lwork,
          iwork.data(), &info, 1);
  check_info(info, "singular values");
  return values;
}

}  // namespace pushforward
