#include <catch2/catch.hpp>
#include <cmath>

#include "base/random.hpp"
#include "nn/row_warnings.hpp"

using namespace pushforward;

namespace {

using Lines = std::vector<std::string>;

Lines row_warnings(const TrainingRows& rows) {
  return pushforward::row_warnings(rows, rows.columns);
}

// Rows of normal numbers of this location and scale.
TrainingRows normal_rows(std::size_t count, std::size_t columns, float location = 0,
                         float scale = 1) {
  TrainingRows rows;
  rows.columns = columns;
  rows.values.resize(count * columns);
  Random(5, Stream::data).fill_normal(rows.values.data(), count, columns, 0);
  for (float& value : rows.values) value = location + scale * value;
  return rows;
}

float& at(TrainingRows* rows, std::size_t row, std::size_t column) {
  return rows->values[row * rows->columns + column];
}

const std::string discrete =
    ": a density over such values has no bound; tensor-import --jitter adds noise as wide as the "
    "steps between them";
const std::string dependent =
    " are equal up to scale and shift: rows on a plane have no density; leave one of a pair out";

}  // namespace

TEST_CASE("continuous rows give no warning", "[row_warnings]") {
  for (const std::size_t count : std::vector<std::size_t>{2, 3, 7, 8, 50, 1000, 20000}) {
    CHECK(row_warnings(normal_rows(count, 3)).empty());
    CHECK(row_warnings(normal_rows(count, 3, 0, 1e-20F)).empty());
    CHECK(row_warnings(normal_rows(count, 3, 0, 3e4F)).empty());
    // Nearly all of these are whole, because float32 has no finer numbers there.
    CHECK(row_warnings(normal_rows(count, 3, 0, 1e9F)).empty());
    CHECK(row_warnings(normal_rows(count, 3, 0, 1e30F)).empty());
  }
  // Fifty standardised rows, as a person would hand in.
  CHECK(row_warnings(normal_rows(50, 60)).empty());
  CHECK(row_warnings(TrainingRows{}).empty());
}

TEST_CASE("discrete columns are named", "[row_warnings]") {
  const auto rounded = [](std::size_t count, float scale, float steps) {
    TrainingRows rows = normal_rows(count, 4);
    for (std::size_t r = 0; r < count; ++r)
      at(&rows, r, 3) = std::floor(scale * std::abs(at(&rows, r, 3))) / steps;
    return rows;
  };
  for (const std::size_t count : std::vector<std::size_t>{10, 50, 5000})
    for (const float scale : {1.5F, 5.0F, 100.0F}) {
      INFO(count << " rows, scale " << scale);
      const Lines lines = row_warnings(rounded(count, scale, 1));
      REQUIRE(lines.size() == 1);
      CHECK(lines[0].find("column 3 holds ") == 0);
    }
  // Bytes as fractions, which are not whole.
  CHECK(row_warnings(rounded(2000, 60, 255)).size() == 1);
  TrainingRows rows = normal_rows(1000, 4);
  for (std::size_t r = 0; r < rows.count(); ++r) at(&rows, r, 3) = static_cast<float>(r % 17);
  CHECK(row_warnings(rows) == Lines{"column 3 holds only 17 distinct values" + discrete});
  for (std::size_t r = 0; r < rows.count(); ++r) at(&rows, r, 3) = static_cast<float>(7 * r);
  CHECK(row_warnings(rows) == Lines{"column 3 holds whole numbers only" + discrete});
  // One value that is not whole, in a row that no sample need look at.
  rows = normal_rows(100000, 1);
  for (std::size_t r = 0; r < rows.count(); ++r) at(&rows, r, 0) = static_cast<float>(r % 60000);
  CHECK(row_warnings(rows).size() == 1);
  at(&rows, 3, 0) = 0.5F;
  CHECK(row_warnings(rows).empty());
  // Seven rows are too few to judge.
  rows = normal_rows(7, 2);
  for (std::size_t r = 0; r < rows.count(); ++r) at(&rows, r, 1) = static_cast<float>(r % 2);
  CHECK(row_warnings(rows).empty());
}

TEST_CASE("columns that depend on another are named", "[row_warnings]") {
  TrainingRows rows = normal_rows(3000, 6);
  for (std::size_t r = 0; r < rows.count(); ++r) at(&rows, r, 5) = -3 * at(&rows, r, 2) + 40;
  CHECK(row_warnings(rows) == Lines{"columns 2 and 5" + dependent});
  for (std::size_t r = 0; r < rows.count(); ++r) at(&rows, r, 0) = at(&rows, r, 2);
  CHECK(row_warnings(rows) == Lines{"columns 0 and 2, 0 and 5" + dependent});
  // Noise of a hundredth of the deviation is a volume; correlation 1 - 5e-5.
  rows = normal_rows(3000, 6);
  for (std::size_t r = 0; r < rows.count(); ++r)
    at(&rows, r, 5) = at(&rows, r, 2) + 0.01F * at(&rows, r, 1);
  CHECK(row_warnings(rows).empty());
}

TEST_CASE("columns that only seem to depend in a sample are not named", "[row_warnings]") {
  // 20000 rows, of which every fifth or so is looked at; a peak in row 0 is seen, the others
  // differ.
  TrainingRows rows = normal_rows(20000, 2, 0, 1e-6F);
  at(&rows, 0, 0) = at(&rows, 0, 1) = 1000;
  CHECK(row_warnings(rows).size() == 1);
  at(&rows, 1, 0) = 1000;
  CHECK(row_warnings(rows).empty());
}

TEST_CASE("many columns make one line", "[row_warnings]") {
  TrainingRows rows = normal_rows(500, 784);
  for (std::size_t r = 0; r < rows.count(); ++r)
    for (std::size_t c = 0; c < rows.columns; ++c)
      at(&rows, r, c) = c < 10 ? 1.5F : std::round(100 * at(&rows, r, c));
  const Lines lines = row_warnings(rows);
  REQUIRE(lines.size() == 2);
  CHECK(lines[0] == "columns 0, 1, 2 and 7 more are constant: a density has no finite value there");
  CHECK(lines[1] == "columns 10, 11, 12 and 771 more hold discrete values" + discrete);
  for (std::size_t r = 0; r < rows.count(); ++r)
    for (std::size_t c = 1; c < rows.columns; ++c) at(&rows, r, c) = at(&rows, r, 783) + 0.25F;
  CHECK(row_warnings(rows).back() ==
        "columns 1 and 2, 1 and 3, 1 and 4 and 779 more pairs" + dependent);
}

TEST_CASE("one row is constant", "[row_warnings]") {
  const Lines lines = row_warnings(normal_rows(1, 2));
  REQUIRE(lines.size() == 1);
  CHECK(lines[0].find("columns 0 and 1 are constant") == 0);
}

TEST_CASE("columns of a context are not judged", "[row_warnings]") {
  TrainingRows rows = normal_rows(100, 4);
  for (std::size_t r = 0; r < rows.count(); ++r) {
    at(&rows, r, 2) = static_cast<float>(r % 2);
    at(&rows, r, 3) = at(&rows, r, 0);
  }
  CHECK(row_warnings(rows).size() == 2);
  CHECK(pushforward::row_warnings(rows, 2).empty());
  CHECK(pushforward::row_warnings(rows, 3).size() == 1);
}

TEST_CASE("columns that are passed over are not judged", "[row_warnings]") {
  TrainingRows rows = normal_rows(1000, 4);
  for (std::size_t r = 0; r < 1000; ++r) {
    at(&rows, r, 1) = 7;
    at(&rows, r, 2) = 3 * at(&rows, r, 0);
    at(&rows, r, 3) = std::floor(at(&rows, r, 3));
  }
  CHECK(row_warnings(rows).size() == 3);
  CHECK(pushforward::row_warnings(rows, 4, {0, 1, 1, 1}).empty());
  CHECK(pushforward::row_warnings(rows, 4, {0, 0, 1, 1}) ==
        Lines{"column 1 is constant: a density has no finite value there"});
}

TEST_CASE("a row that makes a column's deviation is named", "[row_warnings]") {
  TrainingRows rows = normal_rows(1000, 3);
  CHECK(outlier_warnings(rows, 3).empty());
  at(&rows, 17, 1) = 1e6F;
  rows.origin = {0, 2e6, 0};
  CHECK(outlier_warnings(rows, 1).empty());
  const Lines one = outlier_warnings(rows, 3);
  REQUIRE(one.size() == 1);
  CHECK(one[0].find("column 1: row 17 is 3e+06 and makes the standard deviation 3.16e+04") == 0);
  at(&rows, 999, 2) = -1e9F;
  CHECK(outlier_warnings(rows, 3)[0].find("(1 more columns have such a row)") != std::string::npos);
  CHECK(outlier_warnings(normal_rows(20, 3), 3).empty());
}
