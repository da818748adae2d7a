// Sets from files: rows and statistics, what is kept of them, and what is refused.
#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <functional>

#include "base/error.hpp"
#include "base/random.hpp"
#include "complaint.hpp"
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

FeatureSet gathered(const Array& x, const Gathering& gathering) {
  const TemporaryFile file;
  write(file.path, "tensors", [&](ContainerWriter& writer) { writer.write("/x", x); });
  Workers workers(1);
  return gather(identity_features(ContainerReader(file.path)), gathering, {}, workers);
}

Gathering everything() {
  Gathering gathering;
  gathering.statistics = gathering.all_rows = true;
  return gathering;
}

std::string complaint_about(const Array& x) {
  return complaint([&] { static_cast<void>(gathered(x, everything())); });
}

// Two sets from files, as fid-eval compares them.
Evaluation evaluated(const std::string& generated, const std::string& reference,
                     EvaluationSettings settings, Workers& workers) {
  const FeatureReader reader({}, false, &workers);
  const OpenSet a = reader.open(generated), b = reader.open(reference);
  if (settings.metrics.empty()) settings.metrics = fitting_metrics(a, b);
  require_fitting(a, b, settings);
  const auto [first, second] = gatherings_for(a, b, settings);
  const auto set = [&](const OpenSet& open, const Gathering& gathering) {
    return open.statistics ? statistics_set(*open.statistics)
                           : gather(*open.source, gathering, {}, workers);
  };
  return evaluate_pair(set(a, first), set(b, second), settings, workers);
}

struct Rows {
  TemporaryFile file;
  explicit Rows(const Array& x) {
    write(file.path, "tensors", [&](ContainerWriter& writer) { writer.write("/x", x); });
  }
};

double value_of(const Evaluation& from, const std::string& name) {
  for (const auto& [metric, value] : from.values)
    if (metric == name) return value;
  return std::nan("");
}

}  // namespace

TEST_CASE("rows of any shape and type are read as rows of their numbers") {
  const FeatureSet images = gathered(Array::of(normal(4 * 12, 1), {4, 1, 3, 4}), everything());
  CHECK(images.count == 4);
  CHECK(images.dimension == 12);
  CHECK(images.rows(3, 11) == static_cast<double>(normal(48, 1)[47]));
  const FeatureSet bytes =
      gathered(Array::of(std::vector<std::uint8_t>{0, 255, 7}, {3}), everything());
  CHECK(bytes.dimension == 1);
  CHECK(bytes.rows(1, 0) == 255);
  CHECK(bytes.statistics->mean()[0] == Approx(262.0 / 3));
}

TEST_CASE("rows are kept only where they are needed") {
  const Array many = Array::of(normal(100, 1), {50, 2}), few = Array::of(normal(100, 1), {2, 50});
  Gathering gathering;
  CHECK(gathered(few, gathering).row_numbers.empty());
  CHECK_FALSE(gathered(many, gathering).statistics.has_value());
  gathering.statistics = true;
  CHECK(gathered(many, gathering).row_numbers.empty());
  CHECK(gathered(few, gathering).all_rows);
  gathering.rows = {3, 4, 49};
  const FeatureSet some = gathered(many, gathering);
  CHECK_FALSE(some.all_rows);
  CHECK(some.row_numbers == gathering.rows);
  CHECK(some.rows(0, 0) == static_cast<double>(normal(100, 1)[6]));
  CHECK(some.rows(2, 1) == static_cast<double>(normal(100, 1)[99]));
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

TEST_CASE("an evaluation says what entered, and warns of few rows") {
  Workers one(1), two(2);
  const Rows x(Array::of(normal(300, 1), {150, 2})), y(Array::of(normal(400, 2), {200, 2}));
  EvaluationSettings settings;
  settings.subset_size = 180;
  const Evaluation result = evaluated(x.file.path, y.file.path, settings, one);
  CHECK(value_of(result, "n_generated") == 150);
  CHECK(value_of(result, "n_reference") == 200);
  CHECK(value_of(result, "mmd_n_generated") == 150);
  CHECK(value_of(result, "mmd_n_reference") == 180);
  CHECK(value_of(result, "mmd_bandwidth") == Approx(1.665).epsilon(0.1));  // 2 sqrt(ln 2)
  CHECK(value_of(result, "sliced-wasserstein") > 0);
  CHECK(result.warnings.empty());
  CHECK(evaluated(x.file.path, y.file.path, settings, two).values == result.values);
  const Rows few(Array::of(normal(40, 3), {4, 10}));
  const Evaluation warned = evaluated(few.file.path, few.file.path, settings, one);
  REQUIRE(warned.warnings.size() == 2);
  CHECK_THAT(warned.warnings[0], Contains("the covariance of 4 rows in 10 dimensions is rank"));
  CHECK(value_of(warned, "frechet") < 1e-13);
  CHECK_THAT(complaint([&] { evaluated(x.file.path, few.file.path, settings, one); }),
             Contains("rows have 2 numbers and those of"));
  const Rows same(Array::of(std::vector<double>(8, 2.0), {4, 2}));
  CHECK_THAT(complaint([&] { evaluated(x.file.path, same.file.path, settings, one); }),
             Contains("all rows are equal"));
}

TEST_CASE("every metric of two sets of one law, and of two different ones") {
  Workers workers(2);
  std::vector<float> shifted = normal(6000, 3);
  for (float& v : shifted) v += 4;
  const Rows x(Array::of(normal(6000, 1), {1500, 4})), y(Array::of(normal(6000, 2), {1500, 4})),
      z(Array::of(shifted, {1500, 4}));
  EvaluationSettings settings;
  for (const std::string& metric : metric_names())
    if (metric != "is") settings.metrics.push_back(metric);
  settings.subset_size = 500;
  settings.subsets = 20;
  settings.jackknife = 10;
  settings.extrapolate = true;
  const Evaluation near = evaluated(x.file.path, y.file.path, settings, workers);
  const Evaluation far = evaluated(z.file.path, y.file.path, settings, workers);
  // The means differ by 4 in each of four directions: 64.
  CHECK(value_of(near, "frechet") < 0.05);
  CHECK(value_of(far, "frechet") == Approx(64).epsilon(0.05));
  CHECK(std::abs(value_of(far, "frechet") - 64) < 5 * value_of(far, "frechet_stderr") + 0.1);
  CHECK(value_of(far, "frechet_extrapolated") == Approx(64).epsilon(0.05));
  CHECK(value_of(near, "kid") < 0.05);
  CHECK(value_of(far, "kid") > 1);
  CHECK(value_of(near, "kid_stderr") < value_of(near, "kid_deviation"));
  for (const char* metric : {"precision", "recall", "coverage"}) {
    CHECK(value_of(near, metric) > 0.8);
    CHECK(value_of(far, metric) < 0.2);
  }
  CHECK(value_of(near, "density") == Approx(1).margin(0.15));
  CHECK(value_of(far, "density") < 0.1);
  CHECK(value_of(near, "kid_subset_size") == 500);
}

TEST_CASE("metrics that the sets cannot have are refused by name") {
  Workers workers(1);
  const Rows x(Array::of(normal(300, 1), {150, 2}));
  EvaluationSettings settings;
  settings.metrics = {"is"};
  CHECK_THAT(complaint([&] { evaluated(x.file.path, x.file.path, settings, workers); }),
             Contains("is needs " + setting("features") + " inception"));
}

TEST_CASE("metrics that nobody chose are those that every pair of such sets has") {
  Workers workers(1);
  const FeatureReader reader({}, false, &workers);
  const Rows rows(Array::of(std::vector<float>{0, 1, 2, 3, 5, 8}, {3, 2}));
  const OpenSet set = reader.open(rows.file.path);
  CHECK(fitting_metrics(set, set) ==
        std::vector<std::string>{"frechet", "mmd", "sliced-wasserstein"});
}
