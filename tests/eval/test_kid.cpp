// The kernel inception distance against its definition written out, and the choice of rows.
#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <numeric>
#include <set>
#include <tuple>

#include "base/error.hpp"
#include "base/random.hpp"
#include "eval/kid.hpp"
#include "eval/normal_rows.hpp"

using namespace pushforward;

namespace {

double kernel(const Matrix<double>& x, std::size_t i, const Matrix<double>& y, std::size_t j) {
  double product = 0;
  for (std::size_t k = 0; k < x.shape(1); ++k) product += x(i, k) * y(j, k);
  return std::pow(product / static_cast<double>(x.shape(1)) + 1, 3);
}

double mmd_by_hand(const Matrix<double>& x, const RowNumbers& a, const Matrix<double>& y,
                   const RowNumbers& b) {
  const double n = static_cast<double>(a.size());
  double xx = 0, yy = 0, xy = 0;
  for (std::size_t i = 0; i < a.size(); ++i)
    for (std::size_t j = 0; j < a.size(); ++j) {
      xx += i == j ? 0 : kernel(x, a[i], x, a[j]);
      yy += i == j ? 0 : kernel(y, b[i], y, b[j]);
      xy += kernel(x, a[i], y, b[j]);
    }
  return (xx + yy) / (n * (n - 1)) - 2 * xy / (n * n);
}

KidEstimate kid(const Matrix<double>& x, const Matrix<double>& y, const KidSubsets& subsets,
                int threads = 1) {
  Workers workers(threads);
  return kernel_inception_distance(x, y, subsets, workers);
}

KidEstimate kid(const Matrix<double>& x, const Matrix<double>& y, std::size_t subsets,
                std::size_t size) {
  return kid(x, y, kid_subsets(x.shape(0), y.shape(0), subsets, size, 0));
}

}  // namespace

TEST_CASE("row numbers are distinct, reproducible, and the beginning of longer ones") {
  const RowNumbers some = random_row_numbers(50, 20, 0, 1);
  REQUIRE(some.size() == 20);
  CHECK(std::set<std::size_t>(some.begin(), some.end()).size() == 20);
  CHECK(*std::max_element(some.begin(), some.end()) < 50);
  CHECK(random_row_numbers(50, 20, 0, 1) == some);
  CHECK(random_row_numbers(50, 20, 0, 2) != some);
  CHECK(random_row_numbers(50, 20, 1, 1) != some);
  const RowNumbers more = random_row_numbers(50, 40, 0, 1);
  CHECK(std::equal(some.begin(), some.end(), more.begin()));
  RowNumbers all(50);
  std::iota(all.begin(), all.end(), std::size_t{0});
  CHECK(random_row_numbers(50, 50, 0, 1) == all);
  CHECK(random_row_numbers(50, 90, 0, 1) == all);
}

TEST_CASE("each row is in a subset as often as any other") {
  std::vector<int> seen(10, 0);
  for (std::uint32_t step = 0; step < 4000; ++step)
    for (const std::size_t number : random_row_numbers(10, 3, 5, step)) ++seen[number];
  for (const int times : seen) CHECK(std::abs(times - 1200) < 150);  // 5 standard deviations
}

TEST_CASE("KID is its definition on every subset, over block edges") {
  for (const auto& [n, m, size] :
       {std::tuple<std::size_t, std::size_t, std::size_t>{40, 30, 7}, {300, 1200, 280}}) {
    const Matrix<double> x = normal_rows(n, 5, 1), y = normal_rows(m, 5, 2, 0.3);
    const KidSubsets subsets = kid_subsets(n, m, 6, size, 3);
    REQUIRE(subsets.size == size);
    REQUIRE(subsets.generated.size() == 6);
    double mean = 0, square = 0;
    for (std::size_t s = 0; s < 6; ++s) {
      const double value = mmd_by_hand(x, subsets.generated[s], y, subsets.reference[s]);
      mean += value / 6;
      square += value * value / 6;
    }
    const KidEstimate estimate = kid(x, y, subsets);
    CHECK(estimate.mean == Approx(mean).epsilon(1e-10));
    CHECK(estimate.deviation == Approx(std::sqrt(square - mean * mean)).epsilon(1e-8));
    CHECK(estimate.error == Approx(estimate.deviation / std::sqrt(6.0)));
  }
  const Matrix<double> x = normal_rows(1100, 2, 4), y = normal_rows(1100, 2, 5);
  const KidSubsets whole = kid_subsets(1100, 1100, 9, 1100, 0);
  CHECK(kid(x, y, whole).mean ==
        Approx(mmd_by_hand(x, whole.generated[0], y, whole.reference[0])).epsilon(1e-9));
}

TEST_CASE("KID of a set with itself has the known bias") {
  // Rows a e_i: the kernel is 1 off the diagonal and (a^2 / d + 1)^3 on it, which the estimate
  // leaves out within a set but not across.
  const std::size_t n = 30;
  Matrix<double> x({n, n}, 0.0);
  for (std::size_t i = 0; i < n; ++i) x(i, i) = 3;
  const double on_diagonal = std::pow(9.0 / 30 + 1, 3);
  const KidEstimate estimate = kid(x, x, 100, 1000);
  CHECK(estimate.mean == Approx(2 * (1 - on_diagonal) / 30).epsilon(1e-12));
  CHECK(estimate.deviation == 0);  // both whole: one pair of subsets
  const Matrix<double> same({20, 4}, 1.5);
  CHECK(kid(same, same, 5, 10).mean == Approx(0).margin(1e-12));
}

TEST_CASE("KID is unbiased: its mean over draws is the closed form") {
  // d = 1, x ~ N(0, 1), y = 1 + x: E (xx' + 1)^3 = 1 + 3 E[x]^2 + 3 E[x^2]^2 + E[x^3]^2, moments
  // 1: (0, 1, 0), 2: (1, 2, 4).
  const double xx = 1 + 3, yy = 1 + 3 + 3 * 4 + 16, xy = 1 + 3 * 2;
  double sum = 0, null = 0;
  const int draws = 2000;
  for (int t = 0; t < draws; ++t) {
    const auto seed = static_cast<std::uint64_t>(3 * t);
    const Matrix<double> x = normal_rows(40, 1, seed), y = normal_rows(40, 1, seed + 1, 1);
    sum += kid(x, y, 1, 40).mean / draws;
    null += kid(x, normal_rows(40, 1, seed + 2), 1, 40).mean / draws;
  }
  CHECK(sum == Approx(xx + yy - 2 * xy).epsilon(0.05));
  CHECK(null == Approx(0).margin(0.05));
}

TEST_CASE("KID from the rows kept is KID from all rows") {
  const Matrix<double> x = normal_rows(500, 3, 1), y = normal_rows(400, 3, 2);
  const KidSubsets subsets = kid_subsets(500, 400, 4, 20, 7);
  const RowNumbers keep_x = numbers_in(subsets.generated), keep_y = numbers_in(subsets.reference);
  CHECK(keep_x.size() <= 80);
  CHECK(std::is_sorted(keep_x.begin(), keep_x.end()));
  CHECK(std::adjacent_find(keep_x.begin(), keep_x.end()) == keep_x.end());
  KidSubsets kept = subsets;
  kept.generated = positions_in(keep_x, subsets.generated);
  kept.reference = positions_in(keep_y, subsets.reference);
  CHECK(kid(rows_at(x, keep_x), rows_at(y, keep_y), kept).mean == kid(x, y, subsets).mean);
  CHECK_THROWS_AS(positions_in({1, 2}, {{3}}), std::invalid_argument);
}

TEST_CASE("subsets depend on the seed and their number alone, and differ") {
  const KidSubsets few = kid_subsets(90, 80, 3, 20, 1), many = kid_subsets(90, 80, 7, 20, 1);
  for (std::size_t s = 0; s < 3; ++s) {
    CHECK(few.generated[s] == many.generated[s]);
    CHECK(few.reference[s] == many.reference[s]);
  }
  CHECK(few.generated[0] != few.generated[1]);
  CHECK(kid_subsets(80, 80, 3, 20, 1).generated[0] != few.reference[0]);
  CHECK(kid_subsets(90, 80, 3, 20, 2).generated[0] != few.generated[0]);
  CHECK(kid_subsets(90, 80, 3, 1000, 1).size == 80);
  CHECK(kid_subsets(90, 80, 3, 1000, 1).generated.size() == 3);
  CHECK(kid_subsets(80, 80, 3, 1000, 1).generated.size() == 1);
  CHECK_THROWS_AS(kid_subsets(1, 80, 3, 20, 1), std::invalid_argument);
}

TEST_CASE("KID does not depend on the number of threads, and refuses an overflow") {
  const Matrix<double> x = normal_rows(700, 2, 1), y = normal_rows(600, 2, 2, 0.1);
  const KidSubsets subsets = kid_subsets(700, 600, 5, 550, 0);
  const KidEstimate one = kid(x, y, subsets, 1), four = kid(x, y, subsets, 4);
  CHECK(one.mean == four.mean);
  CHECK(one.deviation == four.deviation);
  const Matrix<double> large({10, 2}, 1e60);
  CHECK_THROWS_AS(kid(large, large, 2, 5), Error);
}
