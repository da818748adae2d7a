// States of chains in units of the data, and back.
#include <catch2/catch.hpp>

#include "sample/data_units.hpp"

using namespace pushforward;

namespace {

// Two columns of unlike units.
DataUnits two_columns() {
  DataUnits units;
  units.offset = {10, -3};
  units.unit = {2, 0.5};
  return units;
}

}  // namespace

TEST_CASE("a state is offset + unit a x, with the scales a of a chain's states in turn",
          "[data_units]") {
  // Two chains of three states.
  std::vector<double> states = {1, 2, 3, 4, 5, 6, -1, -2, -3, -4, -5, -6};
  const std::vector<double> scales = {1, 0.5, 4}, before = states;
  to_data(two_columns(), scales, 2, &states);
  for (std::size_t i = 0; i < states.size(); ++i) {
    const double a = scales[i / 2 % 3];
    CHECK(states[i] == (i % 2 == 0 ? 10 + 2 * a * before[i] : -3 + 0.5 * a * before[i]));
  }
  // Without units the scale alone, and no states are as welcome as many.
  std::vector<float> plain = {1, 2, 3, 4}, none;
  to_data(DataUnits(), {3}, 2, &plain);
  CHECK(plain == std::vector<float>{3, 6, 9, 12});
  to_data(two_columns(), {}, 2, &none);
  CHECK(none.empty());
}

TEST_CASE("rows in units of the data come back from a chain's coordinates", "[data_units]") {
  std::vector<double> rows = {10, -3, 12, -2.5, 7, 8};
  const std::vector<double> before = rows;
  from_data(two_columns(), &rows);
  CHECK(rows == std::vector<double>{0, 0, 1, 1, -1.5, 22});
  to_data(two_columns(), {1}, 2, &rows);
  CHECK(rows == before);
  from_data(DataUnits(), &rows);
  CHECK(rows == before);
}
