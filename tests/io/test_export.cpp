#include <zlib.h>

#include <catch2/catch.hpp>
#include <cmath>
#include <filesystem>
#include <limits>

#include "base/error.hpp"
#include "io/export.hpp"
#include "io/failing_calls.hpp"
#include "io/import.hpp"
#include "io/png.hpp"
#include "io/summary.hpp"
#include "io/temporary_folder.hpp"

using namespace pushforward;
using namespace pushforward::testing;

namespace {

void write(const std::string& file, const std::vector<NamedArray>& datasets) {
  Table table;
  table.datasets = datasets;
  ContainerWriter writer(file, "tensors", {});
  write_table(table, &writer);
  writer.commit();
}

}  // namespace

TEST_CASE("text comes back as the same numbers") {
  const TemporaryFolder folder;
  const float smallest = std::numeric_limits<float>::denorm_min();
  const std::vector<float> x = {0.1f, -1e30f, smallest, 16777216, 1.0f / 3, -0.0f};
  write(folder / "f.h5", {{"/x", Array::of(x, {3, 2}), {{"columns", "a,b"}}},
                          {"/label", Array::of(std::vector<std::int64_t>{7, -8, 9}, {3}), {}},
                          {"/other", Array::of(std::vector<float>{1, 2}, {2}), {}}});
  export_text(ContainerReader(folder / "f.h5"), {}, {}, ',', folder / "f.csv");
  CHECK(bytes_of(folder / "f.csv").substr(0, 23) == "a,b,label\n0.1,-1e+30,7\n");
  ImportOptions options;
  options.csv.label_column = "label";
  const Table back = import_files({folder / "f.csv"}, options).table;
  CHECK(back.find("/x")->array.to<float>() == x);
  CHECK(back.find("/label")->array.to<int>() == std::vector<int>{7, -8, 9});

  export_text(ContainerReader(folder / "f.h5"), {"label", "/x"}, {RowRange::parse("1:2"), ""}, '\t',
              folder / "f.tsv");
  CHECK(bytes_of(folder / "f.tsv") == "label\ta\tb\n-8\t1e-45\t16777216\n");
  CHECK_THROWS_WITH(export_text(ContainerReader(folder / "f.h5"), {"x", "other"}, {}, ',', "-"),
                    Catch::Contains("/other has 2 rows"));
  CHECK_THROWS_WITH(
      export_text(ContainerReader(folder / "f.h5"), {}, {RowRange::parse("2:9"), ""}, ',', "-"),
      Catch::Contains("has 3 rows"));
}

TEST_CASE("names of columns") {
  const TemporaryFolder folder;
  write(folder / "f.h5", {{"/x", Array::make(ElementType::uint8, {1, 1, 2, 2}), {}}});
  export_text(ContainerReader(folder / "f.h5"), {}, {}, ',', folder / "f.csv");
  CHECK(bytes_of(folder / "f.csv") == "x_0_0_0,x_0_0_1,x_0_1_0,x_0_1_1\n0,0,0,0\n");
  write(folder / "f.h5",
        {{"/x", Array::make(ElementType::uint8, {1, 2}), {{"columns", "a b,\"q"}}}});
  export_text(ContainerReader(folder / "f.h5"), {}, {}, ',', folder / "f.csv");
  CHECK(bytes_of(folder / "f.csv") == "a b,\"\"\"q\"\n0,0\n");
}

TEST_CASE("ranges of rows") {
  CHECK(RowRange::parse("3:").first == 3);
  CHECK(RowRange::parse(":5").end_of(9, "f") == 5);
  CHECK(RowRange::parse(":").end_of(9, "f") == 9);
  for (const char* wrong : {"", "3", "a:b", "3:3", "5:2", "-1:3", "1:2:3", "1 :2"})
    CHECK_THROWS_AS(RowRange::parse(wrong), Error);
  CHECK_THROWS_AS(RowRange::parse("9:").end_of(9, "f"), Error);
  CHECK_THROWS_AS(RowRange{}.end_of(0, "f"), Error);
}

TEST_CASE("NPY comes back") {
  const TemporaryFolder folder;
  std::vector<double> x(50000);
  for (std::size_t i = 0; i < x.size(); ++i) x[i] = static_cast<double>(i);
  write(folder / "f.h5", {{"/x", Array::of(x, {10000, 5}), {}}});
  export_npy(ContainerReader(folder / "f.h5"), {RowRange::parse("10:"), ""}, folder / "f.npy");
  const Table back = import_files({folder / "f.npy"}, {}).table;
  CHECK(back.find("/x")->array.shape == Shape{9990, 5});
  CHECK(back.find("/x")->array.to<double>() == std::vector<double>(x.begin() + 50, x.end()));
}

TEST_CASE("a PNG holds the pixels it was made of") {
  const TemporaryFolder folder;
  for (int channels : {1, 3}) {
    std::vector<std::uint8_t> pixels(static_cast<std::size_t>(37 * 23 * channels));
    for (std::size_t i = 0; i < pixels.size(); ++i)
      pixels[i] = static_cast<std::uint8_t>(i * i / 7);
    const std::vector<std::byte> png = encode_png(pixels.data(), 37, 23, channels);
    CHECK(png == encode_png(pixels.data(), 37, 23, channels));
    write_bytes(folder / "f.png",
                std::string(reinterpret_cast<const char*>(png.data()), png.size()));
    const Table back = import_files({folder / "f.png"}, {}).table;
    const std::vector<std::uint8_t> planes = back.find("/x")->array.to<std::uint8_t>();
    bool equal = planes.size() == pixels.size();
    for (std::size_t c = 0, area = 37 * 23; equal && c < static_cast<std::size_t>(channels); ++c)
      for (std::size_t i = 0; i < area; ++i)
        equal = equal && planes[c * area + i] == pixels[i * static_cast<std::size_t>(channels) + c];
    CHECK(equal);
  }
}

TEST_CASE("a PNG may be as high as wanted, and needs memory") {
  const TemporaryFolder folder;
  const std::vector<std::uint8_t> pixels(1200000, 7);
  const std::vector<std::byte> png = encode_png(pixels.data(), 1, 1200000, 1);
  write_bytes(folder / "f.png", std::string(reinterpret_cast<const char*>(png.data()), png.size()));
  CHECK(import_files({folder / "f.png"}, {}).table.find("/x")->array.to<std::uint8_t>() == pixels);
  int failures = 0;
  std::vector<std::byte> made;
  while (made.empty()) {
    arm(Fault::allocation, failures + 1);
    try {
      made = encode_png(pixels.data(), 20, 30, 3);
    } catch (const std::bad_alloc&) {
      ++failures;
    }
    disarm();
    REQUIRE(failures < 100);
  }
  CHECK(failures > 3);
  CHECK(made == encode_png(pixels.data(), 20, 30, 3));
}

TEST_CASE("tiles, and what is black and white") {
  const TemporaryFolder folder;
  const auto tiles = [&](const std::vector<float>& values, const Shape& shape,
                         const GridOptions& options) {
    write(folder / "f.h5", {{"/x", Array::of(values, shape), {}}});
    export_png(ContainerReader(folder / "f.h5"), {}, options, folder / "f.png");
    return import_files({folder / "f.png"}, {}).table.find("/x")->array;
  };
  GridOptions two;
  two.columns = 2;
  // Three tiles of 1 x 2 in two columns: 2 + 2 + 2 wide, 1 + 2 + 1 high.
  const Array grid = tiles({0, 1, 0.5f, 2, -1, 1}, {3, 1, 1, 2}, two);
  CHECK(grid.shape == Shape{1, 1, 4, 6});
  const std::vector<int> pixels = grid.to<int>();
  // [0, 1] with a quarter of slack does not hold 2 and [-1, 1] not either, and a quarter of [0,
  // 255] is not reached: from -1 to 2.
  CHECK(pixels == std::vector<int>{85, 170, 0, 0, 128, 255, 0, 0,   0, 0, 0, 0,
                                   0,  0,   0, 0, 0,   0,   0, 170, 0, 0, 0, 0});
  CHECK(tiles({0, 1.1f, -0.1f, 0.5f}, {1, 4}, {}).to<int>() == std::vector<int>{0, 255, 0, 128});
  CHECK(tiles({-1, 1, 0, 1.1f}, {1, 4}, {}).to<int>() == std::vector<int>{0, 255, 128, 255});
  CHECK(tiles({-1000, 1000, 0, 0}, {1, 4}, {}).to<int>() == std::vector<int>{0, 255, 128, 128});
  // Whole numbers are pixels of 2, 17, 256 or 65536 levels.
  CHECK(tiles({0, 1, 1, 0}, {1, 4}, {}).to<int>() == std::vector<int>{0, 255, 255, 0});
  CHECK(tiles({0, 16, 8, 2}, {1, 4}, {}).to<int>() == std::vector<int>{0, 255, 128, 32});
  CHECK(tiles({0, 17, 255, 100}, {1, 4}, {}).to<int>() == std::vector<int>{0, 17, 255, 100});
  CHECK(tiles({0, 65535, 257, 0}, {1, 4}, {}).to<int>() == std::vector<int>{0, 255, 1, 0});
  CHECK(tiles({-9.5f, 260, 130, 0}, {1, 4}, {}).to<int>() == std::vector<int>{0, 255, 130, 0});
  GridOptions enlarged;
  enlarged.scale = 2;
  const Array large = tiles({0, 1, 0.5f, 0, 1, 0}, {1, 1, 2, 3}, enlarged);
  CHECK(large.shape == Shape{1, 1, 4, 6});
  CHECK(large.to<int>() == std::vector<int>{0, 0, 255, 255, 128, 128, 0, 0, 255, 255, 128, 128,
                                            0, 0, 255, 255, 0,   0,   0, 0, 255, 255, 0,   0});
  GridOptions ranged;
  ranged.range = {0, 2};
  CHECK(tiles({0, 1, 2, 3}, {1, 2, 2}, ranged).to<int>() == std::vector<int>{0, 128, 255, 255});
  const float nan = std::numeric_limits<float>::quiet_NaN();
  CHECK(tiles({nan, 1, 0, 1}, {1, 4}, {}).to<int>() == std::vector<int>{0, 255, 0, 255});
  CHECK(tiles(std::vector<float>(12, 1), {1, 12}, {}).shape == Shape{1, 3, 2, 2});
  // Two chains of three states each: a line a chain.
  GridOptions three;
  three.columns = 3;
  const std::vector<float> numbers = {0, 1, 2, 3, 4, 5};
  CHECK(tiles(numbers, {2, 3, 1, 1, 1}, {}).to<int>() ==
        tiles(numbers, {6, 1, 1, 1}, three).to<int>());
  // A file for each row, with one range for all.
  write(folder / "f.h5", {{"/x", Array::of(std::vector<float>{0, 1, 2, 200}, {4, 1, 1, 1}), {}}});
  export_png(ContainerReader(folder / "f.h5"), {1, 4}, {}, folder / "row-%02d.png");
  for (const int row : {1, 2, 3}) {
    const std::string name = folder / ("row-0" + std::to_string(row) + ".png");
    CHECK(import_files({name}, {}).table.find("/x")->array.to<int>() ==
          std::vector<int>{row < 3 ? row : 200});
  }
  CHECK_FALSE(std::filesystem::exists(folder / "row-00.png"));
  CHECK_THROWS_WITH(tiles({1, 2, 3, 4, 5}, {1, 5}, {}), Catch::Contains("has shape [1, 5]"));
}

TEST_CASE("summaries hold for numbers of any size") {
  const TemporaryFolder folder;
  const double huge = std::numeric_limits<double>::max();
  const auto summary_of = [&](const Array& x) {
    write(folder / "f.h5", {{"/x", x, {}}});
    const ContainerReader reader(folder / "f.h5");
    return summarize(reader, reader.info("/x"));
  };
  const auto of = [&](const std::vector<double>& values) {
    return summary_of(Array::of(values, {values.size(), 1}));
  };
  CHECK(of({1e300, -1e300, 0}).deviation == Approx(std::sqrt(2.0 / 3) * 1e300));
  CHECK(of({1e300, -1e300, 5e299, 0}).deviation == Approx(std::sqrt(2.1875 / 4) * 1e300));
  CHECK(of({1e-200, -1e-200, 0}).deviation / 1e-200 == Approx(std::sqrt(2.0 / 3)));
  CHECK(of({huge, huge, huge}).mean == huge);
  CHECK(of({huge, huge, huge}).deviation == 0);
  CHECK(of({huge, -huge}).deviation == huge);
  CHECK(of({1e300, 1, 2, 3}).min == 1);
  // Far from 0, and from the first number.
  CHECK(of({0, 1e12, 1e12 + 1, 1e12 + 2}).mean == 0.75 * (1e12 + 1));
  CHECK(summary_of(Array::of(std::vector<float>{3e38f, -3e38f}, {2, 1})).deviation ==
        Approx(3e38).epsilon(1e-7));
  const std::int64_t largest = std::numeric_limits<std::int64_t>::max();
  const Summary whole = summary_of(Array::of(std::vector<std::int64_t>{largest, largest - 2}, {2}));
  CHECK(static_cast<std::int64_t>(whole.max) == largest);
  CHECK(static_cast<std::int64_t>(whole.min) == largest - 2);
  CHECK(whole.deviation == 1);
  const Summary both = summary_of(
      Array::of(std::vector<std::uint64_t>{0, std::numeric_limits<std::uint64_t>::max()}, {2}));
  CHECK(static_cast<std::uint64_t>(both.max) == std::numeric_limits<std::uint64_t>::max());
}

TEST_CASE("summaries keep their digits over many blocks") {
  const TemporaryFolder folder;
  const std::size_t rows = 700001;
  std::vector<double> values(rows);
  for (std::size_t i = 0; i < rows; ++i) values[i] = 1e9 + static_cast<double>(i % 2);
  values[5] = std::numeric_limits<double>::quiet_NaN();
  values[600000] = -std::numeric_limits<double>::infinity();
  write(folder / "f.h5", {{"/x", Array::of(values, {rows, 1}), {}},
                          {"/none", Array::make(ElementType::float32, {0}), {}}});
  const ContainerReader reader(folder / "f.h5");
  const Summary summary = summarize(reader, reader.info("/x"));
  CHECK(summary.finite == rows - 2);
  CHECK(summary.nonfinite == 2);
  CHECK(summary.min == 1e9);
  CHECK(summary.max == 1e9 + 1);
  CHECK(summary.mean - 1e9 == Approx(0.5).margin(1e-5));
  CHECK(summary.deviation == Approx(0.5).margin(1e-8));
  CHECK(std::isnan(summarize(reader, reader.info("/none")).mean));
}
