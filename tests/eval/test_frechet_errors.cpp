// The Frechet distance's standard error and its extrapolation against what more draws show.
#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>

#include "base/error.hpp"
#include "base/random.hpp"
#include "eval/frechet.hpp"
#include "eval/frechet_extrapolated.hpp"
#include "eval/frechet_jackknife.hpp"
#include "eval/normal_rows.hpp"

using namespace pushforward;

namespace {

void gather(const Matrix<double>& x, GroupedStatistics* groups, std::size_t block = 64) {
  Workers workers(1);
  for (std::size_t first = 0; first < x.shape(0); first += block)
    groups->add(first, &x(first, 0), std::min(block, x.shape(0) - first), workers);
}

GroupedStatistics dealt(const Matrix<double>& x, std::size_t groups) {
  GroupedStatistics result = jackknife_groups(x.shape(1), groups);
  gather(x, &result);
  return result;
}

Statistics statistics_of(const Matrix<double>& x) { return dealt(x, 1).total(); }

// N(0, I), known exactly.
Statistics standard_normal(std::size_t d) {
  const std::uint64_t count = 1000001;
  Matrix<double> scatter({d, d}, 0.0);
  for (std::size_t j = 0; j < d; ++j) scatter(j, j) = static_cast<double>(count - 1);
  return Statistics(count, Vector<double>({d}, 0.0), scatter);
}

void check_equal(const Statistics& s, const Statistics& t) {
  REQUIRE(s.count() == t.count());
  for (std::size_t i = 0; i < s.dimension(); ++i) {
    CHECK(s.mean()[i] == Approx(t.mean()[i]).margin(1e-12));
    for (std::size_t j = 0; j < s.dimension(); ++j)
      CHECK(s.scatter()(i, j) == Approx(t.scatter()(i, j)).margin(1e-10));
  }
}

double spread(const std::vector<double>& values) {
  const double n = static_cast<double>(values.size());
  double mean = 0, square = 0;
  for (const double value : values) mean += value / n;
  for (const double value : values) square += std::pow(value - mean, 2);
  return std::sqrt(square / (n - 1));
}

}  // namespace

TEST_CASE("groups hold their rows, their merges all rows or all but a group's") {
  const Matrix<double> x = normal_rows(103, 3, 1);
  const GroupedStatistics groups = dealt(x, 5);
  check_equal(groups.total(), statistics_of(x));
  for (std::size_t g = 0; g < 5; ++g) {
    Matrix<double> inside({103, 3}, 0.0), outside = inside;
    std::size_t in = 0, out = 0;
    for (std::size_t i = 0; i < 103; ++i)
      for (std::size_t j = 0, at = i % 5 == g ? in++ : out++; j < 3; ++j)
        (i % 5 == g ? inside : outside)(at, j) = x(i, j);
    Workers workers(1);
    Statistics own(3), others(3);
    own.add(inside.data(), in, workers);
    others.add(outside.data(), out, workers);
    check_equal(groups.group(g), own);
    check_equal(groups.without(g), others);
  }
}

TEST_CASE("the jackknife's error is the spread over draws") {
  const std::size_t d = 4;
  std::vector<double> both, one;
  double error_of_both = 0, error_of_one = 0;
  const Statistics known = standard_normal(d);
  Workers workers(1);
  constexpr int draws = 120;
  for (int t = 0; t < draws; ++t) {
    const auto seed = static_cast<std::uint64_t>(2 * t);
    const GroupedStatistics x = dealt(normal_rows(300, d, seed, 0.3), 20);
    const GroupedStatistics y = dealt(normal_rows(200, d, seed + 1), 20);
    const Statistics all = x.total(), others = y.total();
    both.push_back(frechet_distance({&all}, {&others}));
    one.push_back(frechet_distance({&all}, {&known}));
    error_of_both += frechet_jackknife(x, y, workers) / draws;
    error_of_one += frechet_jackknife(x, known, workers) / draws;
  }
  CHECK(error_of_both / spread(both) == Approx(1).margin(0.25));
  CHECK(error_of_one / spread(one) == Approx(1).margin(0.25));
  CHECK(error_of_both > 1.2 * error_of_one);
}

TEST_CASE("the jackknife works with fewer rows than dimensions, for any number of threads") {
  const GroupedStatistics x = dealt(normal_rows(30, 50, 1), 6),
                          y = dealt(normal_rows(90, 50, 2), 6);
  Workers one(1), three(3);
  const double error = frechet_jackknife(x, y, one);
  CHECK(error > 0);
  CHECK(error < 10);
  CHECK(frechet_jackknife(x, y, three) == error);
  CHECK_THROWS_AS(frechet_jackknife(dealt(normal_rows(5, 2, 1), 6), y.total(), one),
                  std::invalid_argument);
  CHECK_THROWS_AS(frechet_jackknife(dealt(normal_rows(5, 50, 1), 1), y.total(), one),
                  std::invalid_argument);
}

TEST_CASE("the extrapolated distance is nearer the truth") {
  const std::size_t d = 20;
  const Statistics known = standard_normal(d);
  for (const double shift : {0.0, 0.1}) {
    const double truth = shift * shift * static_cast<double>(d);
    double plain = 0, extrapolated = 0, worst = 0;
    Workers workers(1);
    constexpr int draws = 8;
    for (int t = 0; t < draws; ++t) {
      const Matrix<double> x = normal_rows(600, d, static_cast<std::uint64_t>(t), shift);
      GroupedStatistics groups = extrapolation_groups(600, d, 0, "set");
      gather(x, &groups);
      const Extrapolation result = frechet_extrapolated(groups, known, workers);
      const Statistics all = groups.total();
      plain += (frechet_distance({&all}, {&known}) - truth) / draws;
      extrapolated += (result.value - truth) / draws;
      worst = std::max(worst, std::abs(result.value - truth));
      CHECK(result.slope > 0);
      CHECK(result.fit_error > 0);
      CHECK(result.fit_error < 0.1);
    }
    CHECK(plain > 0.1);
    CHECK(std::abs(extrapolated) < 0.2 * plain);
    CHECK(worst < plain);
  }
}

TEST_CASE("the line is that of least squares, its error that of the regression") {
  const std::size_t d = 3;
  const Statistics known = standard_normal(d);
  GroupedStatistics groups = extrapolation_groups(300, d, 4, "set");
  gather(normal_rows(300, d, 4), &groups);
  // The normal equations of (1, x), and their inverse.
  long double n = 0, sx = 0, sxx = 0, sy = 0, sxy = 0, rest = 0;
  std::vector<long double> xs, ys;
  for (std::size_t g = 1; g <= groups.groups(); ++g) {
    const Statistics subset = groups.first(g);
    const long double x = 1 / static_cast<long double>(subset.count());
    const long double y = frechet_distance({&subset}, {&known});
    n += 1, sx += x, sxx += x * x, sy += y, sxy += x * y;
    xs.push_back(x);
    ys.push_back(y);
  }
  const long double determinant = n * sxx - sx * sx;
  const long double intercept = (sxx * sy - sx * sxy) / determinant;
  const long double slope = (n * sxy - sx * sy) / determinant;
  for (std::size_t k = 0; k < xs.size(); ++k)
    rest += (ys[k] - intercept - slope * xs[k]) * (ys[k] - intercept - slope * xs[k]);
  Workers workers(1);
  const Extrapolation result = frechet_extrapolated(groups, known, workers);
  CHECK(result.value == Approx(static_cast<double>(intercept)).epsilon(1e-9));
  CHECK(result.slope == Approx(static_cast<double>(slope)).epsilon(1e-9));
  CHECK(result.fit_error ==
        Approx(static_cast<double>(std::sqrt(rest / (n - 2) * sxx / determinant))).epsilon(1e-9));
}

TEST_CASE("subsets grow equally from half the rows, at most 5000, more than dimensions") {
  const auto sizes = [](std::size_t n, std::size_t d) {
    GroupedStatistics groups = extrapolation_groups(n, d, 1, "set");
    gather(normal_rows(n, d, 1), &groups, 4096);
    std::vector<std::uint64_t> result;
    for (std::size_t g = 1; g <= groups.groups(); ++g) result.push_back(groups.first(g).count());
    return result;
  };
  const std::vector<std::uint64_t> some = sizes(1000, 2), many = sizes(19000, 1);
  REQUIRE(some.size() == 15);
  CHECK(some.front() == 500);
  CHECK(some[7] == 750);
  CHECK(some.back() == 1000);
  CHECK(many.front() == 5000);
  CHECK(many[1] == 6000);
  CHECK(many.back() == 19000);
  CHECK(sizes(102, 50).front() == 51);
  CHECK_THROWS_AS(extrapolation_groups(101, 50, 0, "set"), Error);
  CHECK_THROWS_AS(extrapolation_groups(29, 1, 0, "set"), Error);
}

TEST_CASE("the extrapolation is a function of the seed, not of threads") {
  const auto run = [](std::uint64_t seed, int threads) {
    GroupedStatistics groups = extrapolation_groups(200, 3, seed, "set");
    gather(normal_rows(200, 3, 1), &groups);
    Workers workers(threads);
    return frechet_extrapolated(groups, standard_normal(3), workers).value;
  };
  CHECK(run(1, 1) == run(1, 3));
  CHECK(run(1, 1) != run(2, 1));
}
