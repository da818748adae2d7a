// JPEG pictures: decoded to Pillow's numbers, and which damage is noticed.
#include <zlib.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <random>

#include "io/image_decoder.hpp"
#include "io/jpeg_files.hpp"
#include "io/picture_damage.hpp"
#include "io/temporary_folder.hpp"

using namespace pushforward;
using namespace pushforward::testing;

namespace {

const std::string other_kind = "is a JPEG of a kind that is not read; save it as PNG";

}  // namespace

TEST_CASE("JPEG pictures of every kind have the pixels that Pillow finds") {
  const TemporaryFolder folder;
  for (const JpegFile& file : jpeg_files()) {
    INFO(file.kind);
    write_bytes(folder / "f", file.bytes);
    const EncodedImage image = load_image(folder / "f");
    CHECK(image.format.width == file.width);
    CHECK(image.format.height == file.height);
    CHECK(image.format.channels == file.channels);
    CHECK_FALSE(image.format.sixteen_bits);
    const auto area = static_cast<std::size_t>(file.width * file.height);
    for (const int channels : {3, 1}) {
      const std::size_t size = area * static_cast<std::size_t>(channels);
      const Pixels<std::uint8_t> pixels = decode_image<std::uint8_t>(image, channels);
      CHECK(crc32(0, pixels.get(), static_cast<uInt>(size)) ==
            (channels == 3 ? file.rgb_sum : file.grey_sum));
      const Pixels<std::uint16_t> words = decode_image<std::uint16_t>(image, channels);
      CHECK(std::equal(pixels.get(), pixels.get() + size, words.get(),
                       [](int byte, int word) { return word == 257 * byte; }));
    }
  }
}

TEST_CASE("a JPEG that lacks a part of its pixels is damaged, though it has an end") {
  const TemporaryFolder folder;
  const std::string whole = jpeg_file(), end = "\xff\xd9";
  const std::size_t scan = whole.find("\xff\xda");
  for (std::size_t size = scan + 16; size + 12 < whole.size(); ++size)
    CHECK(said_of(folder, whole.substr(0, size) + end).compare(0, 12, "is damaged: ") == 0);
  std::string large = whole;
  large.replace(whole.find("\xff\xc0") + 5, 4, "\x20\x00\x20\x00", 4);  // 8192 x 8192
  CHECK(said_of(folder, large) ==
        "is damaged: it declares 8192x8192 pixels, more than its bytes can hold");
  large.replace(whole.find("\xff\xc0") + 5, 4, "\xff\xff\xff\xff", 4);
  CHECK(said_of(folder, large).compare(0, 12, "is damaged: ") == 0);
}

TEST_CASE("JPEG files of every kind are refused where their end is missing") {
  const TemporaryFolder folder;
  for (const JpegFile& file : jpeg_files())
    for (std::size_t size = 20; size < file.bytes.size(); ++size) {
      INFO(file.kind << ", " << size << " bytes");
      REQUIRE(said_of(folder, file.bytes.substr(0, size)) == "is damaged: it is cut short");
    }
}

TEST_CASE("bytes between markers are damage where they may be a segment without its marker") {
  const TemporaryFolder folder;
  std::string whole = jpeg_file();
  const std::size_t tables = whole.find("\xff\xc4");
  std::string padded = whole;
  padded.insert(whole.size() - 2, 100, '\0');
  CHECK(said_of(folder, padded) == "none");
  padded = whole;
  padded.insert(tables, 3, '\0');
  CHECK(said_of(folder, padded) == "none");
  padded.insert(tables, 1, '\0');
  CHECK_THAT(said_of(folder, padded), Catch::StartsWith("is damaged: it is not a valid JPEG ("));
  // Without its table of codes the picture would be decoded by one that nobody wrote.
  whole[tables] = '\x7f';
  CHECK_THAT(said_of(folder, whole), Catch::StartsWith("is damaged: it is not a valid JPEG ("));
}

TEST_CASE("a sound JPEG of a kind that is not read is not damaged") {
  const TemporaryFolder folder;
  const std::string whole = jpeg_file();
  const std::size_t frame = whole.find("\xff\xc0");
  REQUIRE(frame != std::string::npos);
  const auto with = [&](std::size_t at, char byte) {
    std::string changed = whole;
    changed[frame + at] = byte;
    return said_of(folder, changed);
  };
  CHECK(with(1, '\xc3') == other_kind);  // lossless
  CHECK(with(1, '\xc5') == other_kind);  // of several frames
  CHECK(with(4, 12) == other_kind);      // of 12 bits
  // Of two components: the frame and the scan lose their third.
  std::string two = whole;
  const std::size_t scan = whole.find("\xff\xda");
  two.erase(scan + 9, 2);
  two.replace(scan + 3, 2, "\x0a\x02");
  two.erase(frame + 16, 3);
  two[frame + 3] = 14;
  two[frame + 9] = 2;
  CHECK(said_of(folder, two) == other_kind);
}

TEST_CASE("changed bytes of a JPEG crash nothing") {
  const TemporaryFolder folder;
  std::mt19937_64 random(4);
  std::size_t refused = 0, tried = 0;
  for (const JpegFile& file : jpeg_files())
    for (int i = 0; i < 200; ++i, ++tried) {
      std::string bytes = file.bytes;
      for (int k = 0; k < 2; ++k)
        bytes[3 + random() % (bytes.size() - 3)] = static_cast<char>(random());
      refused += said_of(folder, bytes) != "none" ? 1 : 0;
    }
  CHECK(refused > tried / 3);
}
