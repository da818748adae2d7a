// Statistics in files: our container and NumPy's, merging, and what is refused.
#include <catch2/catch.hpp>
#include <cmath>
#include <functional>

#include "base/error.hpp"
#include "base/random.hpp"
#include "complaint.hpp"
#include "eval/statistics_file.hpp"
#include "io/npz.hpp"
#include "temporary_file.hpp"

using namespace pushforward;
using Catch::Matchers::Contains;
using Catch::Matchers::EndsWith;

namespace {

struct NpzFile {
  TemporaryFile file;
  std::string path = file.path + ".npz";
  ~NpzFile() { std::filesystem::remove(path); }
};

const FeatureDescription features{"inception-2048", {{"weights", "0123abcd"}, {"resize", "clean"}}};

Statistics of_rows(std::size_t first, std::size_t count, Workers& workers) {
  std::vector<double> rows(count * 3);
  Random(1, Stream::data).fill_normal(rows.data(), count, 3, first);
  Statistics statistics(3);
  statistics.add(rows.data(), count, workers);
  return statistics;
}

StoredStatistics stored(const std::string& name, Statistics statistics,
                        const FeatureDescription& description = features) {
  return {name, description, statistics.count(), std::move(statistics), {}};
}

void check_near(const Statistics& a, const Statistics& b, double tolerance) {
  for (std::size_t i = 0; i < 3; ++i) {
    CHECK(a.mean()[i] == Approx(b.mean()[i]).margin(tolerance));
    for (std::size_t j = 0; j < 3; ++j)
      CHECK(a.scatter()(i, j) == Approx(b.scatter()(i, j)).margin(tolerance));
  }
}

}  // namespace

TEST_CASE("statistics come back from a container to the bit, with what they are of") {
  Workers workers(1);
  const Statistics x = of_rows(0, 100, workers);
  const TemporaryFile file;
  write_statistics(file.path, features, x, {});
  const StoredStatistics back = read_statistics(ContainerReader(file.path));
  CHECK(back.count == 100);
  CHECK(back.features.name == features.name);
  CHECK(back.features.details == features.details);
  check_near(back.statistics, x, 0);
}

TEST_CASE("statistics come back from an NPZ file") {
  Workers workers(1);
  const Statistics x = of_rows(0, 100, workers);
  const NpzFile file;
  write_statistics(file.path, features, x, {});
  const StoredStatistics back = read_npz_statistics(InputFile(file.path));
  CHECK(back.count == 100);
  CHECK(back.features.name.empty());
  check_near(back.statistics, x, 1e-12);
}

TEST_CASE("an NPZ file of another program has no number of rows") {
  const NpzFile file;
  const std::vector<float> sigma = {2, 1, 1, 3};
  write_npz(file.path, {{"/mu", Array::of(std::vector<float>{1, 2}, {2}), {}},
                        {"/sigma", Array::of(sigma, {2, 2}), {}}});
  const StoredStatistics back = read_npz_statistics(InputFile(file.path));
  CHECK_FALSE(back.count.has_value());
  CHECK(back.statistics.mean()[1] == 2);
  CHECK(back.statistics.total_variance() == Approx(5));
  CHECK_THAT(complaint([&] {
               static_cast<void>(merge_statistics({back, back}));
             }),
             Contains("does not say of how many rows it is"));
}

TEST_CASE("shards merge to the statistics of the whole") {
  Workers workers(1);
  const StoredStatistics merged =
      merge_statistics({stored("a", of_rows(0, 70, workers)), stored("b", of_rows(70, 1, workers)),
                        stored("c", of_rows(71, 29, workers))});
  CHECK(merged.count == 100);
  check_near(merged.statistics, of_rows(0, 100, workers), 1e-12);
}

TEST_CASE("shards of different features are refused") {
  Workers workers(1);
  FeatureDescription other = features;
  other.details[1].second = "bilinear";
  CHECK_THAT(complaint([&] {
               static_cast<void>(merge_statistics({stored("a", of_rows(0, 10, workers)),
                                                   stored("b", of_rows(10, 10, workers), other)}));
             }),
             Contains("a: has features inception-2048, weights 0123abcd, resize clean, and b has "
                      "inception-2048, weights 0123abcd, resize bilinear"));
  CHECK_THAT(complaint([&] {
               static_cast<void>(merge_statistics(
                   {stored("a", of_rows(0, 10, workers)), {"b", features, 9, Statistics(2), {}}}));
             }),
             Contains("b: rows have 2 numbers and those of a have 3"));
}

TEST_CASE("damaged statistics in a container are refused") {
  const auto complain = [](std::vector<double> scatter, const Shape& shape, std::int64_t count,
                           const std::string& name) {
    const TemporaryFile file;
    ContainerWriter writer(file.path, "stats", {});
    writer.write("/mean", Array::of(std::vector<double>{1, 2}, {2}));
    writer.write("/scatter", Array::of(scatter, shape));
    writer.set_integer("/", "count", count);
    if (!name.empty()) writer.set_text("/", "features", name);
    writer.commit();
    return complaint([&] { static_cast<void>(read_statistics(ContainerReader(file.path))); });
  };
  CHECK(complain({1, 0, 0, 1}, {2, 2}, 9, "identity") == "none");
  CHECK_THAT(complain({1, 0, 0, 1}, {2, 2}, 1, "identity"), Contains("attribute count"));
  CHECK_THAT(complain({1, 0, 0, 1}, {2, 2}, 9, ""), Contains("attribute features is missing"));
  CHECK_THAT(complain({1, 0, 0, 1}, {4}, 9, "identity"), EndsWith("it should be [2, 2]"));
  CHECK_THAT(complain({1, 0.5, 0, 1}, {2, 2}, 9, "identity"), Contains("not a symmetric matrix"));
  CHECK_THAT(complain({1, 0, 0, NAN}, {2, 2}, 9, "identity"),
             EndsWith("/scatter holds a number that is not finite"));
}

TEST_CASE("damaged statistics in an NPZ file are refused") {
  const auto complain = [](std::vector<NamedArray> members) {
    const NpzFile file;
    write_npz(file.path, members);
    return complaint([&] { static_cast<void>(read_npz_statistics(InputFile(file.path))); });
  };
  const NamedArray mu{"/mu", Array::of(std::vector<double>{1, 2}, {2}), {}};
  const auto sigma = [](std::vector<double> values, const Shape& shape) {
    return NamedArray{"/sigma", Array::of(values, shape), {}};
  };
  const auto n = [](double value) { return NamedArray{"/n", Array::of(&value, {}), {}}; };
  const NamedArray whole = sigma({1, 0, 0, 1}, {2, 2});
  CHECK(complain({mu, whole}) == "none");
  CHECK(complain({mu, whole, n(7)}) == "none");
  CHECK_THAT(complain({mu}), EndsWith("lacks the member sigma; statistics in an NPZ file are mu "
                                      "and sigma"));
  CHECK_THAT(complain({whole}), Contains("lacks the member mu"));
  CHECK_THAT(complain({mu, whole, n(1)}), Contains("n should be a whole number of at least 2"));
  CHECK_THAT(complain({mu, whole, n(7.5)}), Contains("n should be a whole number of at least 2"));
  CHECK_THAT(complain({mu, sigma({1, 0, 0}, {3})}), EndsWith("it should be [2, 2]"));
  CHECK_THAT(complain({mu, sigma({1, 0.1, 0, 1}, {2, 2})}), Contains("not a symmetric matrix"));
  CHECK_THAT(complain({mu, sigma({-1, 0, 0, 1}, {2, 2})}), Contains("diagonal of squares"));
  CHECK_THAT(complain({mu, sigma({1, 0, 0, INFINITY}, {2, 2})}), Contains("not finite"));
}
