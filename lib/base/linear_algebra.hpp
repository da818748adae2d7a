// Dense linear algebra in double: row-major matrices over BLAS and LAPACK, on one thread.
//
// One thread, because OpenBLAS rounds differently on different numbers of threads. Lanes
// (base/lanes.hpp) may call these functions in parallel. Inputs must be finite. Shapes that do not
// match throw std::invalid_argument; a decomposition that does not converge is Error(numerical).
#pragma once

#include <cstddef>
#include <vector>

#include "base/matrix.hpp"

namespace pushforward {

enum class Transposed { no, yes };

// c = beta c + op(a) op(b) on row-major buffers: op(a) is m x k, op(b) is k x n, c is m x n.
// row_a, row_b and row_c are the distances between rows. With beta = 0, c may be uninitialized.
void multiply(Transposed transposed_a, Transposed transposed_b, std::size_t m, std::size_t n,
              std::size_t k, const double* a, std::size_t row_a, const double* b, std::size_t row_b,
              double beta, double* c, std::size_t row_c);

// op(a) op(b).
[[nodiscard]] Matrix<double> matmul(const Matrix<double>& a, const Matrix<double>& b,
                                    Transposed transposed_a = Transposed::no,
                                    Transposed transposed_b = Transposed::no);

// Whether no entry of the square matrix differs from its mirror image by more than `tolerance`
// times the size of the largest entry.
[[nodiscard]] bool nearly_symmetric(const Matrix<double>& a, double tolerance);

// a / 2 + a' / 2: exactly symmetric, and equal to `a` if `a` is symmetric.
[[nodiscard]] Matrix<double> symmetric_part(const Matrix<double>& a);

// Replaces the symmetric `a` by its lower Cholesky factor L, a = L L', with zeros above the
// diagonal. Returns false, and leaves `a` unspecified, if a pivot is not positive.
[[nodiscard]] bool cholesky(Matrix<double>* a);

// a[order, order] = L L' for the symmetric, positive semi-definite `a` [n, n]: Cholesky's method
// with complete pivoting. L [n, rank] is lower trapezoidal with a descending diagonal. It stops
// when no pivot (squared diagonal entry of L) exceeds `min_pivot`; the rest of `a` counts as zero.
struct PivotedCholesky {
  Matrix<double> lower;
  std::vector<std::size_t> order;
};
[[nodiscard]] PivotedCholesky pivoted_cholesky(Matrix<double> a, double min_pivot);

// a = V diag(values) V', `a` symmetric: values ascending, eigenvector k in column k of `vectors`.
struct SymmetricEigen {
  Vector<double> values;
  Matrix<double> vectors;
};
[[nodiscard]] SymmetricEigen symmetric_eigen(const Matrix<double>& a);

// The eigenvalues of a symmetric matrix alone, ascending. Large matrices are reduced in two stages,
// which is about three times faster.
[[nodiscard]] Vector<double> symmetric_eigenvalues(Matrix<double> a);

// The symmetric matrix L' s L for lower triangular L and symmetric s.
[[nodiscard]] Matrix<double> congruence(const Matrix<double>& lower, Matrix<double> s);

// The orthogonal factor Q of a square matrix's LQ decomposition, a = L Q.
[[nodiscard]] Matrix<double> orthogonal_factor(const Matrix<double>& a);

// LU decomposition with partial pivoting: a[rows, :] = lower * upper, `lower` unit triangular.
struct LuFactors {
  Matrix<double> lower, upper;
  std::vector<int> rows;
};
[[nodiscard]] LuFactors lu_factors(const Matrix<double>& a);

// Singular values, descending.
[[nodiscard]] Vector<double> singular_values(Matrix<double> a);

}  // namespace pushforward
