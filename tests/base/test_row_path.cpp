#include <catch2/catch.hpp>
#include <cmath>

#include "base/random.hpp"
#include "base/row_path.hpp"

using namespace pushforward;

namespace {

double length(const std::vector<double>& rows, std::size_t columns, std::size_t row) {
  double squares = 0;
  for (std::size_t j = 0; j < columns; ++j)
    squares += rows[row * columns + j] * rows[row * columns + j];
  return std::sqrt(squares);
}

}  // namespace

TEST_CASE("a path holds the rows that it goes through, to the bit") {
  const std::size_t columns = 7;
  std::vector<double> points(3 * columns);
  Random(3, Stream::init).fill_normal(points.data(), 3, columns, 0);
  for (const PathKind kind : {PathKind::linear, PathKind::spherical}) {
    const RowPath path{{4, 0, 9}, 5, kind};
    REQUIRE(path.rows() == 11);
    const std::vector<double> rows = path_rows(path, points, 0, 11);
    for (std::size_t point = 0; point < 3; ++point)
      for (std::size_t j = 0; j < columns; ++j)
        CHECK(rows[5 * point * columns + j] == points[point * columns + j]);
    // Parts of a path are those of the whole.
    const std::vector<double> part = path_rows(path, points, 3, 4);
    CHECK(part == std::vector<double>(rows.begin() + 3 * columns, rows.begin() + 7 * columns));
  }
}

TEST_CASE("a spherical path between rows of one length keeps it, at one speed") {
  const std::vector<double> points = {3, 0, 0, 4, 0, 5, 0, 0};
  const RowPath path{{0, 1}, 6, PathKind::spherical};
  const std::vector<double> rows = path_rows(path, points, 0, 7);
  for (std::size_t i = 0; i < 7; ++i) CHECK(length(rows, 4, i) == Approx(5));
  const double angle = std::acos(0.0);
  for (std::size_t i = 0; i < 6; ++i) {
    double product = 0;
    for (std::size_t j = 0; j < 4; ++j) product += rows[4 * i + j] * rows[4 * (i + 1) + j];
    CHECK(product / 25 == Approx(std::cos(angle / 6)));
  }
  const std::vector<double> line = path_rows({{0, 1}, 2, PathKind::linear}, points, 1, 1);
  CHECK(length(line, 4, 0) == Approx(5 / std::sqrt(2)));
}

TEST_CASE("where rows lie on a line through 0 a spherical path is that line") {
  const RowPath path{{0, 1}, 4, PathKind::spherical};
  CHECK(path_rows(path, {2, -2}, 0, 5) == std::vector<double>{2, 1, 0, -1, -2});
  CHECK(path_rows(path, {1, 3}, 2, 1) == std::vector<double>{2});
  CHECK(path_rows(path, {0, 0, 2, 4}, 2, 1) == std::vector<double>{1, 2});
  CHECK(path_rows(path, {1, 2, 1, 2}, 3, 1) == std::vector<double>{1, 2});
}
