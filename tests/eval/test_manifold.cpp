// Precision, recall, density and coverage against double loops over all pairs.
#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>

#include "base/error.hpp"
#include "base/random.hpp"
#include "eval/distance_bounds.hpp"
#include "eval/manifold.hpp"

using namespace pushforward;

namespace {

Matrix<double> normal_rows(std::size_t n, std::size_t d, std::uint64_t seed, double shift = 0,
                           double scale = 1) {
  Matrix<double> x = Matrix<double>::from_shape({n, d});
  Random(seed, Stream::data).fill_normal(x.data(), n, d, 0);
  for (std::size_t i = 0; i < x.size(); ++i) x.data()[i] = x.data()[i] * scale + shift;
  return x;
}

long double distance(const Matrix<double>& x, std::size_t i, const Matrix<double>& y,
                     std::size_t j) {
  long double sum = 0;
  for (std::size_t k = 0; k < x.shape(1); ++k) {
    const long double difference = static_cast<long double>(x(i, k)) - y(j, k);
    sum += difference * difference;
  }
  return sum;
}

std::vector<long double> radii(const Matrix<double>& x, std::size_t k) {
  std::vector<long double> result;
  for (std::size_t i = 0; i < x.shape(0); ++i) {
    std::vector<long double> all;
    for (std::size_t j = 0; j < x.shape(0); ++j)
      if (j != i) all.push_back(distance(x, i, x, j));
    std::sort(all.begin(), all.end());
    result.push_back(all[k - 1]);
  }
  return result;
}

struct ByHand {
  double precision = 0, recall = 0, density = 0, coverage = 0;
};

ByHand by_hand(const Matrix<double>& generated, const Matrix<double>& reference, std::size_t k) {
  const std::size_t n = generated.shape(0), m = reference.shape(0);
  const std::vector<long double> own = radii(generated, k), other = radii(reference, k);
  ByHand result;
  for (std::size_t i = 0; i < n; ++i) {
    int balls = 0;
    for (std::size_t j = 0; j < m; ++j) balls += distance(generated, i, reference, j) <= other[j];
    result.precision += (balls > 0) / static_cast<double>(n);
    result.density += balls / static_cast<double>(n * k);
  }
  for (std::size_t j = 0; j < m; ++j) {
    bool recalled = false, covered = false;
    for (std::size_t i = 0; i < n; ++i) {
      const long double square = distance(generated, i, reference, j);
      recalled = recalled || square <= own[i];
      covered = covered || square <= other[j];
    }
    result.recall += recalled / static_cast<double>(m);
    result.coverage += covered / static_cast<double>(m);
  }
  return result;
}

ManifoldMetrics metrics(const Matrix<double>& generated, const Matrix<double>& reference,
                        std::size_t k, int threads = 1) {
  Workers workers(threads);
  return manifold_metrics(generated, reference, k, workers);
}

void check_by_hand(const Matrix<double>& generated, const Matrix<double>& reference) {
  for (const std::size_t k : {1u, 3u, 5u}) {
    const ManifoldMetrics fast = metrics(generated, reference, k);
    const ByHand exact = by_hand(generated, reference, k);
    CHECK(fast.precision.value == Approx(exact.precision).epsilon(1e-12));
    CHECK(fast.recall.value == Approx(exact.recall).epsilon(1e-12));
    CHECK(fast.density.value == Approx(exact.density).epsilon(1e-12));
    CHECK(fast.coverage.value == Approx(exact.coverage).epsilon(1e-12));
  }
}

}  // namespace

TEST_CASE("precision, recall, density and coverage are their definitions") {
  check_by_hand(normal_rows(200, 2, 1, 0.5), normal_rows(200, 2, 2));
  check_by_hand(normal_rows(150, 3, 3, 0, 0.5), normal_rows(200, 3, 4));
  check_by_hand(normal_rows(200, 30, 5, 0.2), normal_rows(130, 30, 6));
  check_by_hand(normal_rows(300, 1, 7), normal_rows(290, 1, 8));  // over a block of rows
}

TEST_CASE("distances that are equal are inside, far from the origin as well as near") {
  // Whole numbers, so that equal distances abound and brute force is exact.
  for (const double shift : {0.0, 1e6, 1e12}) {
    Matrix<double> x = normal_rows(200, 2, 1), y = normal_rows(180, 2, 2);
    for (std::size_t i = 0; i < x.size(); ++i) x.data()[i] = std::round(2 * x.data()[i]) + shift;
    for (std::size_t i = 0; i < y.size(); ++i) y.data()[i] = std::round(2 * y.data()[i]) + shift;
    check_by_hand(x, y);
  }
}

TEST_CASE("near-duplicates in clusters far apart are told apart") {
  // Differences of 1e-6 beside distances of 1e4: squares of 1e-12 in products of 1e8.
  const auto clusters = [](std::uint64_t seed) {
    Matrix<double> x = normal_rows(200, 4, seed, 0, 1e-6);
    for (std::size_t i = 0; i < 200; ++i)
      for (std::size_t j = 0; j < 4; ++j) x(i, j) += i % 2 == 0 ? 1e4 : -1e4;
    return x;
  };
  const Matrix<double> x = clusters(1), y = clusters(2);
  check_by_hand(x, y);
  CHECK(metrics(x, y, 3).precision.value < 1);
  CHECK(metrics(x, y, 3).precision.value > 0.3);
}

TEST_CASE("a set beside itself scores 1") {
  Matrix<double> x = normal_rows(600, 40, 1, 1e5);
  const ManifoldMetrics same = metrics(x, x, 3, 2);
  CHECK(same.precision.value == 1);
  CHECK(same.recall.value == 1);
  CHECK(same.coverage.value == 1);
  CHECK(same.precision.error == 0);
  // Each row is in its own ball and in those of its neighbours: k + 1 on average.
  CHECK(same.density.value == Approx(4.0 / 3).epsilon(1e-12));
  for (std::size_t i = 0; i < 600; ++i)  // every row 5 times
    for (std::size_t j = 0; j < 40; ++j) x(i, j) = x(i / 5 * 5, j);
  CHECK(metrics(x, x, 3).recall.value == 1);
  CHECK(metrics(x, x, 3).density.value == Approx(5.0 / 3).epsilon(1e-12));
  const Matrix<double> equal({100, 3}, 0.1);
  CHECK(metrics(equal, equal, 3).precision.value == 1);
  CHECK(metrics(equal, equal, 3).coverage.value == 1);
}

TEST_CASE("precision is of generated rows, recall of reference rows") {
  // Generated rows sit in a tenth of the reference: plausible, and missing most of it.
  Matrix<double> reference = normal_rows(1000, 1, 1), generated = normal_rows(1000, 1, 2);
  for (std::size_t i = 0; i < 1000; ++i) {
    reference(i, 0) = static_cast<double>(i) / 1000;
    generated(i, 0) = static_cast<double>(i) / 10000 + 1e-5;
  }
  const ManifoldMetrics result = metrics(generated, reference, 3);
  CHECK(result.precision.value == 1);
  CHECK(result.recall.value == Approx(0.1).margin(0.01));
  CHECK(result.coverage.value == Approx(0.1).margin(0.01));
}

TEST_CASE("density and coverage of two draws of one law are near 1 and 1 - 2^-k") {
  const ManifoldMetrics result = metrics(normal_rows(1000, 5, 1), normal_rows(1000, 5, 2), 3);
  CHECK(result.density.value == Approx(1).margin(0.1));
  // Naeem et al. 2020: 1 - (n - 1) ... (n - k) / (2 n - 1) ... (2 n - k).
  CHECK(result.coverage.value == Approx(0.875).margin(0.04));
  CHECK(result.coverage.error ==
        Approx(std::sqrt(result.coverage.value * (1 - result.coverage.value) / 1000)));
}

TEST_CASE("the error of density is its spread over draws of generated rows") {
  const Matrix<double> reference = normal_rows(300, 2, 1);
  double sum = 0, square = 0, error = 0;
  const int draws = 60;
  for (int t = 0; t < draws; ++t) {
    const auto seed = static_cast<std::uint64_t>(t) + 10;
    const ManifoldEstimate density = metrics(normal_rows(200, 2, seed), reference, 3).density;
    sum += density.value / draws;
    square += density.value * density.value / draws;
    error += density.error / draws;
  }
  const double spread = std::sqrt(square - sum * sum);
  CHECK(error / spread < 1.3);
  CHECK(error / spread > 0.75);
}

TEST_CASE("the metrics do not depend on the number of threads, and refuse what they cannot do") {
  const Matrix<double> x = normal_rows(700, 3, 1, 0.3), y = normal_rows(1300, 3, 2);
  const ManifoldMetrics one = metrics(x, y, 4, 1), three = metrics(x, y, 4, 3);
  CHECK(one.precision.value == three.precision.value);
  CHECK(one.recall.value == three.recall.value);
  CHECK(one.density.value == three.density.value);
  CHECK(one.density.error == three.density.error);
  CHECK(one.coverage.value == three.coverage.value);
  CHECK_THROWS_AS(metrics(normal_rows(3, 2, 1), y, 3), std::invalid_argument);
  const Matrix<double> large = normal_rows(10, 2, 1, 0, 1e160);
  CHECK_THROWS_AS(metrics(large, large, 3), Error);
}

TEST_CASE("bounds hold the exact distance, and hold it closely") {
  for (const std::size_t d : {1u, 7u, 64u, 500u})
    for (const double scale : {1e-170, 1e-3, 1.0, 1e100}) {
      const Matrix<double> x = normal_rows(30, d, 1, 3 * scale, scale);
      Matrix<double> y = x;
      for (std::size_t i = 0; i < y.size(); ++i)
        y.data()[i] *= 1 + 1e-9 * static_cast<double>(i % 3);
      const Vector<double> origin({d}, scale);
      const BoundedRows a(x, origin), b(y, origin);
      const DistanceBounds bounds(a, b, origin);
      DistanceBounds::Scratch scratch;
      const double* products = bounds.products(0, 30, 0, 30, &scratch);
      for (std::size_t i = 0; i < 30; ++i)
        for (std::size_t j = 0; j < 30; ++j) {
          const double exact = bounds.exactly(i, j), product = products[30 * i + j];
          CHECK(bounds.at_least(i, j, product) <= exact);
          CHECK(bounds.at_most(i, j, product) >= exact);
          const double room = 2e-15 * static_cast<double>(d + 10) * (a.norms[i] + b.norms[j]);
          CHECK(bounds.at_most(i, j, product) - bounds.at_least(i, j, product) <= room + 1e-300);
        }
    }
}
