// Picture files: what is decoded, and which damage is noticed.
#include <catch2/catch.hpp>

#include "base/error.hpp"
#include "io/image_damage.hpp"
#include "io/image_decoder.hpp"
#include "io/image_files.hpp"
#include "io/picture_files.hpp"
#include "io/temporary_folder.hpp"

using namespace pushforward;
using namespace pushforward::testing;

namespace {

const std::string six_pixels = "abcdefghijklmnopqr";  // 3x2, red, green and blue

std::string sound_png() { return png_file(png_chunks(3, 2, 8, png_rgb, six_pixels)); }

}  // namespace

TEST_CASE("a file that lacks its end is damaged, wherever it ends") {
  for (const std::string& whole : {sound_png(), jpeg_file(), bmp_file(3, 2, six_pixels, false)}) {
    REQUIRE(is_image(whole));
    CHECK(image_damage(whole).empty());
    CHECK(image_damage(whole + "something behind").empty());
    for (std::size_t size = 20; size < whole.size(); ++size)
      REQUIRE(image_damage(whole.substr(0, size)) == "is damaged: it is cut short");
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
