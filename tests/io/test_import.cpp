// Files of other programs; their bytes are made here by hand.
#include <sys/wait.h>

#include <catch2/catch.hpp>
#include <cstring>
#include <random>

#include "base/error.hpp"
#include "io/import.hpp"
#include "io/npy.hpp"
#include "io/numpy_files.hpp"
#include "io/png.hpp"
#include "io/temporary_folder.hpp"

using namespace pushforward;
using namespace pushforward::testing;

namespace {

std::string idx(char type, const std::vector<unsigned>& shape, const std::string& data) {
  std::string bytes{0, 0, type, static_cast<char>(shape.size())};
  for (unsigned extent : shape) {
    const std::string reversed = little_endian(extent, 4);
    bytes.append(reversed.rbegin(), reversed.rend());
  }
  return bytes + data;
}

std::string safetensors(const std::string& header, const std::string& data) {
  return little_endian(header.size(), 8) + header + data;
}

std::string png(const std::vector<std::uint8_t>& pixels, int width, int height, int channels) {
  const std::vector<std::byte> bytes = encode_png(pixels.data(), width, height, channels);
  return std::string(reinterpret_cast<const char*>(bytes.data()), bytes.size());
}

Table import(const std::vector<std::string>& files, const ImageOptions& image = {}) {
  ImportOptions options;
  options.image = image;
  return import_files(files, options).table;
}

std::string message(const std::string& file, const std::string& bytes) {
  write_bytes(file, bytes);
  try {
    import({file});
  } catch (const Error& error) {
    return std::string(error.what()).substr(file.size() + 2);
  }
  return "accepted";
}

std::vector<double> numbers(const Table& table, const std::string& path = "/x") {
  REQUIRE(table.find(path) != nullptr);
  return table.find(path)->array.to<double>();
}

}  // namespace

TEST_CASE("NPY of all types and orders") {
  const TemporaryFolder folder;
  const std::string file = folder / "f";
  const std::vector<double> expected = {1, 2, 3, 4, 5, 6};
  const auto check = [&](const std::string& bytes, ElementType type) {
    write_bytes(file, bytes);
    const Table table = import({file});
    CHECK(table.find("/x")->array.type == type);
    CHECK(table.find("/x")->array.shape == Shape{2, 3});
    CHECK(numbers(table) == expected);
  };
  check(npy("<f4", false, "2, 3", raw<float>({1, 2, 3, 4, 5, 6})), ElementType::float32);
  check(npy("<f8", true, "2, 3", raw<double>({1, 4, 2, 5, 3, 6})), ElementType::float64);
  check(npy(">i2", false, "2, 3,", std::string("\0\1\0\2\0\3\0\4\0\5\0\6", 12)),
        ElementType::int16);
  check(npy("|u1", true, "2, 3", std::string("\1\4\2\5\3\6")), ElementType::uint8);
  check(npy("<f2", false, "2, 3",
            raw<std::uint16_t>({0x3c00, 0x4000, 0x4200, 0x4400, 0x4500, 0x4600})),
        ElementType::float32);
  check(npy("<u8", false, "2, 3", raw<std::uint64_t>({1, 2, 3, 4, 5, 6})), ElementType::uint64);
  CHECK(read_npy(npy_header(ElementType::int8, {3}) + "abc", "f").to<int>() ==
        std::vector<int>{97, 98, 99});
  CHECK(npy_header(ElementType::float32, {1000, 2}).size() % 64 == 0);
}

TEST_CASE("NPY mistakes") {
  const TemporaryFolder folder;
  const std::string file = folder / "f";
  const std::string six = raw<float>({1, 2, 3, 4, 5, 6});
  CHECK(message(file, npy("<f4", false, "2, 4", six)) ==
        "is cut short: its shape is [2, 4] and it holds 6 numbers");
  CHECK(message(file, npy("<f4", false, "1000000000000, 1000000000000", six)).substr(0, 12) ==
        "is cut short");
  CHECK(message(file, npy("<c8", false, "3", six)).substr(0, 27) ==
        "holds numbers of type \"<c8\"");
  CHECK(message(file, npy("|O", false, "3", six)).substr(0, 26) == "holds numbers of type \"|O\"");
  CHECK(message(file, npy("", false, "6", six)).substr(0, 24) == "holds numbers of type \"\"");
  CHECK(message(file, "\x93NUMPY\x01") == "is cut short within its NPY header");
  CHECK(message(file, npy("<f4", false, "-1", six)) ==
        "is damaged: its NPY header has an invalid shape");
}

TEST_CASE("NPZ stored and deflated") {
  const TemporaryFolder folder;
  const std::string file = folder / "f";
  const std::string six = npy("<f4", false, "3, 2", raw<float>({1, 2, 3, 4, 5, 6}));
  const std::string three = npy("<i8", false, "3,", raw<std::int64_t>({7, 8, 9}));
  for (bool pack : {false, true}) {
    write_bytes(file, zip({{"x.npy", six}, {"y.npy", three}}, pack));
    const Table two = import({file});
    CHECK(numbers(two) == std::vector<double>{1, 2, 3, 4, 5, 6});
    CHECK(numbers(two, "/y") == std::vector<double>{7, 8, 9});
    write_bytes(file, zip({{"arr_0.npy", three}}, pack));
    CHECK(numbers(import({file})) == std::vector<double>{7, 8, 9});
    std::string damaged = zip({{"x.npy", six}}, pack);
    damaged[damaged.size() / 3] = static_cast<char>(damaged[damaged.size() / 3] ^ 1);
    CHECK(message(file, damaged) != "accepted");
  }
  CHECK(message(file, zip({{"../x.npy", six}}, false)) ==
        "the name \"../x.npy\" cannot be that of a dataset, rename it");
  CHECK(message(file, zip({{"a.npy", six}, {"a.npy", six}}, false)) == "holds /a twice");
  CHECK(message(file, zip({{"a.npy", six}, {"a/b.npy", six}}, false)) ==
        "holds both /a and /a/b, a dataset cannot be a folder");
}

TEST_CASE("IDX, packed or not, with labels") {
  const TemporaryFolder folder;
  const std::string images = folder / "images", labels = folder / "labels";
  write_bytes(images, gzip(idx(0x08, {2, 2, 3}, "abcdefghijkl")));
  write_bytes(labels, idx(0x08, {2}, std::string("\5\6")));
  const Table table = import({images, labels});
  CHECK(table.find("/x")->array.shape == Shape{2, 1, 2, 3});
  CHECK(numbers(table)[11] == 'l');
  CHECK(numbers(table, "/label") == std::vector<double>{5, 6});
  write_bytes(labels, idx(0x08, {3}, "abc"));
  CHECK_THROWS_WITH(import({images, labels}), Catch::Contains("holds 3 labels"));
  CHECK(message(images, idx(0x0d, {1, 2}, std::string("\x3f\x80\0\0\xc0\0\0\0", 8))) == "accepted");
  CHECK(numbers(import({images})) == std::vector<double>{1, -2});
  CHECK(message(images, idx(0x08, {4000000000u, 4000000000u}, "abc")).substr(0, 12) ==
        "is cut short");
  std::string cut = gzip(idx(0x08, {2, 2, 3}, "abcdefghijkl"));
  cut.resize(cut.size() - 6);
  CHECK(message(images, cut) == "its gzip stream is cut short");
}

TEST_CASE("safetensors") {
  const TemporaryFolder folder;
  const std::string file = folder / "f";
  const std::string header =
      R"({"__metadata__":{"format":"pt"},"a.w\u00e9":{"dtype":"F32","shape":[2,1],"data_offsets":[0,8]},)"
      R"("b":{"dtype":"BF16","shape":[],"data_offsets":[8,10]},)"
      R"("c":{"dtype":"F16","shape":[1],"data_offsets":[10,12]}})";
  const std::string data = raw<float>({1.5, -2}) + std::string("\x80\x3f\x00\xc0", 4);
  write_bytes(file, safetensors(header, data));
  const Table table = import({file});
  CHECK(numbers(table, "/a.w\xc3\xa9") == std::vector<double>{1.5, -2});
  CHECK(table.find("/b")->array.shape.empty());
  CHECK(numbers(table, "/b") == std::vector<double>{1});
  CHECK(numbers(table, "/c") == std::vector<double>{-2});
  CHECK(message(file, safetensors(header, data.substr(0, 11))) ==
        "is cut short: c reaches beyond its end");
  CHECK(message(file,
                safetensors(R"({"a":{"dtype":"F32","shape":[9],"data_offsets":[0,8]}})", data)) ==
        "is damaged: a has a shape and data_offsets that do not agree");
  CHECK(message(file, safetensors(R"({"a":[1,2}})", data)).substr(0, 35) ==
        "is damaged: its header is not JSON:");
  CHECK(message(file, safetensors("{" + std::string(100, '['), data)).substr(0, 35) ==
        "is damaged: its header is not JSON:");
}

TEST_CASE("the header of safetensors is JSON, and says everything once") {
  const TemporaryFolder folder;
  const std::string file = folder / "f";
  const auto said = [&](const std::string& header) {
    return message(file, safetensors(header, "12345678"));
  };
  const std::string a = R"("a":{"dtype":"U8","shape":[8],"data_offsets":[0,8]})";
  CHECK(said("{" + a + "}  ") == "accepted");
  CHECK(said("{" + a + "," + a + "}") == R"(is damaged: its header has "a" twice)");
  CHECK(said(R"({"a":{"dtype":"U8","dtype":"F64","shape":[8],"data_offsets":[0,8]}})") ==
        R"(is damaged: its header has "dtype" twice)");
  CHECK(said(R"({"\n":1,"\n":2})") == R"(is damaged: its header has "\n" twice)");
  // The same name in two objects is two names.
  CHECK(said("{" + a + R"(,"__metadata__":{"a":{"b":1},"b":1}})") == "accepted");

  const auto nested = [&](std::size_t depth) {
    return "{" + a + R"(,"__metadata__":)" + std::string(depth, '[') + std::string(depth, ']') +
           "}";
  };
  CHECK(said(nested(32)) == "accepted");
  CHECK(said(nested(33)) == "is damaged: its header is nested more than 32 deep");
  CHECK(said(nested(1000000)) == "is damaged: its header is nested more than 32 deep");

  const std::string no_json = "is damaged: its header is not JSON: ";
  CHECK(said("{" + a + "}" + std::string(1, '\0') + "?") == no_json + "it holds a zero");
  CHECK(said("{" + a + "}?") == no_json + "it is not valid at byte 54");
  CHECK(said("{\"\xe9\":1}").substr(0, no_json.size()) == no_json);
  CHECK(said(R"({"\ud800":1})").substr(0, no_json.size()) == no_json);
  CHECK(said("{" + a).substr(0, no_json.size()) == no_json);

  for (const char* odd : {"8.0", "8e0", "-8", "-0", "18446744073709551616", "\"8\"", "null"}) {
    INFO(odd);
    CHECK(said(R"({"a":{"dtype":"U8","shape":[8],"data_offsets":[0,)" + std::string(odd) + "]}}") ==
          "is damaged: a has data_offsets that are not whole numbers");
  }
  // 2^53 + 1 is no double.
  CHECK(said(R"({"a":{"dtype":"U8","shape":[1],"data_offsets":)"
             R"([9007199254740993,9007199254740994]}})") ==
        "is cut short: a reaches beyond its end");
  CHECK(said(R"({"a":{"dtype":8,"shape":[8],"data_offsets":[0,8]}})") ==
        "is damaged: a has no dtype");
  CHECK(said(R"({"a":8})") == "is damaged: a has no dtype");
  CHECK(said(R"({"a":{"dtype":"U8","shape":8,"data_offsets":[0,8]}})") ==
        "is damaged: a has no shape");
}

TEST_CASE("tensors keep the order of the file") {
  const TemporaryFolder folder;
  const std::string file = folder / "f";
  write_bytes(file, safetensors(R"({"z":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},)"
                                R"("a":{"dtype":"U8","shape":[1],"data_offsets":[1,2]},)"
                                R"("m":{"dtype":"U8","shape":[1],"data_offsets":[2,3]}})",
                                "123"));
  std::string paths;
  for (const NamedArray& one : import({file}).datasets) paths += one.path;
  CHECK(paths == "/z/a/m");
}

TEST_CASE("pictures and folders of them") {
  const TemporaryFolder folder;
  for (const char* name : {"all", "all/cat", "all/dog"})
    std::filesystem::create_directory(folder / name);
  const std::vector<std::uint8_t> grey = {0, 50, 100, 150, 200, 250};
  std::vector<std::uint8_t> colour(18);
  for (std::size_t i = 0; i < 18; ++i) colour[i] = static_cast<std::uint8_t>(10 * i);
  write_bytes(folder / "all/cat/1.txt", png(grey, 3, 2, 1));
  write_bytes(folder / "all/dog/1.png", png(grey, 3, 2, 1));
  write_bytes(folder / "all/dog/notes", "no picture");
  ImportOptions options;
  const Imported imported = import_files({folder / "all"}, options);
  CHECK(imported.passed_over == 1);
  CHECK(imported.table.find("/x")->array.shape == Shape{2, 1, 2, 3});
  CHECK(numbers(imported.table, "/label") == std::vector<double>{0, 1});
  CHECK(imported.table.find("/label")->attributes[0].second == "cat,dog");
  CHECK(numbers(imported.table)[10] == 200);

  write_bytes(folder / "c.png", png(colour, 3, 2, 3));
  const Table planes = import({folder / "c.png"});
  CHECK(planes.find("/x")->array.shape == Shape{1, 3, 2, 3});
  CHECK(numbers(planes)[6] == 10);  // green of the first pixel
  CHECK_THROWS_WITH(import({folder / "c.png", folder / "all/dog/1.png"}),
                    Catch::Contains("give --gray or --rgb"));
  ImageOptions image;
  image.channels = 1;
  CHECK(import({folder / "c.png", folder / "all/dog/1.png"}, image).find("/x")->array.shape ==
        Shape{2, 1, 2, 3});
  image.width = 8;
  image.height = 5;
  CHECK(import({folder / "c.png"}, image).find("/x")->array.shape == Shape{1, 1, 5, 8});
  write_bytes(folder / "d.png", png(grey, 2, 3, 1));
  CHECK_THROWS_WITH(import({folder / "all/dog/1.png", folder / "d.png"}),
                    Catch::Contains("has 2x3 pixels, the first picture has 3x2; give --size"));
  write_bytes(folder / "all/3.png", png(grey, 3, 2, 1));
  CHECK_THROWS_WITH(import({folder / "all"}), Catch::Contains("lies beside folders of classes"));
  std::filesystem::create_directory(folder / "none");
  CHECK_THROWS_WITH(import({folder / "none"}), Catch::Contains("holds no PNG, JPEG or BMP"));
}

TEST_CASE("files of several kinds are joined or not") {
  const TemporaryFolder folder;
  write_bytes(folder / "a.csv", "1,2\n3,4\n");
  write_bytes(folder / "b.csv", "5\t6\n");
  write_bytes(folder / "c.csv", "5\n");
  CHECK(numbers(import({folder / "a.csv", folder / "b.csv"})) ==
        std::vector<double>{1, 2, 3, 4, 5, 6});
  CHECK_THROWS_WITH(import({folder / "a.csv", folder / "c.csv"}),
                    Catch::Contains("has rows of shape [1]"));
  CHECK(message(folder / "d", std::string("\1\2\0\3", 4)).substr(0, 22) ==
        "is of no known format;");
  CHECK(message(folder / "d", "") == "is empty");
}

TEST_CASE("damaged files of every format crash nothing") {
  const TemporaryFolder folder;
  const std::string file = folder / "f";
  const std::string six = npy("<f4", true, "3, 2", raw<float>({1, 2, 3, 4, 5, 6}));
  const std::vector<std::string> sound = {
      six,
      zip({{"x.npy", six}, {"y.npy", six}}, true),
      gzip(idx(0x08, {2, 2, 3}, "abcdefghijkl")),
      idx(0x0e, {2}, raw<double>({1, 2})),
      safetensors(R"({"a":{"dtype":"F32","shape":[2,1],"data_offsets":[0,8]}})", "12345678"),
      "a,b,\"c\"\n1,2,3\n4,5,6\n"};
  std::mt19937_64 random(3);
  std::size_t accepted = 0, refused = 0;
  for (const std::string& whole : sound) {
    CHECK(message(file, whole) == "accepted");
    for (int i = 0; i < 600; ++i) {
      std::string bytes = whole;
      if (i % 3 == 0) bytes.resize(random() % bytes.size());
      for (int k = 0; k < 2 && !bytes.empty(); ++k)
        bytes[random() % bytes.size()] = static_cast<char>(random());
      ++(message(file, bytes) == "accepted" ? accepted : refused);
    }
  }
  CHECK(refused > accepted);
  const std::string picture = png(std::vector<std::uint8_t>(300, 9), 10, 10, 3);
  for (int i = 0; i < 100; ++i) {
    std::string bytes = picture;
    bytes[8 + random() % (bytes.size() - 8)] = static_cast<char>(random());
    if (i % 4 == 0) bytes.resize(random() % bytes.size());
    static_cast<void>(message(file, bytes));
  }
}
