#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>

#include "base/random.hpp"
#include "eval/target_distance.hpp"

using namespace pushforward;

namespace {

std::vector<double> normal_rows(std::size_t count, std::uint64_t seed, double shift = 0) {
  std::vector<double> rows(2 * count);
  Random(seed, Stream::data).fill_normal(rows.data(), count, 2, 0);
  for (double& value : rows) value += shift;
  return rows;
}

Matrix<double> matrix(const std::vector<double>& rows) {
  Matrix<double> m = Matrix<double>::from_shape({rows.size() / 2, 2});
  std::copy(rows.begin(), rows.end(), m.data());
  return m;
}

}  // namespace

TEST_CASE("the distance to a target is the MMD around its median distance", "[mmd]") {
  Workers workers(2);
  const std::vector<double> rows = normal_rows(300, 1), target = normal_rows(200, 2, 1);
  const double expected = mmd_squared(matrix(rows), matrix(target),
                                      bandwidths_around(median_distance(matrix(target))), workers);
  CHECK(TargetDistance(target, 2, 0).mmd(rows, workers) == expected);
  CHECK(TargetDistance(target, 2, 5).mmd(rows, workers) == expected);  // all rows enter
  // Of 3000 rows a part, which the seed decides.
  const std::vector<double> many = normal_rows(3000, 3);
  const double part = TargetDistance(many, 2, 0).mmd(rows, workers);
  CHECK(part == TargetDistance(many, 2, 0).mmd(rows, workers));
  CHECK(part != TargetDistance(many, 2, 1).mmd(rows, workers));
}

TEST_CASE("sets without a scale have no distance", "[mmd]") {
  Workers workers(1);
  const std::vector<double> rows = normal_rows(10, 1);
  CHECK(std::isnan(TargetDistance({1, 2}, 2, 0).mmd(rows, workers)));
  CHECK(std::isnan(TargetDistance({1, 2, 1, 2}, 2, 0).mmd(rows, workers)));
  CHECK(std::isnan(TargetDistance(rows, 2, 0).mmd({1, 2}, workers)));
}
