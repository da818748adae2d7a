// Sets from files: rows and statistics, and what is refused.
#include <stdlib.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <cmath>
#include <filesystem>
#include <functional>

#include "base/error.hpp"
#include "base/random.hpp"
#include "eval/evaluation.hpp"
#include "temporary_file.hpp"

using namespace pushforward;
using Catch::Matchers::Contains;
using Catch::Matchers::EndsWith;

namespace {

void write(const std::string& path, const std::string& kind,
           const std::function<void(ContainerWriter&)>& fill) {
  ContainerWriter writer(path, kind, {});
  fill(writer);
  writer.commit();
}

std::vector<float> normal(std::size_t count, std::uint64_t seed) {
  std::vector<float> x(count);
  Random(seed, Stream::data).fill_normal(x.data(), 1, count, 0);
  return x;
}

FeatureSet read_rows(const Array& x, bool all_rows = true, bool statistics = true) {
  const TemporaryFile file;
  write(file.path, "tensors", [&](ContainerWriter& writer) { writer.write("/x", x); });
  Workers workers(1);
  return read_feature_set(file.path, all_rows, statistics, workers);
}

std::string complaint(const std::function<void()>& action) {
  try {
    action();
  } catch (const Error& error) {
    CHECK(error.exit_status() == 1);
    return error.what();
  }
  return "none";
}

std::string complaint_about(const Array& x) {
  return complaint([&] { static_cast<void>(read_rows(x)); });
}

}  // namespace

TEST_CASE("rows of any shape and type are read as rows of their numbers") {
  const FeatureSet images = read_rows(Array::of(normal(4 * 12, 1), {4, 1, 3, 4}));
  CHECK(images.count == 4);
  CHECK(images.dimension == 12);
  CHECK(images.rows(3, 11) == static_cast<double>(normal(48, 1)[47]));
  const FeatureSet bytes = read_rows(Array::of(std::vector<std::uint8_t>{0, 255, 7}, {3}));
  CHECK(bytes.dimension == 1);
  CHECK(bytes.rows(1, 0) == 255);
  CHECK(bytes.statistics->mean()[0] == Approx(262.0 / 3));
}

TEST_CASE("rows are kept only where they are needed") {
  const Array many = Array::of(normal(100, 1), {50, 2}), few = Array::of(normal(100, 1), {2, 50});
  CHECK_FALSE(read_rows(many, false, true).has_rows);
  CHECK(read_rows(few, false, true).has_rows);
  CHECK_FALSE(read_rows(few, false, false).has_rows);
  CHECK_FALSE(read_rows(many, true, false).statistics.has_value());
}

TEST_CASE("rows that no distance can be computed from are refused") {
  CHECK_THAT(complaint_about(Array::of(normal(2, 1), {1, 2})),
             EndsWith("/x has 1 row, a distance needs at least 2"));
  std::vector<float> x = normal(30, 1);
  x[17] = NAN;
  CHECK_THAT(complaint_about(Array::of(x, {10, 3})),
             EndsWith("/x row 5 holds NaN; rows must be finite"));
  x[17] = INFINITY;
  CHECK_THAT(complaint_about(Array::of(x, {15, 2})),
             EndsWith("/x row 8 holds an infinity; rows must be finite"));
  CHECK_THAT(complaint_about(Array::of(std::vector<double>{1e200, -1e200, 3e200}, {3, 1})),
             EndsWith("the covariance overflows, the numbers are too large"));
}

TEST_CASE("statistics in a file stand for the rows") {
  Workers workers(1);
  const FeatureSet x = read_rows(Array::of(normal(300, 1), {100, 3}));
  const FeatureSet y = read_rows(Array::of(normal(600, 2), {200, 3}));
  const TemporaryFile file;
  write(file.path, "stats", [&](ContainerWriter& writer) { write_statistics(&writer, y); });
  const FeatureSet back = read_feature_set(file.path, true, true, workers);
  CHECK(back.count == 200);
  CHECK_FALSE(back.has_rows);
  EvaluationSettings settings;
  settings.metrics = {"frechet"};
  const auto value = [&](const FeatureSet& other) {
    return evaluate_pair(x, other, settings, workers).values;
  };
  CHECK(value(back) == value(y));
  settings.metrics = {"frechet", "mmd"};
  CHECK_THAT(complaint([&] { static_cast<void>(value(back)); }),
             Contains("holds statistics alone, which do for --metrics frechet"));
}

TEST_CASE("damaged statistics are refused") {
  const auto complain = [](std::vector<double> scatter, const Shape& shape, std::int64_t count,
                           const std::string& features) {
    const TemporaryFile file;
    write(file.path, "stats", [&](ContainerWriter& writer) {
      writer.write("/mean", Array::of(std::vector<double>{1, 2}, {2}));
      writer.write("/scatter", Array::of(scatter, shape));
      writer.set_integer("/", "count", count);
      if (!features.empty()) writer.set_text("/", "features", features);
    });
    return complaint([&] {
      Workers workers(1);
      static_cast<void>(read_feature_set(file.path, false, true, workers));
    });
  };
  CHECK(complain({1, 0, 0, 1}, {2, 2}, 9, "identity") == "none");
  CHECK_THAT(complain({1, 0, 0, 1}, {2, 2}, 1, "identity"), Contains("attribute count"));
  CHECK_THAT(complain({1, 0, 0, 1}, {2, 2}, 9, ""), Contains("attribute features is missing"));
  CHECK_THAT(complain({1, 0, 0, 1}, {4}, 9, "identity"), EndsWith("it should be [2, 2]"));
  CHECK_THAT(complain({1, 0.5, 0, 1}, {2, 2}, 9, "identity"), Contains("not a symmetric matrix"));
  CHECK_THAT(complain({1, 0, 0, NAN}, {2, 2}, 9, "identity"),
             EndsWith("/scatter holds a number that is not finite"));
}

TEST_CASE("an evaluation says what entered, and warns of few rows") {
  Workers one(1), two(2);
  const FeatureSet x = read_rows(Array::of(normal(300, 1), {150, 2}));
  const FeatureSet y = read_rows(Array::of(normal(400, 2), {200, 2}));
  EvaluationSettings settings;
  settings.subset_size = 180;
  const Evaluation result = evaluate_pair(x, y, settings, one);
  const auto get = [](const Evaluation& from, const std::string& name) {
    for (const auto& [metric, value] : from.values)
      if (metric == name) return value;
    return std::nan("");
  };
  CHECK(get(result, "n_generated") == 150);
  CHECK(get(result, "n_reference") == 200);
  CHECK(get(result, "mmd_n_generated") == 150);
  CHECK(get(result, "mmd_n_reference") == 180);
  CHECK(get(result, "mmd_bandwidth") == Approx(1.665).epsilon(0.1));  // 2 sqrt(ln 2)
  CHECK(get(result, "sliced-wasserstein") > 0);
  CHECK(result.warnings.empty());
  CHECK(evaluate_pair(x, y, settings, two).values == result.values);
  const FeatureSet few = read_rows(Array::of(normal(40, 3), {4, 10}));
  const Evaluation warned = evaluate_pair(few, few, settings, one);
  REQUIRE(warned.warnings.size() == 2);
  CHECK_THAT(warned.warnings[0], Contains("the covariance of 4 rows in 10 dimensions is rank"));
  CHECK(get(warned, "frechet") < 1e-13);
  CHECK_THAT(complaint([&] { static_cast<void>(evaluate_pair(x, few, settings, one)); }),
             Contains("rows have 2 numbers and those of"));
  const FeatureSet same = read_rows(Array::of(std::vector<double>(8, 2.0), {4, 2}));
  CHECK_THAT(complaint([&] { static_cast<void>(evaluate_pair(x, same, settings, one)); }),
             Contains("all rows are equal"));
}
