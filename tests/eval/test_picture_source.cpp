// Sets of pictures from folders and containers.
#include <catch2/catch.hpp>
#include <cmath>
#include <filesystem>
#include <functional>
#include <limits>
#include <random>

#include "base/error.hpp"
#include "complaint.hpp"
#include "eval/picture_source.hpp"
#include "io/picture_files.hpp"
#include "io/temporary_folder.hpp"

using namespace pushforward;
using namespace pushforward::testing;
using Catch::Matchers::Contains;
using Catch::Matchers::EndsWith;
using Floats = std::vector<float>;

namespace {

std::vector<Picture> read_all(PictureSource& source, int threads = 2) {
  Workers workers(threads);
  return source.read(0, source.count(), workers);
}

// The one picture of a folder.
Picture decoded(const TemporaryFolder& folder, const std::string& bytes) {
  write_bytes(folder / "one", bytes);
  PictureSource source(folder / "", std::nullopt);
  return read_all(source).at(0);
}

Floats values(const TemporaryFolder& folder, int width, int bits, PngColour colour,
              const std::string& pixels,
              const std::vector<std::pair<std::string, std::string>>& between = {}) {
  const Picture picture =
      decoded(folder, png_file(png_chunks(width, 1, bits, colour, pixels, between)));
  CHECK(picture.height == 1);
  CHECK(picture.width == static_cast<std::size_t>(width));
  return picture.values;
}

Floats grey(const Floats& levels) {
  Floats out;
  for (const float level : levels) out.insert(out.end(), 3, level);
  return out;
}

// A container of pictures, with what is declared of their range.
void write_rows(const std::string& file, const Array& rows, const std::string& range = "") {
  ContainerWriter writer(file, "tensors", {"test", "test", {}, true, std::nullopt});
  writer.write("/x", rows);
  if (!range.empty()) writer.set_text("/x", "range", range);
  writer.commit();
}

struct Read {
  std::vector<Picture> pictures;
  std::size_t clipped;
};

Read read_rows(const TemporaryFolder& folder, const Array& rows,
               std::optional<PixelRange> range = {}, const std::string& declared = "") {
  write_rows(folder / "rows.h5", rows, declared);
  PictureSource source(folder / "rows.h5", range);
  std::vector<Picture> pictures = read_all(source);
  return {std::move(pictures), source.clipped()};
}

std::string rows_complaint(const TemporaryFolder& folder, const Array& rows,
                           std::optional<PixelRange> range = {}, const std::string& declared = "") {
  return complaint([&] { static_cast<void>(read_rows(folder, rows, range, declared)); });
}

}  // namespace

TEST_CASE("PNG pictures of every kind of pixel") {
  const TemporaryFolder folder;
  using Bytes = std::string;
  CHECK(values(folder, 1, 8, png_grey, Bytes{7}) == grey({7}));
  CHECK(values(folder, 4, 1, png_grey, "\xa0") == grey({255, 0, 255, 0}));
  CHECK(values(folder, 4, 2, png_grey, "\x1b") == grey({0, 85, 170, 255}));
  CHECK(values(folder, 2, 4, png_grey, "\x3f") == grey({51, 255}));
  CHECK(values(folder, 2, 8, png_rgb, "\x01\x02\x03\xff\xfe\xfd") ==
        Floats{1, 2, 3, 255, 254, 253});
  // Opacity is dropped, even where nothing could be seen.
  CHECK(values(folder, 2, 8, png_grey_alpha, Bytes{9, 0, 8, 1}) == grey({9, 8}));
  CHECK(values(folder, 1, 8, png_rgba, Bytes{4, 5, 6, 0}) == Floats{4, 5, 6});
  CHECK(values(folder, 1, 8, png_rgb, Bytes{4, 5, 6}, {{"tRNS", Bytes{0, 4, 0, 5, 0, 6}}}) ==
        Floats{4, 5, 6});
  const Bytes palette{10, 20, 30, 40, 50, 60};
  CHECK(values(folder, 3, 8, png_palette, Bytes{1, 0, 1}, {{"PLTE", palette}}) ==
        Floats{40, 50, 60, 10, 20, 30, 40, 50, 60});
  CHECK(values(folder, 2, 1, png_palette, Bytes{64}, {{"PLTE", palette}, {"tRNS", Bytes{0, 9}}}) ==
        Floats{10, 20, 30, 40, 50, 60});
}

TEST_CASE("PNG pictures of 16 bits keep all of them") {
  const TemporaryFolder folder;
  const std::string levels = big_endian(65535, 2) + big_endian(1, 2) + big_endian(0x1234, 2);
  const Floats expected = {255, 1 / 257.0f, 0x1234 / 257.0f};
  CHECK(values(folder, 3, 16, png_grey, levels) == grey(expected));
  CHECK(values(folder, 1, 16, png_rgb, levels) == expected);
  CHECK(values(folder, 1, 16, png_rgba, levels + big_endian(3, 2)) == expected);
  CHECK(values(folder, 1, 16, png_grey_alpha, big_endian(0x1234, 2) + big_endian(0, 2)) ==
        grey({0x1234 / 257.0f}));
}

TEST_CASE("JPEG and BMP pictures") {
  const TemporaryFolder folder;
  const Picture jpeg = decoded(folder, jpeg_file());
  CHECK(jpeg.height == 16);
  REQUIRE(jpeg.width == 12);
  double difference = 0;
  for (std::size_t y = 0; y < 16; ++y)
    for (std::size_t x = 0; x < 12; ++x)
      difference += std::abs(static_cast<double>(jpeg.values[(y * 12 + x) * 3 + 1]) -
                             15 * static_cast<double>(y));
  CHECK(difference / 192 < 3);
  for (const bool upper_first : {false, true})
    CHECK(decoded(folder, bmp_file(1, 2, "abcdef", upper_first)).values ==
          Floats{'a', 'b', 'c', 'd', 'e', 'f'});
}

TEST_CASE("a folder's pictures keep their order and bits, whoever reads them") {
  const TemporaryFolder folder;
  std::filesystem::create_directory(folder / "5");
  std::mt19937 random(1);
  for (int i = 0; i < 37; ++i) {
    const int width = 1 + i % 5, height = 1 + i % 3;
    std::string pixels;
    for (int k = 0; k < width * height * 3; ++k) pixels += static_cast<char>(random());
    pixels[0] = static_cast<char>(i);
    char name[16];
    std::snprintf(name, sizeof name, "%s%02d", i >= 20 && i < 30 ? "5/" : i < 20 ? "4-" : "6-", i);
    write_bytes(folder / name, i % 4 == 0
                                   ? bmp_file(width, height, pixels, true)
                                   : png_file(png_chunks(width, height, 8, png_rgb, pixels)));
  }
  write_bytes(folder / "index.html", "no picture");
  PictureSource source(folder / "", std::nullopt);
  REQUIRE(source.count() == 37);
  CHECK(source.passed_over() == 1);
  CHECK(source.name() == folder / "");
  CHECK(source.history().empty());
  const std::vector<Picture> alone = read_all(source, 1);
  for (std::size_t i = 0; i < 37; ++i) {
    CHECK(alone[i].values[0] == static_cast<float>(i));
    CHECK(alone[i].values.size() == (1 + i % 5) * (1 + i % 3) * 3);
  }
  Workers workers(4);
  for (const std::size_t block : {1u, 7u, 37u})
    for (std::size_t first = 0; first < 37; first += block) {
      const std::vector<Picture> some =
          source.read(first, std::min<std::size_t>(block, 37 - first), workers);
      for (std::size_t i = 0; i < some.size(); ++i)
        CHECK(some[i].values == alone[first + i].values);
    }
}

TEST_CASE("a damaged picture is named, and only when it is read") {
  const TemporaryFolder folder;
  const std::string sound = png_file(png_chunks(1, 1, 8, png_rgb, "abc"));
  for (const char* name : {"1", "2", "3"}) write_bytes(folder / name, sound);
  Workers workers(2);
  const auto complaint_of = [&](const std::string& bytes) {
    write_bytes(folder / "2", bytes);
    PictureSource source(folder / "", std::nullopt);
    CHECK(source.count() == 3);
    CHECK(source.read(0, 1, workers)[0].values == Floats{'a', 'b', 'c'});
    CHECK(source.read(2, 1, workers).size() == 1);
    return complaint([&] { static_cast<void>(source.read(0, 3, workers)); });
  };
  const std::string file = folder / "2";
  std::string flipped = sound;
  flipped[45] = 'x';
  CHECK(complaint_of(flipped) == file + ": is damaged: the checksum of a chunk is wrong");
  for (const std::string& whole : {sound, jpeg_file(), bmp_file(1, 1, "abc", false)})
    CHECK_THAT(complaint_of(whole.substr(0, whole.size() - 3)), Contains(file + ": is damaged: "));
  CHECK_THAT(complaint_of(png_file(png_chunks(2, 1, 8, png_rgb, "abc"))),
             Contains(file + ": is damaged: "));
  CHECK_THAT(complaint_of(png_file({{"IHDR", big_endian(1u << 30, 4) + big_endian(1u << 30, 4) +
                                                 std::string("\x08\x02\0\0\0", 5)}})),
             Contains(file + ": "));
  CHECK_THAT(complaint_of("\xff\xd8\xff\xe0nothing of the kind"),
             Contains(file + ": is damaged: "));
}

TEST_CASE("mutants of pictures crash nothing") {
  const TemporaryFolder folder;
  const std::string png_pixels(300, 'p');
  std::mt19937 random(5);
  const auto mutated = [&](std::string bytes) {
    for (int k = 0; k < 3 && !bytes.empty(); ++k)
      bytes[random() % bytes.size()] = static_cast<char>(random());
    return bytes;
  };
  const std::string jpeg = jpeg_file(), bmp = bmp_file(10, 10, png_pixels, false);
  for (int i = 0; i < 150; ++i) {
    // Chunks whose checksums are right reach the decoder.
    auto chunks = png_chunks(10, 10, i % 2 == 0 ? 8 : 16, i % 2 == 0 ? png_rgb : png_grey,
                             png_pixels.substr(0, i % 2 == 0 ? 300 : 200));
    std::string& data = chunks[static_cast<std::size_t>(i % 3) % 2].second;
    data = mutated(data);
    write_bytes(folder / ("a" + std::to_string(i)), png_file(chunks));
    write_bytes(folder / ("b" + std::to_string(i)),
                jpeg.substr(0, 20) + mutated(jpeg.substr(20, jpeg.size() - 22)) + "\xff\xd9");
    write_bytes(folder / ("c" + std::to_string(i)), bmp.substr(0, 14) + mutated(bmp.substr(14)));
  }
  PictureSource source(folder / "", std::nullopt);
  Workers workers(4);
  std::size_t accepted = 0, refused = 0;
  for (std::size_t i = 0; i < source.count(); ++i) {
    const std::string said = complaint([&] {
      for (const Picture& one : source.read(i, 1, workers))
        CHECK(one.values.size() == one.height * one.width * 3);
    });
    ++(said == "none" ? accepted : refused);
  }
  CHECK(accepted > 50);
  CHECK(refused > 50);
}

TEST_CASE("places that are no sets of pictures") {
  const TemporaryFolder folder;
  const auto opening = [](const std::string& location) {
    return complaint([&] { PictureSource(location, std::nullopt); });
  };
  write_bytes(folder / "one.h5", jpeg_file());
  CHECK(opening(folder / "one.h5") ==
        folder / "one.h5" + ": is one picture, a set needs at least two; give a folder of them");
  std::filesystem::create_directory(folder / "empty");
  CHECK_THAT(opening(folder / "empty"), EndsWith("empty: holds no PNG, JPEG or BMP pictures"));
  CHECK_THAT(opening(folder / "none"), Contains("none: cannot be read"));
  write_bytes(folder / "text", "some text");
  CHECK_THAT(opening(folder / "text"), Contains("text: "));
}

TEST_CASE("tensors of pictures, their channels first or last") {
  const TemporaryFolder folder;
  std::vector<std::uint8_t> x(2 * 2 * 4 * 3);
  for (std::size_t i = 0; i < x.size(); ++i) x[i] = static_cast<std::uint8_t>(i);
  const auto one = [&](const Shape& shape) { return read_rows(folder, Array::of(x, shape)); };
  const Read planes = one({2, 3, 2, 4}), mixed = one({2, 2, 4, 3});
  CHECK(planes.pictures[1].height == 2);
  CHECK(planes.pictures[1].width == 4);
  CHECK(Floats(planes.pictures[1].values.begin(), planes.pictures[1].values.begin() + 6) ==
        Floats{24, 32, 40, 25, 33, 41});
  CHECK(mixed.pictures[1].height == 2);
  CHECK(mixed.pictures[1].width == 4);
  CHECK(mixed.pictures[1].values[4] == 28);
  for (const Shape& shape : {Shape{8, 2, 3}, {8, 1, 3, 2}}) {
    const Picture last = one(shape).pictures.at(7);
    CHECK(last.height == shape[shape.size() - 2]);
    CHECK(last.values == grey({42, 43, 44, 45, 46, 47}));
  }
  CHECK(one({6, 2, 4, 1}).pictures[5].values[3] == 41);
  CHECK(one({48, 1, 1}).pictures[47].values == grey({47}));
  CHECK_THAT(rows_complaint(folder, Array::of(x, {4, 1, 4, 3})),
             Contains("can be [N, C, H, W] or"));
  CHECK_THAT(rows_complaint(folder, Array::of(x, {2, 2, 2, 6})),
             Contains("pictures are [N, H, W]"));
  CHECK_THAT(rows_complaint(folder, Array::of(x, {4, 12})), Contains("pictures are [N, H, W]"));
  CHECK_THAT(rows_complaint(folder, Array::of(x, {48})), Contains("/x has shape [48]"));
}

TEST_CASE("a container's history and the place in it") {
  const TemporaryFolder folder;
  write_rows(folder / "rows.h5", Array::of(std::vector<std::uint8_t>(8, 3), {2, 2, 2}));
  PictureSource source(folder / "rows.h5:/x", std::nullopt);
  CHECK(source.name() == folder / "rows.h5");
  CHECK(source.history().size() == 1);
  CHECK(source.passed_over() == 0);
  PictureSource opened(ContainerReader(folder / "rows.h5"), std::nullopt);
  CHECK(opened.count() == 2);
  CHECK_THAT(complaint([&] { PictureSource(folder / "rows.h5:/y", std::nullopt); }),
             Contains("has no dataset or group /y"));
}

TEST_CASE("whole numbers are 0 to 255, and uint16 all of its range") {
  const TemporaryFolder folder;
  const auto levels = [&](const Array& rows) { return read_rows(folder, rows).pictures[0].values; };
  CHECK(levels(Array::of(std::vector<std::int64_t>{0, 255}, {1, 1, 2})) == grey({0, 255}));
  CHECK(levels(Array::of(std::vector<std::int16_t>{7, 8}, {1, 1, 2})) == grey({7, 8}));
  CHECK(levels(Array::of(std::vector<std::uint16_t>{65535, 514}, {1, 1, 2})) == grey({255, 2}));
  CHECK_THAT(rows_complaint(folder, Array::of(std::vector<std::int32_t>{0, 1, 2, 256}, {2, 1, 2})),
             EndsWith("/x row 1 holds 256; whole numbers of pictures are 0 to 255"));
  CHECK_THAT(rows_complaint(folder, Array::of(std::vector<std::int8_t>{-1, 1}, {2, 1, 1})),
             Contains("row 0 holds -1;"));
  // A range is of real numbers, or the dataset's own.
  const Array bits = Array::of(std::vector<std::uint8_t>{0, 1, 2}, {1, 1, 3});
  CHECK(read_rows(folder, bits, PixelRange{0, 1}).pictures[0].values == grey({0, 1, 2}));
  const Read declared = read_rows(folder, bits, {}, "0,1");
  CHECK(declared.pictures[0].values == grey({0, 255, 255}));
  CHECK(declared.clipped == 1);
}

TEST_CASE("real numbers need a range, are not rounded, and are clipped to it") {
  const TemporaryFolder folder;
  const Array rows = Array::of(Floats{-1, -0.25f, 0.5f, 1, 1.5f, -7}, {3, 1, 2});
  CHECK_THAT(rows_complaint(folder, rows),
             EndsWith("/x holds float32, of which black and white are not known; give " +
                      setting("range") + " 0,255, 0,1 or -1,1"));
  const Read read = read_rows(folder, rows, PixelRange{-1, 1});
  CHECK(read.clipped == 2);
  CHECK(read.pictures[0].values == grey({0, 95.625f}));
  CHECK(read.pictures[1].values == grey({191.25f, 255}));
  CHECK(read.pictures[2].values == grey({255, 0}));
  for (const char* declared : {"-1,1", "-1, 1", "-1 1"})
    CHECK(read_rows(folder, rows, PixelRange{0, 255}, declared).pictures[1].values ==
          grey({191.25f, 255}));
  const Array doubles = Array::of(std::vector<double>{0.1, 250.7}, {1, 1, 2});
  CHECK(read_rows(folder, doubles, PixelRange{0, 255}).pictures[0].values == grey({0.1f, 250.7f}));
  for (const char* declared : {"1", "0,1,2", "1,0", "0,0", "0,inf", "nan,1", "zero,one", "0,1x"})
    CHECK_THAT(rows_complaint(folder, rows, {}, declared), Contains("an attribute range '"));
  CHECK_THAT(rows_complaint(folder, rows, PixelRange{1, 1}), Contains("1,1 is no interval"));
}

TEST_CASE("numbers that are not finite are named by their row") {
  const TemporaryFolder folder;
  for (const float bad :
       {std::numeric_limits<float>::quiet_NaN(), std::numeric_limits<float>::infinity()}) {
    Floats x(20, 0.5f);
    x[13] = bad;
    CHECK_THAT(rows_complaint(folder, Array::of(x, {5, 2, 2}), PixelRange{0, 1}),
               Contains("/x row 3 holds "));
  }
}
