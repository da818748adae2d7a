// Pictures that move: every frame can be put together again from the file.
#include <catch2/catch.hpp>
#include <cmath>
#include <filesystem>

#include "base/random.hpp"
#include "complaint.hpp"
#include "io/image_decoder.hpp"
#include "io/numbered_files.hpp"
#include "io/temporary_folder.hpp"
#include "plot/animation.hpp"
#include "plot/palette.hpp"
#include "plot/png_chunks.hpp"

using namespace pushforward;
using pushforward::testing::TemporaryFolder;

namespace {

constexpr int width = 40, height = 30;
using Picture = std::vector<std::uint32_t>;  // width x height

// A square of its own colour wanders over a ramp; one frame is the same as the one before.
std::vector<Raster> some_frames() {
  std::vector<Raster> frames;
  for (int f = 0; f < 6; ++f) {
    Raster raster(width, height);
    for (int y = 0; y < height; ++y)
      for (int x = 0; x < width; ++x) {
        const int at = f == 3 ? 2 : f;
        const bool inside = x >= 5 * at && x < 5 * at + 4 && y >= 3 * at && y < 3 * at + 6;
        raster.set(x, y, inside ? series_colour(at) : ramp(static_cast<double>(x) / width));
      }
    frames.push_back(raster);
  }
  return frames;
}

Frames source(const std::vector<Raster>& frames) {
  return [&frames](const ShowFrame& show) {
    for (const Raster& frame : frames) show(frame);
  };
}

std::uint32_t number_at(const Bytes& bytes, std::size_t at) {
  std::uint32_t number = 0;
  for (std::size_t i = 0; i < 4; ++i)
    number = number << 8 | std::to_integer<std::uint32_t>(bytes[at + i]);
  return number;
}

// Draws the pixels of a PNG into a picture at (left, top).
void draw(const Bytes& png, int left, int top, int columns, int rows, Picture* picture) {
  const EncodedImage image = {
      "frame", {reinterpret_cast<const char*>(png.data()), png.size()}, {columns, rows, 3, false}};
  const auto pixels = decode_image<std::uint8_t>(image, 3);
  for (int y = 0; y < rows; ++y)
    for (int x = 0; x < columns; ++x) {
      const std::uint8_t* p = &pixels[static_cast<std::size_t>(3 * (y * columns + x))];
      (*picture)[static_cast<std::size_t>((top + y) * width + left + x)] =
          0xff000000u | static_cast<std::uint32_t>(p[0] << 16 | p[1] << 8 | p[2]);
    }
}

}  // namespace

TEST_CASE("the frames of an APNG are those that were shown", "[animation]") {
  const std::vector<Raster> frames = some_frames();
  const Bytes apng = apng_of(source(frames), 8);
  CHECK(png_of(png_chunks(apng)) == apng);  // check sums
  const std::vector<PngChunk> chunks = png_chunks(apng);
  CHECK(chunks[0].type == "IHDR");
  REQUIRE(chunks[1].type == "acTL");
  CHECK(number_at(chunks[1].data, 0) == frames.size());
  CHECK(chunks.back().type == "IEND");
  Picture picture(width * height);
  std::uint32_t sequence = 0;
  std::size_t shown = 0;
  for (std::size_t c = 2; c + 1 < chunks.size(); ++c) {
    REQUIRE(chunks[c].type == "fcTL");
    const Bytes& control = chunks[c].data;
    CHECK(number_at(control, 0) == sequence++);
    const std::uint32_t box[] = {number_at(control, 4), number_at(control, 8),
                                 number_at(control, 12), number_at(control, 16)};
    const std::uint32_t delay = number_at(control, 20) >> 16;
    CHECK(delay == (shown + 1 < frames.size() ? 125 : 1000));
    // A PNG of the frame alone.
    std::vector<PngChunk> alone = {chunks[0]};
    for (std::size_t side = 0; side < 2; ++side)
      for (std::size_t i = 0; i < 4; ++i)
        alone[0].data[4 * side + i] = static_cast<std::byte>(box[side] >> (24 - 8 * i) & 0xffu);
    while (chunks[c + 1].type == "IDAT" || chunks[c + 1].type == "fdAT") {
      PngChunk part = chunks[++c];
      if (part.type == "fdAT") {
        CHECK(number_at(part.data, 0) == sequence++);
        part.data.erase(part.data.begin(), part.data.begin() + 4);
      }
      CHECK((part.type == "IDAT") == (shown == 0));
      alone.push_back({"IDAT", part.data});
    }
    alone.push_back({"IEND", {}});
    draw(png_of(alone), static_cast<int>(box[2]), static_cast<int>(box[3]),
         static_cast<int>(box[0]), static_cast<int>(box[1]), &picture);
    CHECK(picture == frames[shown++].pixels());
  }
  CHECK(shown == frames.size());
}

TEST_CASE("a GIF holds one picture a frame and repeats", "[animation]") {
  // What its pictures look like is tested with another program's reader (tests/cli).
  const std::vector<Raster> frames = some_frames();
  const Bytes gif = gif_of(source(frames), 20);
  const std::string text(reinterpret_cast<const char*>(gif.data()), gif.size());
  CHECK(text.substr(0, 6) == "GIF89a");
  CHECK(text.back() == ';');
  CHECK(text.find("NETSCAPE2.0") != std::string::npos);
  CHECK(gif == gif_of(source(frames), 20));
  CHECK(gif.size() < 40000);
  const std::vector<Raster> one(1, frames[0]);
  CHECK(gif_of(source(one), 20).size() < gif.size());
}

TEST_CASE("what changes between frames lies in a box, and no smaller one holds it", "[animation]") {
  const Random random(3, Stream::data);
  for (std::uint64_t i = 0; i < 200; ++i) {
    Raster before(width, height), after(width, height);
    int left = width, right = -1, top = height, bottom = -1;
    for (std::uint32_t k = 0; k < i % 4; ++k) {
      const int x = static_cast<int>(random.uniform(i, 2 * k) * width);
      const int y = static_cast<int>(random.uniform(i, 2 * k + 1) * height);
      after.set(x, y, white);
      left = std::min(left, x);
      right = std::max(right, x);
      top = std::min(top, y);
      bottom = std::max(bottom, y);
    }
    const ChangedBox box = changed_box(before, after);
    if (right < 0) {
      CHECK(box.width * box.height == 1);
      continue;
    }
    CHECK(box.left == left);
    CHECK(box.top == top);
    CHECK(box.width == right - left + 1);
    CHECK(box.height == bottom - top + 1);
    CHECK(pixels_in(after, box).size() == static_cast<std::size_t>(box.width * box.height));
  }
}

TEST_CASE("few colours stay as they are, many become near ones", "[animation]") {
  const auto error_of = [](const std::vector<std::uint32_t>& pixels, const IndexedPixels& got) {
    double sum = 0;
    for (std::size_t i = 0; i < pixels.size(); ++i)
      for (const int shift : {0, 8, 16}) {
        const auto part = [&](std::uint32_t colour) {
          return static_cast<int>(colour >> shift & 0xffu);
        };
        sum += std::pow(part(pixels[i]) - part(got.colours[got.indices[i]]), 2);
      }
    return std::sqrt(sum / static_cast<double>(3 * pixels.size()));
  };
  const Random random(9, Stream::data);
  std::vector<std::uint32_t> few, many, ramped;
  for (std::uint64_t i = 0; i < 5000; ++i) {
    few.push_back(static_cast<std::uint32_t>(random.uniform(i, 0) * 256) * 0x010307u);
    many.push_back(static_cast<std::uint32_t>(random.uniform(i, 1) * 0x1000000));
    const Colour c = ramp(random.uniform(i, 2));
    ramped.push_back(static_cast<std::uint32_t>(255 * c.red) << 16 |
                     static_cast<std::uint32_t>(255 * c.green) << 8 |
                     static_cast<std::uint32_t>(255 * c.blue));
  }
  CHECK(error_of(few, indexed(few, 256)) == 0);
  CHECK(indexed(many, 256).colours.size() == 256);
  CHECK(error_of(many, indexed(many, 256)) < 20);     // of a cube with sides of 255
  CHECK(error_of(ramped, indexed(ramped, 256)) < 1);  // of a line
  CHECK(indexed({7, 7}, 256).colours == std::vector<std::uint32_t>{7});
  // The result does not depend on the order of the pixels.
  std::vector<std::uint32_t> turned(many.rbegin(), many.rend());
  CHECK(indexed(turned, 16).colours == indexed(many, 16).colours);
}

TEST_CASE("numbered files have the names of their pattern", "[animation]") {
  CHECK(NumberedFiles("out-%04d.png").name(7) == "out-0007.png");
  CHECK(NumberedFiles("out-%04d.png").name(123456) == "out-123456.png");
  CHECK(NumberedFiles("%d").name(12) == "12");
  CHECK(NumberedFiles("a%b/%3d.png").name(5) == "a%b/005.png");
  CHECK_FALSE(NumberedFiles::is_pattern("100%.png"));
  CHECK_FALSE(NumberedFiles::is_pattern("%s.png"));
  CHECK_FALSE(NumberedFiles::is_pattern("%100d.png"));
  CHECK_FALSE(NumberedFiles::is_pattern("%04"));
  for (const char* wrong : {"%d-%d.png", "%d/a.png", "a.png"})
    CHECK_THAT(complaint([&] { const NumberedFiles files(wrong); }),
               Catch::Contains("one number, such as out-%04d.png"));
}

TEST_CASE("a file for each frame", "[animation]") {
  TemporaryFolder folder;
  const std::vector<Raster> frames = some_frames();
  write_png_files(source(frames), folder / "f%d.png", 100);
  std::size_t count = 0;
  for (const auto& entry : std::filesystem::directory_iterator(folder / "")) {
    static_cast<void>(entry);
    ++count;
  }
  CHECK(count == frames.size());
  for (std::size_t i = 0; i < frames.size(); ++i) {
    const EncodedImage image = load_image(folder / ("f" + std::to_string(i) + ".png"));
    Bytes png;
    for (const char c : image.bytes) png.push_back(static_cast<std::byte>(c));
    Picture picture(width * height);
    draw(png, 0, 0, width, height, &picture);
    CHECK(picture == frames[i].pixels());
    REQUIRE(png_chunks(png)[1].type == "pHYs");
    CHECK(number_at(png_chunks(png)[1].data, 0) == 3937);  // per metre
  }
}
