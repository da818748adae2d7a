// Linear algebra against its definitions.
#include <catch2/catch.hpp>
#include <stdexcept>
#include <xtensor/xbuilder.hpp>
#include <xtensor/xindex_view.hpp>
#include <xtensor/xmath.hpp>
#include <xtensor/xsort.hpp>
#include <xtensor/xview.hpp>

#include "base/linear_algebra.hpp"
#include "base/random.hpp"

using namespace pushforward;

namespace {

Matrix<double> normal_rows(std::size_t n, std::size_t d, std::uint64_t seed) {
  Matrix<double> x = Matrix<double>::from_shape({n, d});
  Random(seed, Stream::data).fill_normal(x.data(), n, d, 0);
  return x;
}

// The largest difference of two tensors of one shape.
template <class A, class B>
double difference(const A& a, const B& b) {
  REQUIRE(a.dimension() == b.dimension());
  for (std::size_t axis = 0; axis < a.dimension(); ++axis) REQUIRE(a.shape(axis) == b.shape(axis));
  return a.size() == 0 ? 0 : xt::amax(xt::abs(a - b))();
}

Matrix<double> diagonal(const Vector<double>& values) { return xt::diag(values); }

Matrix<double> positive(std::size_t n, std::uint64_t seed) {
  const Matrix<double> r = normal_rows(2 * n, n, seed), s = matmul(r, r, Transposed::yes);
  return (s + xt::transpose(s)) / 2;
}

}  // namespace

TEST_CASE("products of matrices and their transposes", "[linear_algebra]") {
  const Matrix<double> a = normal_rows(5, 3, 1), b = normal_rows(3, 4, 2);
  Matrix<double> by_hand = Matrix<double>({5, 4}, 0.0);
  for (std::size_t k = 0; k < 3; ++k)
    by_hand += xt::view(a, xt::all(), xt::range(k, k + 1)) * xt::view(b, k, xt::all());
  const Matrix<double> at = xt::transpose(a), bt = xt::transpose(b);
  CHECK(difference(matmul(a, b), by_hand) < 1e-14);
  CHECK(difference(matmul(at, b, Transposed::yes), by_hand) < 1e-14);
  CHECK(difference(matmul(a, bt, Transposed::no, Transposed::yes), by_hand) < 1e-14);
  CHECK(difference(matmul(at, bt, Transposed::yes, Transposed::yes), by_hand) < 1e-14);
  // The first rows of a matrix times its own transpose.
  const Matrix<double> head = xt::view(a, xt::range(0, 2), xt::all());
  const Matrix<double> whole = matmul(a, a, Transposed::no, Transposed::yes);
  CHECK(difference(matmul(head, a, Transposed::no, Transposed::yes),
                   xt::view(whole, xt::range(0, 2), xt::all())) < 1e-14);
  CHECK(difference(matmul(Matrix<double>({2, 0}, 0.0), Matrix<double>({0, 3}, 0.0)),
                   Matrix<double>({2, 3}, 0.0)) == 0);
  CHECK_THROWS_AS(matmul(a, a), std::invalid_argument);

  // A block of a larger matrix, added to what is there.
  Matrix<double> c({6, 6}, 1.0);
  multiply(Transposed::no, Transposed::no, 2, 3, 3, &a(1, 0), 3, &b(0, 1), 4, 1, &c(2, 1), 6);
  CHECK(difference(xt::view(c, xt::range(2, 4), xt::range(1, 4)),
                   xt::view(by_hand, xt::range(1, 3), xt::range(1, 4)) + 1) < 1e-14);
  CHECK(xt::sum(xt::equal(c, 1.0))() == 30);
}

TEST_CASE("symmetry is judged beside the largest entry", "[linear_algebra]") {
  const Matrix<double> a = {{1e6, 3}, {4, -2}};
  CHECK(nearly_symmetric(a, 1.1e-6));
  CHECK_FALSE(nearly_symmetric(a, 0.9e-6));
  CHECK((symmetric_part(a) == Matrix<double>{{1e6, 3.5}, {3.5, -2}}));
  CHECK(nearly_symmetric(symmetric_part(a), 0));
  CHECK(nearly_symmetric(Matrix<double>::from_shape({0, 0}), 0));
  CHECK_THROWS_AS(nearly_symmetric(normal_rows(2, 3, 1), 0), std::invalid_argument);
}

TEST_CASE("factors give back what they were made of", "[linear_algebra]") {
  for (const std::size_t n : {1u, 2u, 3u, 30u, 130u}) {
    CAPTURE(n);
    const Matrix<double> r = normal_rows(n, n, 13), s = positive(n, 14);
    const double size = static_cast<double>(n), scale = size * size;

    Matrix<double> lower = s;
    REQUIRE(cholesky(&lower));
    CHECK(difference(matmul(lower, lower, Transposed::no, Transposed::yes), s) < 1e-14 * scale);
    CHECK(difference(lower, xt::tril(lower)) == 0);
    CHECK(difference(congruence(lower, s), matmul(matmul(lower, s, Transposed::yes), lower)) <
          1e-13 * scale * size);

    const SymmetricEigen eigen = symmetric_eigen(s);
    CHECK(difference(matmul(s, eigen.vectors), matmul(eigen.vectors, diagonal(eigen.values))) <
          1e-13 * scale);
    CHECK(xt::amin(xt::diff(eigen.values))() >= 0);
    CHECK(difference(symmetric_eigenvalues(s), eigen.values) < 1e-13 * scale);

    const Matrix<double> q = orthogonal_factor(r), identity = xt::eye(n);
    CHECK(difference(matmul(q, q, Transposed::yes), identity) < 1e-14 * size);

    const LuFactors lu = lu_factors(r);
    CHECK(difference(xt::view(r, xt::keep(lu.rows), xt::all()), matmul(lu.lower, lu.upper)) <
          1e-14 * scale);
    CHECK(difference(lu.lower, xt::tril(lu.lower)) == 0);
    CHECK(difference(lu.upper, xt::triu(lu.upper)) == 0);
    CHECK(difference(xt::diagonal(lu.lower), xt::ones<double>({n})) == 0);

    const Matrix<double> wide = normal_rows(n, n + 2, 15), tall = xt::transpose(wide);
    const Vector<double> values = singular_values(wide);
    CHECK(difference(xt::square(xt::flip(values, 0)),
                     symmetric_eigenvalues(matmul(tall, tall, Transposed::yes))) < 1e-12 * scale);
    CHECK(difference(values, singular_values(tall)) < 1e-13 * size);
  }
  Matrix<double> indefinite = {{1, 2}, {2, 1}};
  CHECK_FALSE(cholesky(&indefinite));
  CHECK_THROWS_AS(symmetric_eigen(normal_rows(2, 3, 1)), std::invalid_argument);
}

TEST_CASE("Cholesky's method with pivots ends at the rank", "[linear_algebra]") {
  const std::size_t n = 30;
  const Matrix<double> low = matmul(normal_rows(7, n, 14), normal_rows(7, n, 14), Transposed::yes);
  const PivotedCholesky pivoted = pivoted_cholesky(low, 1e-12);
  REQUIRE(pivoted.lower.shape(1) == 7);
  CHECK(difference(matmul(pivoted.lower, pivoted.lower, Transposed::no, Transposed::yes),
                   xt::view(low, xt::keep(pivoted.order), xt::keep(pivoted.order))) < 1e-12);
  CHECK(pivoted_cholesky(Matrix<double>({3, 3}, 0.0), 0).lower.shape(1) == 0);
}

TEST_CASE("eigenvalues of a large matrix are those of any method, at any scale",
          "[linear_algebra]") {
  const std::size_t n = 200;
  const Matrix<double> r = normal_rows(n, n, 21);
  for (const double scale : {1e-250, 1.0, 1e250}) {
    const Matrix<double> s = (r + xt::transpose(r)) * scale;
    const Vector<double> exact = symmetric_eigen(s).values, alone = symmetric_eigenvalues(s);
    CHECK(difference(alone / scale, exact / scale) < 1e-11);
  }
  CHECK(difference(symmetric_eigenvalues(Matrix<double>({n, n}, 0.0)), xt::zeros<double>({n})) ==
        0);
}

TEST_CASE("a matrix of nothing has no values", "[linear_algebra]") {
  const Matrix<double> none = Matrix<double>::from_shape({0, 0});
  CHECK(symmetric_eigen(none).values.size() == 0);
  CHECK(symmetric_eigenvalues(none).size() == 0);
  CHECK(singular_values(Matrix<double>::from_shape({0, 3})).size() == 0);
  CHECK(pivoted_cholesky(none, 0).order.empty());
}
