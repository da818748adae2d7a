#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>

#include "base/error.hpp"
#include "base/messages.hpp"
#include "base/short_number.hpp"
#include "io/jitter.hpp"
#include "io/names.hpp"

using namespace pushforward;

namespace {

// Ages by 1, prices by 0.05, heights without steps, a constant.
Table some_rows(std::size_t rows) {
  std::vector<float> values;
  for (std::size_t i = 0; i < rows; ++i) {
    values.push_back(20 + static_cast<float>(i * 7 % 41));
    values.push_back(1 + 0.05F * static_cast<float>(i * i % 17));
    values.push_back(std::sqrt(static_cast<float>(i + 2)));
    values.push_back(3);
  }
  Table table;
  table.datasets.push_back({"/x",
                            Array::of(values, {rows, 4}),
                            {{"columns", join_names({"age", "price", "height", "one"})}}});
  return table;
}

}  // namespace

TEST_CASE("noise of one step keeps the numbers apart and the mean in place") {
  const std::size_t rows = 5000;
  const Table before = some_rows(rows);
  Table after = before;
  CHECK(jitter("all", 1, "f", &after) == "age by steps of 1, price by steps of 0.05");
  const auto x = before.find("/x")->array.to<double>(), y = after.find("/x")->array.to<double>();
  const std::vector<double> steps = {1, 0.05, 0, 0};
  for (std::size_t c = 0; c < 4; ++c) {
    double sum = 0, squares = 0, widest = 0;
    for (std::size_t i = c; i < x.size(); i += 4) {
      const double d = y[i] - x[i];
      sum += d;
      squares += d * d;
      widest = std::max(widest, std::abs(d));
    }
    const double n = static_cast<double>(rows), h = steps[c];
    CHECK(widest <= h / 2 * (1 + 1e-5));
    // Mean 0 and variance h^2 / 12 of a uniform number, within five standard errors.
    CHECK(std::abs(sum / n) <= 5 * h / std::sqrt(12 * n));
    CHECK(std::abs(squares / n - h * h / 12) <= 5 * h * h / std::sqrt(180 * n));
  }
}

TEST_CASE("steps are found among numbers far from 0, whatever the gaps between them") {
  // Hundredths from 11 on, as degrees of alcohol; float32 moves each by up to 5e-7.
  for (const std::size_t stride : {1, 7, 13, 30}) {
    std::vector<float> values;
    for (std::size_t i = 0; i < 400; ++i)
      values.push_back(static_cast<float>(1103 + stride * (i * i % 127)) / 100);
    Table table;
    table.datasets.push_back({"/x", Array::of(values, {400, 1}), {}});
    CHECK(jitter("1", 0, "f", &table) ==
          "1 by steps of " + short_number(0.01 * static_cast<double>(stride)));
  }
  // Hundredths that get rare far out: the gaps of the tails are thousands of steps.
  std::vector<float> tails;
  for (int i = -600; i <= 600; ++i)
    tails.push_back(static_cast<float>(std::round(1e-4 * i * i * i)) / 100);
  Table rare;
  rare.datasets.push_back({"/x", Array::of(tails, {tails.size(), 1}), {}});
  CHECK(jitter("1", 0, "f", &rare) == "1 by steps of 0.01");
  // Seconds since 1970, which float32 does not have.
  std::vector<double> seconds;
  for (std::size_t i = 0; i < 400; ++i) seconds.push_back(1.6e9 + static_cast<double>(i * i % 399));
  Table table;
  table.datasets.push_back({"/x", Array::of(seconds, {400, 1}), {}});
  CHECK(jitter("1", 0, "f", &table) == "1 by steps of 1");
}

TEST_CASE("numbers that were filled in get the noise, and do not hide the steps") {
  std::vector<float> values;
  for (std::size_t i = 0; i < 400; ++i)
    values.push_back(i % 10 == 0 ? 17.8125F : static_cast<float>(i % 37));
  Table hidden, told;
  hidden.datasets.push_back({"/x", Array::of(values, {400, 1}), {}});
  told = hidden;
  for (std::size_t i = 0; i < 400; i += 10) told.filled.push_back(i);
  CHECK(jitter("1", 0, "f", &hidden) == "1 by steps of 0.0625");
  CHECK(jitter("1", 0, "f", &told) == "1 by steps of 1");
  const auto x = told.find("/x")->array.to<float>();
  for (std::size_t i = 0; i < 400; i += 10) {
    CHECK(x[i] != 17.8125F);
    CHECK(std::abs(x[i] - 17.8125F) <= 0.5F);
  }
  Table joined = join_rows({told, told}, {"f", "g"});
  REQUIRE(joined.filled.size() == 80);
  CHECK(joined.filled[40] == 400);
}

TEST_CASE("the noise of a row depends on the seed, the row and the column alone") {
  Table few = some_rows(100), many = some_rows(1000), other = some_rows(100);
  for (Table* table : {&few, &many}) static_cast<void>(jitter("age,price", 3, "f", table));
  static_cast<void>(jitter("age,price", 4, "f", &other));
  const auto a = few.find("/x")->array.to<float>(), b = many.find("/x")->array.to<float>(),
             c = other.find("/x")->array.to<float>();
  CHECK(std::equal(a.begin(), a.end(), b.begin()));
  CHECK(a != c);
}

TEST_CASE("columns without steps are refused by their names") {
  Table table = some_rows(100);
  CHECK_THROWS_WITH(jitter("height", 0, "f", &table),
                    Catch::StartsWith("f: column height has no steps"));
  CHECK_THROWS_WITH(jitter("one", 0, "f", &table),
                    Catch::StartsWith("f: column one holds a single value"));
  CHECK_THROWS_WITH(jitter("weight", 0, "f", &table), Catch::Contains("no column \"weight\""));
}

TEST_CASE("whole numbers have a step of 1 as long as they are exact") {
  std::vector<float> values;
  for (std::size_t i = 0; i < 200000; ++i) values.push_back(static_cast<float>(i));
  Table table;
  table.datasets.push_back({"/x", Array::of(values, {values.size(), 1}), {}});
  CHECK(jitter("all", 0, "f", &table) == "1 by steps of 1");
}
