// Dense linear algebra in double: row-major matrices over BLAS and LAPACK, held to one thread.
//
// One thread, because OpenBLAS rounds differently on different numbers of threads; parallel work is
// cut into lanes (base/lanes.hpp), each of which may call these functions. Shapes that do not fit
// throw std::invalid_argument. Inputs must be finite.
#pragma once

#include <cstddef>
#include <vector>

#include "base/matrix.hpp"

namespace pushforward {

enum class Transposed { no, yes };

// c = beta c + op(a) op(b) on row-major buffers with leading dimensions: op(a) is m x k, op(b) is
// k x n, c is m x n. With beta = 0, c need not be set.
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

// a / 2 + a' / 2: exactly symmetric, and a itself where that is.
[[nodiscard]] Matrix<double> symmetric_part(const Matrix<double>& a);

// Replaces the symmetric `a` by its lower Cholesky factor L, a = L L', zeros above the diagonal.
// False, and `a` unspecified, if a pivot is not positive.
[[nodiscard]] bool cholesky(Matrix<double>* a);

// a[order, order] = L L' for the symmetric, positive semi-definite `a` [n, n]: Cholesky's method
// with complete pivoting, L [n, rank] lower trapezoidal, its diagonal descending. It ends where no
// pivot (a square of the diagonal) is above `least_pivot`; what is left of `a` is taken for zero.
struct PivotedCholesky {
  Matrix<double> lower;
  std::vector<std::size_t> order;
};
[[nodiscard]] PivotedCholesky pivoted_cholesky(Matrix<double> a, double least_pivot);

// a = V diag(values) V': values ascending, eigenvector k in column k of `vectors`.
struct SymmetricEigen {
  Vector<double> values;
  Matrix<double> vectors;
};
[[nodiscard]] SymmetricEigen symmetric_eigen(const Matrix<double>& a);

// Eigenvalues alone, ascending (two-stage reduction, about three times faster for large matrices).
[[nodiscard]] Vector<double> symmetric_eigenvalues(Matrix<double> a);

// The symmetric matrix L' s L for lower triangular L and symmetric s.
[[nodiscard]] Matrix<double> congruence(const Matrix<double>& lower, Matrix<double> s);

// The orthogonal factor of a square matrix's QR decomposition.
[[nodiscard]] Matrix<double> orthogonal_factor(const Matrix<double>& a);

// a[rows, :] = lower upper: rows the pivots' permutation, lower unit triangular.
struct LuFactors {
  Matrix<double> lower, upper;
  std::vector<int> rows;
};
[[nodiscard]] LuFactors lu_factors(const Matrix<double>& a);

// Singular values, descending.
[[nodiscard]] Vector<double> singular_values(Matrix<double> a);

}  // namespace pushforward
