// Picture files: what is decoded, and which damage is noticed.
#include <catch2/catch.hpp>

#include "base/error.hpp"
#include "io/image_damage.hpp"
#include "io/image_decoder.hpp"
#include "io/image_files.hpp"
#include "io/picture_damage.hpp"
#include "io/picture_files.hpp"
#include "io/temporary_folder.hpp"

using namespace pushforward;
using namespace pushforward::testing;

namespace {

const std::string six_pixels = "abcdefghijklmnopqr";  // 3x2, red, green and blue

std::string sound_png() { return png_file(png_chunks(3, 2, 8, png_rgb, six_pixels)); }

}  // namespace

TEST_CASE("a file that lacks its end is damaged, wherever it ends") {
  const TemporaryFolder folder;
  for (const std::string& whole : {sound_png(), jpeg_file(), bmp_file(3, 2, six_pixels, false)}) {
    REQUIRE(is_image(whole));
    CHECK(said_of(folder, whole) == "none");
    CHECK(said_of(folder, whole + "something behind") == "none");
    for (std::size_t size = 20; size < whole.size(); ++size)
      REQUIRE(said_of(folder, whole.substr(0, size)) == "is damaged: it is cut short");
  }
}

TEST_CASE("every changed bit of a needed PNG chunk is noticed") {
  const std::string whole = sound_png();
  for (std::size_t bit = 64; bit < whole.size() * 8; ++bit) {
    std::string bytes = whole;
    bytes[bit / 8] = static_cast<char>(bytes[bit / 8] ^ (1 << bit % 8));
    REQUIRE_FALSE(image_damage(bytes).empty());
  }
  const std::string note = "tEXt";
  std::string noted = png_file(png_chunks(3, 2, 8, png_rgb, six_pixels, {{note, "a"}}));
  noted[noted.find(note) + 4] = 'b';
  CHECK(image_damage(noted).empty());
}

TEST_CASE("a PNG whose checksums are right may be damaged all the same") {
  const auto chunks = [] { return png_chunks(3, 2, 8, png_rgb, six_pixels); };
  auto changed = chunks();
  std::string& packed = changed[1].second;
  const auto said = [&] { return image_damage(png_file(changed)); };
  packed.resize(packed.size() - 2);  // within the checksum of the stream
  CHECK(said() == "is damaged: its compressed pixels are cut short");
  packed = chunks()[1].second;
  packed.back() = static_cast<char>(packed.back() ^ 1);
  CHECK(said() == "is damaged: its compressed pixels cannot be unpacked");
  packed = zlib_stream(std::string(19, '\0'));
  CHECK(said() == "is damaged: it holds fewer pixels than it declares");
  packed = zlib_stream(std::string(20, '\0'));
  CHECK(said().empty());
  packed = zlib_stream(std::string(100000, '\0'));
  CHECK(said() == "is damaged: it holds more pixels than it declares");
  changed = chunks();
  changed[0].second.replace(0, 4, big_endian(1u << 30, 4));
  CHECK(said() == "is damaged: it declares 1073741824x2 pixels, more than its bytes can hold");
  changed = chunks();
  changed.erase(changed.begin() + 1);
  CHECK(said() == "is damaged: it has no pixels");
  changed.erase(changed.begin());
  CHECK(said() == "is damaged: it has no header");
}

TEST_CASE("the lines of an interlaced PNG are counted by its passes") {
  // 5 x 5 grey pixels: passes of 1, 1, 2, 2 (by 1), 3 x 2, 2 x 3, 5 x 2 pixels.
  std::string lines;
  for (const auto& [width, height] :
       std::vector<std::pair<int, int>>{{1, 1}, {1, 1}, {2, 1}, {1, 2}, {3, 1}, {2, 3}, {5, 2}})
    for (int y = 0; y < height; ++y)
      lines += std::string(1 + static_cast<std::size_t>(width), '\0');
  auto chunks = png_chunks(5, 5, 8, png_grey, std::string(25, 'a'));
  chunks[0].second.back() = 1;
  chunks[1].second = zlib_stream(lines);
  CHECK(image_damage(png_file(chunks)).empty());
  const TemporaryFolder folder;
  write_bytes(folder / "f", png_file(chunks));
  CHECK_NOTHROW(decode_image<std::uint8_t>(load_image(folder / "f"), 1));
  chunks[1].second = zlib_stream(lines.substr(1));
  CHECK(image_damage(png_file(chunks)) == "is damaged: it holds fewer pixels than it declares");
}

TEST_CASE("every reader refuses damage, and says what it is in words of its own") {
  const TemporaryFolder folder;
  CHECK(said_of(folder, sound_png()) == "none");
  CHECK(said_of(folder, sound_png().substr(0, 60)) == "is damaged: it is cut short");
  std::string packed = bmp_file(3, 2, six_pixels, false);
  packed[30] = 1;
  CHECK(said_of(folder, packed) == "is a BMP of packed pixels, which is not read; save it as PNG");
  // Nothing is missing from it, but there is no such colour.
  auto odd = png_chunks(3, 2, 8, png_rgb, six_pixels);
  odd[0].second[9] = 5;
  CHECK(said_of(folder, png_file(odd)) ==
        "cannot be decoded: it is damaged, or of a kind that is not read; save it again as a PNG "
        "of 8 or 16 bits");
}

TEST_CASE("a BMP is read from either end") {
  const TemporaryFolder folder;
  for (const bool upper_first : {false, true}) {
    write_bytes(folder / "f", bmp_file(3, 2, six_pixels, upper_first));
    const EncodedImage image = load_image(folder / "f");
    CHECK(image.format.height == 2);
    const Pixels<std::uint8_t> pixels = decode_image<std::uint8_t>(image, 3);
    CHECK(std::string(pixels.get(), pixels.get() + 18) == six_pixels);
  }
}

TEST_CASE("a folder without classes may hold pictures at any depth") {
  const TemporaryFolder folder;
  std::filesystem::create_directories(folder / "b/c");
  std::filesystem::create_directories(folder / "none/at all");
  for (const char* name : {"b/c/1.jpg", "b/2", "a.PNG", "z"})
    write_bytes(folder / name, sound_png());
  for (const char* name : {"b/notes.png", "c"}) write_bytes(folder / name, "no picture");
  const ImageFiles found = find_images_below(folder / "");
  CHECK(found.passed_over == 2);
  std::vector<std::string> names;
  for (const std::string& file : found.files) names.push_back(file.substr((folder / "").size()));
  CHECK(names == std::vector<std::string>{"a.PNG", "b/2", "b/c/1.jpg", "z"});
  CHECK_THROWS_WITH(find_images_below(folder / "none"),
                    folder / "none" + ": holds no PNG, JPEG or BMP pictures");
}

TEST_CASE("a BMP with the old header may have 30 bytes") {
  const std::string bmp = "BM" + little_endian(30, 4) + little_endian(0, 4) + little_endian(26, 4) +
                          little_endian(12, 4) + little_endian(1, 2) + little_endian(1, 2) +
                          little_endian(1, 2) + little_endian(24, 2) + std::string("\3\2\1\0", 4);
  REQUIRE(bmp.size() == 30);
  CHECK(is_image(bmp));
  CHECK(image_damage(bmp).empty());
  for (std::size_t size = 18; size < bmp.size(); ++size)
    CHECK(image_damage(bmp.substr(0, size)) == "is damaged: it is cut short");
  const TemporaryFolder folder;
  write_bytes(folder / "f.bmp", bmp);
  const auto pixels = decode_image<std::uint8_t>(load_image(folder / "f.bmp"), 3);
  CHECK(std::vector<int>(pixels.get(), pixels.get() + 3) == std::vector<int>{1, 2, 3});
}
