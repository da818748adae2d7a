#include <catch2/catch.hpp>
#include <cmath>

#include "sample/brownian_path.hpp"

using namespace pushforward;

TEST_CASE("looks at a Brownian path agree with one another", "[brownian]") {
  BrownianPath path(Random(1, Stream::sampler), 7, 3);
  double at_1[3], at_03[3], at_06[3], again[3], rest[3];
  path.look(1.0, at_1);
  path.look(0.3, at_03);
  path.look(0.6, at_06);
  path.look(1.0, again);
  CHECK(std::equal(at_1, at_1 + 3, again));
  path.advance(0.3);
  path.look(0.6 - 0.3, rest);
  for (int j = 0; j < 3; ++j) CHECK(rest[j] == Approx(at_06[j] - at_03[j]));
  path.look(1.0 - 0.3, rest);
  for (int j = 0; j < 3; ++j) CHECK(rest[j] == Approx(at_1[j] - at_03[j]));
}

TEST_CASE("a path seen in any order has the law of Brownian motion", "[brownian]") {
  // The increments over [0, 0.2], [0.2, 0.6] and [0.6, 2] after looks ahead that were given up.
  constexpr std::size_t count = 20000;
  constexpr double lengths[] = {0.2, 0.4, 1.4};
  double products[3][3] = {};
  for (std::size_t row = 0; row < count; ++row) {
    BrownianPath path(Random(2, Stream::sampler), row, 1);
    double steps[3], ignored;
    path.look(1.5, &ignored);
    path.look(0.5, &ignored);
    path.look(lengths[0], &steps[0]);
    path.advance(lengths[0]);
    path.look(0.9, &ignored);
    path.look(lengths[1], &steps[1]);
    path.advance(lengths[1]);
    path.look(lengths[2], &steps[2]);
    for (int i = 0; i < 3; ++i)
      for (int j = 0; j < 3; ++j)
        products[i][j] += steps[i] * steps[j] / std::sqrt(lengths[i] * lengths[j]) / count;
  }
  const double error = 4 / std::sqrt(double(count));
  for (int i = 0; i < 3; ++i)
    for (int j = 0; j <= i; ++j)
      CHECK(products[i][j] == Approx(i == j ? 1 : 0).margin(i == j ? 1.5 * error : error));
}
