// MMD and sliced Wasserstein against their definitions written out.
#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <numeric>

#include "base/instruction_set.hpp"
#include "base/random.hpp"
#include "eval/kernels/kernel_sum.hpp"
#include "eval/mmd.hpp"
#include "eval/normal_rows.hpp"
#include "eval/sliced_wasserstein.hpp"

using namespace pushforward;

namespace {

double kernel(const Matrix<double>& x, std::size_t i, const Matrix<double>& y, std::size_t j,
              const std::vector<double>& bandwidths) {
  double square = 0, sum = 0;
  for (std::size_t k = 0; k < x.shape(1); ++k) square += std::pow(x(i, k) - y(j, k), 2);
  for (double s : bandwidths) sum += std::exp(-square / (2 * s * s));
  return sum / static_cast<double>(bandwidths.size());
}

double mmd_by_hand(const Matrix<double>& x, const Matrix<double>& y,
                   const std::vector<double>& bandwidths) {
  const std::size_t n = x.shape(0), m = y.shape(0);
  double xx = 0, yy = 0, xy = 0;
  for (std::size_t i = 0; i < n; ++i)
    for (std::size_t j = 0; j < n; ++j) xx += i == j ? 0 : kernel(x, i, x, j, bandwidths);
  for (std::size_t i = 0; i < m; ++i)
    for (std::size_t j = 0; j < m; ++j) yy += i == j ? 0 : kernel(y, i, y, j, bandwidths);
  for (std::size_t i = 0; i < n; ++i)
    for (std::size_t j = 0; j < m; ++j) xy += kernel(x, i, y, j, bandwidths);
  const double a = static_cast<double>(n), b = static_cast<double>(m);
  return xx / (a * (a - 1)) + yy / (b * (b - 1)) - 2 * xy / (a * b);
}

double mmd(const Matrix<double>& x, const Matrix<double>& y, const std::vector<double>& bandwidths,
           int threads = 1) {
  Workers workers(threads);
  return mmd_squared(x, y, bandwidths, workers);
}

// W2^2 by repeating every x m times and every y n times: equal masses, matched in order.
double wasserstein_by_hand(std::vector<double> x, std::vector<double> y) {
  const std::size_t n = x.size(), m = y.size();
  std::sort(x.begin(), x.end());
  std::sort(y.begin(), y.end());
  double sum = 0;
  for (std::size_t k = 0; k < n * m; ++k) sum += std::pow(x[k / m] - y[k / n], 2);
  return sum / static_cast<double>(n * m);
}

}  // namespace

TEST_CASE("MMD is its definition, for one bandwidth or several, over block edges") {
  const Matrix<double> x = normal_rows(300, 3, 1, 100), y = normal_rows(1100, 3, 2, 100.3);
  for (const std::vector<double>& s :
       {std::vector<double>{1.0}, {0.5, 1.0, 2.0}, {0.3, 1.7}, bandwidths_around(1.3)})
    CHECK(mmd(x, y, s) == Approx(mmd_by_hand(x, y, s)).epsilon(1e-9).margin(1e-12));
  const Matrix<double> wide_x = normal_rows(20, 64, 3), wide_y = normal_rows(30, 64, 4, 0.2);
  CHECK(mmd(wide_x, wide_y, {8}) == Approx(mmd_by_hand(wide_x, wide_y, {8})).epsilon(1e-9));
  CHECK(mmd(normal_rows(2, 1, 5), normal_rows(2, 1, 6), {1}) ==
        Approx(mmd_by_hand(normal_rows(2, 1, 5), normal_rows(2, 1, 6), {1})));
}

TEST_CASE("MMD does not depend on the number of threads") {
  const Matrix<double> x = normal_rows(1500, 2, 1), y = normal_rows(1300, 2, 2, 0.1);
  const double one = mmd(x, y, bandwidths_around(1), 1);
  CHECK(mmd(x, y, bandwidths_around(1), 2) == one);
  CHECK(mmd(x, y, bandwidths_around(1), 5) == one);
}

TEST_CASE("MMD of a set with itself has the known bias") {
  // The unbiased estimate leaves out i = j within a set but not across: 2 (S - n^2) / ... below.
  const std::size_t n = 200;
  const Matrix<double> x = normal_rows(n, 2, 7);
  double off_diagonal = 0;
  for (std::size_t i = 0; i < n; ++i)
    for (std::size_t j = 0; j < n; ++j) off_diagonal += i == j ? 0 : kernel(x, i, x, j, {1});
  const double size = static_cast<double>(n);
  const double mean = off_diagonal / (size * (size - 1));
  CHECK(mmd(x, x, {1}) == Approx(-2 * (1 - mean) / size).epsilon(1e-10));
}

TEST_CASE("MMD of Gaussians is near its closed form and unbiased") {
  // k with s = 1, N(0, 1) against N(mu, 1): E k = sqrt(1/3) exp(-delta^2 / 6).
  const double mu = 0.5, exact = 2 * std::sqrt(1.0 / 3) * (1 - std::exp(-mu * mu / 6));
  double sum = 0, null = 0;
  const int trials = 200;
  for (int t = 0; t < trials; ++t) {
    const auto seed = static_cast<std::uint64_t>(t);
    sum += mmd(normal_rows(100, 1, 2 * seed + 1000), normal_rows(80, 1, 2 * seed + 1001, mu), {1});
    null += mmd(normal_rows(30, 1, 2 * seed + 3000), normal_rows(30, 1, 2 * seed + 3001), {1});
  }
  CHECK(sum / trials == Approx(exact).margin(0.006));
  CHECK(null / trials == Approx(0).margin(0.005));
}

TEST_CASE("the kernel sums of all instruction sets agree") {
  std::vector<double> products(77), norms(77);
  Random(1, Stream::data).fill_uniform(norms.data(), 1, 77, 0);
  Random(2, Stream::data).fill_uniform(products.data(), 1, 77, 0);
  const KernelTerm terms[] = {{0.3, false}, {1.2, true}, {5, false}};
  const double base = baseline::kernel_sum(77, products.data(), 1.5, norms.data(), terms, 3);
  double exact = 0;
  for (std::size_t j = 0; j < 77; ++j)
    for (double rate : {0.3, 1.2, 5.0})
      exact += std::exp(-rate * std::max(0.0, 1.5 + norms[j] - 2 * products[j]));
  CHECK(base == Approx(exact).epsilon(1e-14));
  if (instruction_set() == InstructionSet::baseline) return;
  const double with_avx2 = avx2::kernel_sum(77, products.data(), 1.5, norms.data(), terms, 3);
  CHECK(with_avx2 == Approx(exact).epsilon(1e-14));
  if (instruction_set() == InstructionSet::avx512)
    CHECK(avx512::kernel_sum(77, products.data(), 1.5, norms.data(), terms, 3) == with_avx2);
}

TEST_CASE("median distance") {
  Matrix<double> x({4, 1}, 0.0);  // distances 1, 2, 3, 4, 6, 7: above the middle, 4
  x(1, 0) = 1;
  x(2, 0) = 3;
  x(3, 0) = 7;
  CHECK(median_distance(x) == 4);
  CHECK(median_distance(x, 2) == 1);
  Matrix<double> repeated({9, 1}, 5.0);
  CHECK(median_distance(repeated) == 0);
  repeated(0, 0) = 11;  // 8 of 36 pairs are 6 apart
  CHECK(median_distance(repeated) == Approx(std::sqrt(8 * 36.0 / 36)));
}

TEST_CASE("random subsets are distinct rows, reproducible") {
  Matrix<double> x({50, 1}, 0.0);
  for (std::size_t i = 0; i < 50; ++i) x(i, 0) = static_cast<double>(i);
  CHECK((random_subset(x, 50, 0, 1) == x));
  const Matrix<double> some = random_subset(x, 20, 0, 1);
  REQUIRE(some.shape(0) == 20);
  std::vector<double> sorted(some.data(), some.data() + 20);
  std::sort(sorted.begin(), sorted.end());
  CHECK(std::adjacent_find(sorted.begin(), sorted.end()) == sorted.end());
  CHECK((random_subset(x, 20, 0, 1) == some));
  CHECK_FALSE((random_subset(x, 20, 0, 2) == some));
  CHECK_FALSE((random_subset(x, 20, 1, 1) == some));
}

TEST_CASE("one-dimensional Wasserstein distances of samples of any sizes") {
  for (std::size_t n : {1u, 2u, 7u, 12u})
    for (std::size_t m : {1u, 5u, 12u, 18u}) {
      const Matrix<double> x = normal_rows(n, 1, n), y = normal_rows(m, 1, 100 + m, 1);
      std::vector<double> a(x.data(), x.data() + n), b(y.data(), y.data() + m);
      const double exact = wasserstein_by_hand(a, b);
      std::sort(a.begin(), a.end());
      std::sort(b.begin(), b.end());
      CHECK(wasserstein_squared(a.data(), n, b.data(), m) == Approx(exact).epsilon(1e-12));
    }
}

TEST_CASE("directions are unit vectors, a prefix of more of them") {
  const Matrix<double> few = random_directions(5, 3, 1), many = random_directions(9, 3, 1);
  for (std::size_t p = 0; p < 5; ++p) {
    double square = 0;
    for (std::size_t j = 0; j < 3; ++j) {
      square += few(p, j) * few(p, j);
      CHECK(few(p, j) == many(p, j));
    }
    CHECK(square == Approx(1));
  }
  CHECK((random_directions(9, 1, 1) == Matrix<double>({1, 1}, 1.0)));
}

TEST_CASE("sliced Wasserstein distances") {
  const Matrix<double> x = normal_rows(400, 2, 1), y = normal_rows(300, 2, 2, 0.5);
  const Matrix<double> directions = random_directions(200, 2, 0);
  Workers one(1), three(3);
  CHECK(sliced_wasserstein(x, x, directions, one) == 0);
  const double distance = sliced_wasserstein(x, y, directions, one);
  CHECK(sliced_wasserstein(x, y, directions, three) == distance);
  double sum = 0;
  for (std::size_t p = 0; p < 200; ++p) {
    std::vector<double> a, b;
    for (std::size_t i = 0; i < 400; ++i)
      a.push_back(x(i, 0) * directions(p, 0) + x(i, 1) * directions(p, 1));
    for (std::size_t i = 0; i < 300; ++i)
      b.push_back(y(i, 0) * directions(p, 0) + y(i, 1) * directions(p, 1));
    sum += wasserstein_by_hand(a, b) / 200;
  }
  CHECK(distance == Approx(std::sqrt(sum)).epsilon(1e-10));
  // A shift by v moves every projection by v'theta: the mean square is |v|^2 / d.
  Matrix<double> moved = x;
  for (std::size_t i = 0; i < moved.size(); ++i) moved.data()[i] += 3;
  CHECK(sliced_wasserstein(x, moved, random_directions(4000, 2, 0), one) ==
        Approx(3).epsilon(0.03));
}
