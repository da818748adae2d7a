// Statistics and the Frechet distance against closed forms, and its two ways against each other.
#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>

#include "base/linear_algebra.hpp"
#include "base/random.hpp"
#include "eval/frechet.hpp"

using namespace pushforward;

namespace {

Matrix<double> normal_rows(std::size_t n, std::size_t d, std::uint64_t seed) {
  Matrix<double> x = Matrix<double>::from_shape({n, d});
  Random(seed, Stream::data).fill_normal(x.data(), n, d, 0);
  return x;
}

Statistics statistics_of(const Matrix<double>& x, int threads = 1, std::size_t block = 64) {
  Workers workers(threads);
  Statistics s(x.shape(1));
  for (std::size_t first = 0; first < x.shape(0); first += block)
    s.add(&x(first, 0), std::min(block, x.shape(0) - first), workers);
  return s;
}

double distance(const Matrix<double>& x, const Matrix<double>& y,
                FrechetMethod method = FrechetMethod::automatic) {
  const Statistics s = statistics_of(x), t = statistics_of(y);
  return frechet_distance({&s, &x}, {&t, &y}, method);
}

// The same from statistics alone.
double distance_without_rows(const Matrix<double>& x, const Matrix<double>& y,
                             FrechetMethod method = FrechetMethod::automatic) {
  const Statistics s = statistics_of(x), t = statistics_of(y);
  return frechet_distance({&s}, {&t}, method);
}

// Rows with mean exactly 0 and covariance exactly I (up to rounding): 2 d of them, +-c e_j.
Matrix<double> cross(std::size_t d) {
  Matrix<double> x({2 * d, d}, 0.0);
  const double c = std::sqrt(static_cast<double>(2 * d - 1) / 2);
  for (std::size_t j = 0; j < d; ++j) {
    x(2 * j, j) = c;
    x(2 * j + 1, j) = -c;
  }
  return x;
}

Matrix<double> affine(const Matrix<double>& x, const Matrix<double>& map, double shift) {
  Matrix<double> y = matmul(x, map, Transposed::no, Transposed::yes);
  for (std::size_t i = 0; i < y.size(); ++i) y.data()[i] += shift;
  return y;
}

}  // namespace

TEST_CASE("statistics are mean and scatter, whatever the blocks") {
  const std::size_t n = 301, d = 5;
  Matrix<double> x = normal_rows(n, d, 1);
  for (std::size_t i = 0; i < n; ++i) x(i, 2) += 1e6;  // a large mean costs no digits
  std::vector<double> mean(d, 0.0);
  for (std::size_t i = 0; i < n; ++i)
    for (std::size_t j = 0; j < d; ++j) mean[j] += x(i, j) / static_cast<double>(n);
  for (std::size_t block : {7u, 64u, 301u}) {
    const Statistics s = statistics_of(x, 2, block);
    CHECK(s.count() == n);
    for (std::size_t i = 0; i < d; ++i) {
      CHECK(s.mean()[i] == Approx(mean[i]).epsilon(1e-12));
      for (std::size_t j = 0; j < d; ++j) {
        double sum = 0;
        for (std::size_t r = 0; r < n; ++r) sum += (x(r, i) - mean[i]) * (x(r, j) - mean[j]);
        CHECK(s.scatter()(i, j) == Approx(sum).epsilon(1e-8).margin(1e-8));
        CHECK(s.scatter()(i, j) == s.scatter()(j, i));
      }
    }
  }
}

TEST_CASE("merged statistics are those of all rows") {
  const Matrix<double> x = normal_rows(100, 3, 2);
  Workers workers(1);
  Statistics first(3), second(3), empty(3);
  first.add(&x(0, 0), 30, workers);
  second.add(&x(30, 0), 70, workers);
  empty.merge(first);
  empty.merge(second);
  const Statistics all = statistics_of(x);
  CHECK(empty.count() == 100);
  for (std::size_t k = 0; k < 9; ++k)
    CHECK(empty.scatter().data()[k] == Approx(all.scatter().data()[k]).margin(1e-12));
}

TEST_CASE("statistics do not depend on the number of threads") {
  const Matrix<double> x = normal_rows(130, 600, 3);  // three tiles of columns
  const Statistics one = statistics_of(x, 1), four = statistics_of(x, 4);
  CHECK((one.scatter() == four.scatter()));
  const Matrix<double> centred = x;
  double sum = 0;
  for (std::size_t r = 0; r < 130; ++r)
    sum += (x(r, 10) - one.mean()[10]) * (x(r, 590) - one.mean()[590]);
  CHECK(one.scatter()(10, 590) == Approx(sum));
  CHECK(one.scatter()(590, 10) == one.scatter()(10, 590));
}

TEST_CASE("Frechet distance of Gaussians with commuting covariances") {
  const std::size_t d = 6;
  const Matrix<double> x = cross(d);
  Matrix<double> map({d, d}, 0.0);
  double exact = 0;
  for (std::size_t j = 0; j < d; ++j) {
    map(j, j) = 0.5 + static_cast<double>(j);
    exact += std::pow(map(j, j) - 1, 2) + 0.09;  // (s - 1)^2 and the shift 0.3 squared
  }
  const Matrix<double> y = affine(x, map, 0.3);
  CHECK(distance(x, y) == Approx(exact).epsilon(1e-12));
  CHECK(distance(y, x) == Approx(exact).epsilon(1e-12));
  CHECK(distance(x, y, FrechetMethod::eigenvalues) == Approx(exact).epsilon(1e-12));
}

TEST_CASE("Frechet distance where covariances do not commute") {
  // A = [[2, 1], [1, 2]], B = diag(1, 4): tr (AB)^(1/2) = sqrt(tr AB + 2 sqrt(det AB)).
  Matrix<double> a({2, 2}, 0.0), b({2, 2}, 0.0);
  a(0, 0) = std::sqrt(2.0);
  a(1, 0) = 1 / std::sqrt(2.0);
  a(1, 1) = std::sqrt(1.5);  // the Cholesky factor of A
  b(0, 0) = 1;
  b(1, 1) = 2;
  const Matrix<double> x = affine(cross(2), a, 0), y = affine(cross(2), b, 1);
  const double exact = 2 + 4 + 5 - 2 * std::sqrt(10 + 2 * std::sqrt(12.0));
  CHECK(distance(x, y) == Approx(exact).epsilon(1e-12));
  CHECK(distance(x, y, FrechetMethod::eigenvalues) == Approx(exact).epsilon(1e-12));
}

TEST_CASE("the distance of a set to itself is zero to rounding") {
  for (std::size_t n : {10u, 40u, 200u}) {
    Matrix<double> x = normal_rows(n, 40, 4);
    for (std::size_t i = 0; i < n; ++i)
      for (std::size_t j = 0; j < 40; ++j) x(i, j) *= std::pow(10.0, -static_cast<double>(j) / 10);
    CHECK(distance(x, x) <= 1e-13);
  }
}

TEST_CASE("the ways to the Frechet distance agree") {
  const Matrix<double> few = normal_rows(20, 50, 5), many = normal_rows(300, 50, 6);
  // 20 rows: through the rows, and through the square root of a singular scatter.
  CHECK(distance(few, many) == Approx(distance_without_rows(few, many)).epsilon(1e-9));
  CHECK(distance(many, few) == Approx(distance(few, many)).epsilon(1e-12));
  const Matrix<double> fewer = normal_rows(8, 50, 7);
  CHECK(distance(few, fewer) == Approx(distance_without_rows(few, fewer)).epsilon(1e-9));
  const Matrix<double> others = normal_rows(200, 50, 8);
  CHECK(distance(many, others, FrechetMethod::eigenvalues) ==
        Approx(distance(many, others, FrechetMethod::singular_values)).epsilon(1e-11));
  // Beyond 512 dimensions: both full, one through its rows, both without theirs.
  const Matrix<double> wide = normal_rows(640, 520, 9), wider = normal_rows(700, 520, 10);
  const Matrix<double> short_set = normal_rows(518, 520, 11);
  const auto check = [](const Matrix<double>& x, const Matrix<double>& y) {
    const double exact = distance(x, y, FrechetMethod::singular_values);
    CHECK(distance(x, y) == Approx(exact).epsilon(1e-10));
    CHECK(distance_without_rows(x, y) == Approx(exact).epsilon(1e-8));
  };
  check(wide, wider);
  check(short_set, wide);
}

TEST_CASE("eigenvalues keep the digits of small variances, whatever the order of the columns") {
  // Standard deviations from 1 to 1e-6: eigenvalues from 1 to 1e-24.
  const std::size_t d = 150;
  const Matrix<double> plain_x = normal_rows(400, d, 14), plain_y = normal_rows(300, d, 15);
  const Matrix<double> rotation = orthogonal_factor(normal_rows(d, d, 16));
  for (const bool ascending : {false, true})
    for (const bool rotated : {false, true}) {
      Matrix<double> x = plain_x, y = plain_y;
      for (std::size_t j = 0; j < d; ++j) {
        const double place = static_cast<double>(ascending ? d - 1 - j : j);
        const double deviation = std::pow(10.0, -6 * place / static_cast<double>(d - 1));
        for (std::size_t i = 0; i < 400; ++i) x(i, j) *= deviation;
        for (std::size_t i = 0; i < 300; ++i) y(i, j) *= deviation;
      }
      if (rotated) {
        x = matmul(x, rotation);
        y = matmul(y, rotation);
      }
      const double exact = distance(x, y, FrechetMethod::singular_values);
      CHECK(distance(x, y, FrechetMethod::eigenvalues) == Approx(exact).epsilon(1e-12));
    }
}

TEST_CASE("a constant or repeated column leaves the distance exact") {
  Matrix<double> x = normal_rows(500, 3, 11), y = normal_rows(400, 3, 12);
  Matrix<double> x_wide({500, 5}, 2.0), y_wide({400, 5}, 2.0);
  for (std::size_t i = 0; i < 500; ++i)
    for (std::size_t j = 0; j < 4; ++j) x_wide(i, j) = x(i, std::min<std::size_t>(j, 2));
  for (std::size_t i = 0; i < 400; ++i)
    for (std::size_t j = 0; j < 4; ++j) y_wide(i, j) = y(i, std::min<std::size_t>(j, 2));
  Matrix<double> x_scaled = x, y_scaled = y;  // two equal columns are one, sqrt(2) times as long
  for (std::size_t i = 0; i < 500; ++i) x_scaled(i, 2) *= std::sqrt(2.0);
  for (std::size_t i = 0; i < 400; ++i) y_scaled(i, 2) *= std::sqrt(2.0);
  const double exact = distance(x_scaled, y_scaled);
  CHECK(distance(x_wide, y_wide) == Approx(exact).epsilon(1e-9));
  CHECK(distance(x_wide, y_wide, FrechetMethod::eigenvalues) == Approx(exact).epsilon(1e-9));
  const Matrix<double> same({10, 3}, 1.0);  // no variance at all
  CHECK(distance(same, same) == 0);
}
