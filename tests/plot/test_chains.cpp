// Chains and paths are read alike from every layout, within limits, and pictures of them are laid
// out as they should be.
#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <limits>
#include <map>

#include "base/error.hpp"
#include "base/random.hpp"
#include "eval/mcmc_diagnostics.hpp"
#include "plot/chains.hpp"
#include "plot/paths.hpp"
#include "plot/plot.hpp"
#include "plot/rhat_curves.hpp"
#include "temporary_file.hpp"

using namespace pushforward;

namespace {

constexpr ChainLimits no_limits = {1000, 1u << 30, 1000};

// Draw d of chain c is (1000 c + d, -(1000 c + d), ...), steps are 5 d.
struct ChainFile {
  std::size_t chains = 3, draws = 40, columns = 2;
  bool trajectory = false;
  double attribute = 0;    // the chains it says it holds; 0: as many as there are
  bool constant = false;   // every number 7
  float first_number = 0;  // in place of the first
};

void write_chains(const std::string& path, const ChainFile& file) {
  std::vector<float> x;
  for (std::size_t c = 0; c < file.chains; ++c)
    for (std::size_t d = 0; d < file.draws; ++d)
      for (std::size_t k = 0; k < file.columns; ++k)
        x.push_back(file.constant ? 7.0f
                                  : static_cast<float>(1000 * c + d) * (k % 2 == 0 ? 1.0f : -1.0f));
  if (file.first_number != 0) x[0] = file.first_number;
  ContainerWriter writer(path, "tensors", {});
  if (file.trajectory) {
    std::vector<std::int64_t> steps;
    for (std::size_t d = 0; d < file.draws; ++d) steps.push_back(static_cast<std::int64_t>(5 * d));
    writer.write("/x", Array::of(x, {file.chains, file.draws, file.columns}));
    writer.write("/trajectory/step", Array::of(steps, {file.draws}));
  } else {
    writer.write("/x", Array::of(x, {file.chains * file.draws, file.columns}));
    writer.set_number("/", "chains",
                      file.attribute != 0 ? file.attribute : static_cast<double>(file.chains));
  }
  writer.commit();
}

template <class Action>
std::string refusal(const Action& action) {
  try {
    action();
  } catch (const Error& error) {
    return error.what();
  }
  return "";
}

std::vector<std::byte> picture(const std::string& kind, const std::string& file) {
  PlotOptions options;
  options.kind = kind;
  options.inputs = {file};
  return draw_plot(options);
}

}  // namespace

TEST_CASE("chains are read alike from rows and from a trajectory", "[chains]") {
  const TemporaryFile rows, trajectory;
  // Blocks of a million numbers do not hold these chains.
  write_chains(rows.path, {3, 300000, 4, false});
  write_chains(trajectory.path, {3, 300000, 4, true});
  const ChainLimits limits = {2, 20000, 3};
  const Chains a = read_chains(RowReader(rows.path), "", limits, "trace");
  const Chains b = read_chains(RowReader(trajectory.path), "", limits, "trace");
  CHECK(a.values == b.values);
  CHECK(a.columns == std::vector<std::size_t>{0, 1, 2});
  REQUIRE(a.count == 2);
  REQUIRE(a.places.size() == 10000);
  CHECK(a.places[7] == 211);   // counted from 1
  CHECK(b.places[7] == 1050);  // a step
  CHECK(a.values[0][7] == 210);
  CHECK(a.values[1][10000 + 7] == -2210);  // of the first and the last chain
  const Chains one = read_chains(RowReader(rows.path), "3", limits, "trace");
  CHECK(one.columns == std::vector<std::size_t>{3});
  CHECK(one.values[0] == a.values[1]);
}

TEST_CASE("nothing is thinned that has room", "[chains]") {
  const TemporaryFile file;
  write_chains(file.path, {5, 7, 2, false});
  const Chains chains = read_chains(RowReader(file.path), "", no_limits, "trace");
  CHECK(chains.count == 5);
  CHECK(chains.places == std::vector<double>{1, 2, 3, 4, 5, 6, 7});
  REQUIRE(chains.values[0].size() == 35);
  for (std::size_t i = 0; i < 35; ++i)
    CHECK(chains.values[0][i] == static_cast<double>(1000 * (i / 7) + i % 7));
}

TEST_CASE("what holds no chains is refused", "[chains]") {
  const TemporaryFile file;
  const auto trace = [&](const ChainFile& chains, const std::string& column = "") {
    write_chains(file.path, chains);
    return refusal(
        [&] { static_cast<void>(read_chains(RowReader(file.path), column, no_limits, "trace")); });
  };
  ChainFile chains;
  CHECK(trace(chains, "2") ==
        file.path + ": " + setting("x_column") +
            " 2: there is no such column; rows have 2 numbers, columns 0 to 1");
  chains.attribute = 7;
  CHECK_THAT(trace(chains), Catch::Contains("120 rows, which are not as many for each"));
  for (const double wrong : {-3.0, 2.5, 1e30, std::numeric_limits<double>::quiet_NaN()}) {
    chains.attribute = wrong;
    CHECK_THAT(trace(chains), Catch::Contains("not as many"));
  }
  CHECK_THAT(trace({4, 1, 2, false}), Catch::Contains("4 chains of one row each"));
  CHECK_THAT(trace({1, 1, 2, true}), Catch::Contains("1 chain of one state each"));
  chains = {};
  chains.first_number = 2e30f;
  CHECK(trace(chains).empty());
  chains.first_number = std::numeric_limits<float>::infinity();
  CHECK_THAT(trace(chains), Catch::Contains("row 0"));
  {
    ContainerWriter writer(file.path, "tensors", {});
    writer.write("/x", Array::of(std::vector<float>(12), {6, 2}));
    writer.commit();
  }
  CHECK_THAT(refusal([&] { static_cast<void>(picture("rhat", file.path)); }),
             Catch::Contains("no attribute chains"));
  write_chains(file.path, {2, 7, 2, false});
  CHECK_THAT(refusal([&] { static_cast<void>(picture("rhat", file.path)); }),
             Catch::Contains("7 draws of a chain; R-hat needs 8"));
  chains = {};
  chains.constant = true;
  write_chains(file.path, chains);
  CHECK_THAT(refusal([&] { static_cast<void>(picture("rhat", file.path)); }),
             Catch::Contains("the chains stand still"));
  CHECK(!picture("trace", file.path).empty());
}

TEST_CASE("R-hat against draws is that of the draws so far", "[chains]") {
  const TemporaryFile file;
  const std::size_t length = 150;
  std::vector<double> x(2 * length);
  Random(2, Stream::data).fill_normal(x.data(), x.size(), 1, 0);
  {
    ContainerWriter writer(file.path, "tensors", {});
    writer.write("/x", Array::of(x, {2 * length, 1}));
    writer.set_integer("/", "chains", 2);
    writer.commit();
  }
  const RhatCurves curves = read_rhat_curves(RowReader(file.path), "");
  REQUIRE(curves.values.size() == 1);
  REQUIRE(curves.values[0].size() == curves.places.size());
  CHECK(curves.places.front() == 8);
  CHECK(curves.places.back() == length);
  CHECK(curves.places.size() > 50);
  for (std::size_t i = 0; i < curves.places.size(); ++i) {
    const auto count = static_cast<std::ptrdiff_t>(curves.places[i]);
    std::vector<double> draws(x.begin(), x.begin() + count);
    draws.insert(draws.end(), x.begin() + length, x.begin() + length + count);
    CHECK(curves.values[0][i] == rank_normalized_rhat(draws, 2));
  }
}

TEST_CASE("pictures of many chains and draws", "[chains]") {
  const TemporaryFile file;
  for (const ChainFile& chains : {ChainFile{20000, 9, 2, true}, {1, 2000000, 1, false}}) {
    write_chains(file.path, chains);
    CHECK(!picture("trace", file.path).empty());
    CHECK(!picture("rhat", file.path).empty());
  }
}

TEST_CASE("a thinned line keeps the extremes of every pixel", "[chains]") {
  const std::size_t size = 10000, pixels = 100;
  std::vector<double> x(size), y(size);
  Random(1, Stream::data).fill_normal(y.data(), size, 1, 0);
  for (std::size_t i = 0; i < size; ++i) x[i] = 3 * static_cast<double>(i);
  std::vector<double> thin_x = x, thin_y = y;
  thin_line(pixels, &thin_x, &thin_y);
  CHECK(thin_x.size() == thin_y.size());
  CHECK(thin_x.size() <= 2 * pixels + 1);
  CHECK(std::is_sorted(thin_x.begin(), thin_x.end()));
  using Extremes = std::map<int, std::pair<double, double>>;
  const auto extremes = [&](const std::vector<double>& at, const std::vector<double>& values) {
    Extremes result;
    for (std::size_t i = 0; i < at.size(); ++i) {
      const int pixel = static_cast<int>(at[i] / x.back() * static_cast<double>(pixels));
      const auto place = result.emplace(pixel, std::make_pair(values[i], values[i])).first;
      place->second.first = std::min(place->second.first, values[i]);
      place->second.second = std::max(place->second.second, values[i]);
    }
    return result;
  };
  CHECK(extremes(thin_x, thin_y) == extremes(x, y));
  for (std::size_t i = 0; i < thin_x.size(); ++i)
    CHECK(thin_y[i] == y[static_cast<std::size_t>(thin_x[i] / 3)]);
  thin_x = x;
  thin_y = y;
  thin_line(size / 4, &thin_x, &thin_y);
  CHECK(thin_y == y);
}

TEST_CASE("paths are read alike from both layouts of a trajectory", "[paths]") {
  const std::size_t rows = 50000, frames = 30;
  const TemporaryFile first, second;
  // Row r in frame f is at (10 r + f, f).
  const auto write = [&](const std::string& file, bool frames_first) {
    std::vector<float> x;
    for (std::size_t i = 0; i < rows * frames; ++i) {
      const std::size_t f = frames_first ? i / rows : i % frames;
      const std::size_t r = frames_first ? i % rows : i / frames;
      x.push_back(static_cast<float>(10 * r + f));
      x.push_back(static_cast<float>(f));
    }
    ContainerWriter writer(file, "tensors", {});
    writer.write("/x",
                 Array::of(x, frames_first ? Shape{frames, rows, 2} : Shape{rows, frames, 2}));
    writer.write(frames_first ? "/step" : "/trajectory/step",
                 Array::of(std::vector<std::int64_t>(frames, 0), {frames}));
    writer.commit();
  };
  write(first.path, true);
  write(second.path, false);
  const PathLimits limits = {3, 7, 40, 10};
  const Paths a = read_paths(RowReader(first.path), {}, limits);
  const Paths b = read_paths(RowReader(second.path), {}, limits);
  CHECK(a.end_x == b.end_x);
  CHECK(a.end_y == std::vector<double>(rows, frames - 1.0));
  CHECK(a.end_y == b.end_y);
  CHECK(a.end_x[17] == 199);
  REQUIRE(a.paths.size() == 4);  // of 40 points, 10 a path
  REQUIRE(b.paths.size() == 4);
  for (std::size_t i = 0; i < 4; ++i) {
    CHECK(a.paths[i].x == b.paths[i].x);
    CHECK(a.paths[i].y == b.paths[i].y);
    CHECK(a.paths[i].x.size() == 10);
    CHECK(a.paths[i].y.back() == frames - 1);
  }
  CHECK(a.paths[0].x[0] == 0);
  CHECK(a.paths[3].x[0] == 10 * (rows - 1));
  CHECK(read_paths(RowReader(first.path), {}, {3, 7, 1, 10}).paths.size() == 3);
  CHECK(read_paths(RowReader(first.path), {}, {3, 7, 1000, 10}).paths.size() == 7);
  const Paths turned = read_paths(RowReader(second.path), {"1", "0", false}, limits);
  CHECK(turned.end_x == a.end_y);
  CHECK(turned.paths[2].y == a.paths[2].x);
  CHECK_THROWS_WITH(read_paths(RowReader(second.path), {"0", "2", false}, limits),
                    Catch::Contains(setting("y_column") + " 2: there is no such column"));
}
