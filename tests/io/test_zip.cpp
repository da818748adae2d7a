// NPZ files as ZIP archives: what is refused, what damage is noticed, and what is written.
#include <catch2/catch.hpp>
#include <cstdlib>
#include <ctime>

#include "complaint.hpp"
#include "io/npz.hpp"
#include "io/numpy_files.hpp"
#include "io/temporary_folder.hpp"
#include "io/zip.hpp"

using namespace pushforward;
using namespace pushforward::testing;

namespace {

const std::string six = npy("<f4", false, "3, 2", raw<float>({1, 2, 3, 4, 5, 6}));
const std::string three = npy("<i8", false, "3,", raw<std::int64_t>({7, 8, 9}));

std::vector<NamedArray> read(const std::string& file) { return read_npz(InputFile(file)); }

// Places in the entry of the directory that is the first, or the second, ...
constexpr std::size_t flags_at = 8, method_at = 10, sum_at = 16, packed_at = 20, size_at = 24,
                      extra_size_at = 30;
std::size_t entry(const std::string& archive, int number = 0) {
  std::size_t at = archive.find("PK\x01\x02");
  for (; number > 0; --number) at = archive.find("PK\x01\x02", at + 1);
  REQUIRE(at != std::string::npos);
  return at;
}

// The same archive with the sizes of its only member in a field of ZIP64, and a directory that
// only a record of ZIP64 finds.
std::string as_zip64(const std::string& archive) {
  const std::size_t directory = entry(archive), end = archive.find("PK\x05\x06");
  std::string record = archive.substr(directory, end - directory);
  record.replace(packed_at, 8, std::string(8, '\xff'));
  record.replace(extra_size_at, 2, little_endian(20, 2));
  record += little_endian(1, 2) + little_endian(16, 2);
  for (const std::size_t at : {size_at, packed_at})
    record += archive.substr(directory + at, 4) + little_endian(0, 4);
  std::string made = archive.substr(0, directory) + record;
  const std::size_t end64 = made.size();
  made += "PK\x06\x06" + little_endian(44, 8) + little_endian(45, 2) + little_endian(45, 2) +
          little_endian(0, 8) + little_endian(1, 8) + little_endian(1, 8) +
          little_endian(record.size(), 8) + little_endian(directory, 8);
  made += "PK\x06\x07" + little_endian(0, 4) + little_endian(end64, 8) + little_endian(1, 4);
  return made + "PK\x05\x06" + std::string(16, '\xff').replace(0, 4, 4, '\0') + little_endian(0, 2);
}

}  // namespace

TEST_CASE("members that are not read, and those that would be too large") {
  const TemporaryFolder folder;
  const std::string file = folder / "f.npz";
  const bool pack = GENERATE(false, true);
  const std::string whole = zip({{"x.npy", six}}, pack);
  const auto said = [&](std::size_t at, const std::string& bytes) {
    std::string changed = whole;
    changed.replace(entry(whole) + at, bytes.size(), bytes);
    write_bytes(file, changed);
    const std::string message = complaint([&] { static_cast<void>(read(file)); });
    return message.substr(std::min(message.size(), file.size() + 2));
  };
  CHECK(said(flags_at, little_endian(1, 2)) == "x.npy is encrypted, which is not read");
  for (const int method : {1, 9, 12, 14, 93, 95})
    CHECK(said(method_at, little_endian(static_cast<unsigned>(method), 2)) ==
          "x.npy is packed by method " + std::to_string(method) +
              ", stored and deflated members are read");
  CHECK(said(sum_at, "????") == "x.npy is damaged: its checksum does not match");
  // Nobody allocates this.
  CHECK(said(size_at, little_endian(0xfffffff0u, 4)) ==
        "x.npy is damaged: its sizes make no sense");
  CHECK(said(packed_at, little_endian(0xfffffff0u, 4)) ==
        "x.npy is damaged: it reaches beyond the end of the file");
  // A checksum of something that is not there.
  CHECK_THAT(said(packed_at, little_endian(0, 4)), Catch::StartsWith("x.npy is damaged: its "));
  CHECK_THAT(said(packed_at, little_endian(0, 8)), Catch::StartsWith("x.npy is damaged: its "));
  // Fewer bytes and more than the directory says.
  const std::uint64_t size = six.size();
  for (const std::uint64_t wrong : {size - 1, size + 1})
    CHECK_THAT(said(size_at, little_endian(wrong, 4)), Catch::StartsWith("x.npy is damaged: its "));
}

TEST_CASE("every changed bit of an NPZ file is noticed or does not matter") {
  const TemporaryFolder folder;
  const std::string file = folder / "f.npz";
  const std::string whole = zip({{"x.npy", six}, {"y.npy", three}}, GENERATE(false, true));
  std::size_t noticed = 0, wrong = 0;
  for (std::size_t bit = 0; bit < whole.size() * 8; ++bit) {
    std::string bytes = whole;
    bytes[bit / 8] = static_cast<char>(bytes[bit / 8] ^ (1 << bit % 8));
    write_bytes(file, bytes);
    std::vector<NamedArray> arrays;
    if (complaint([&] { arrays = read(file); }) != "none") {
      ++noticed;
      continue;
    }
    // The names have no checksum.
    wrong += arrays.size() != 2 ||
                     arrays[0].array.to<int>() != std::vector<int>{1, 2, 3, 4, 5, 6} ||
                     arrays[1].array.to<int>() != std::vector<int>{7, 8, 9}
                 ? 1
                 : 0;
  }
  CHECK(wrong == 0);
  CHECK(noticed > whole.size() * 8 / 2);
  for (std::size_t size = 4; size < whole.size(); ++size) {
    write_bytes(file, whole.substr(0, size));
    REQUIRE_THROWS_WITH(read(file),
                        file + ": is cut short or damaged: it has no valid ZIP directory");
  }
}

TEST_CASE("archives of ZIP64, with comments and without members") {
  const TemporaryFolder folder;
  const std::string file = folder / "f.npz", whole = zip({{"x.npy", six}}, true);
  for (const std::string& bytes : {as_zip64(whole), as_zip64(zip({{"x.npy", six}}, false)),
                                   std::string(whole).replace(whole.size() - 2, 2, "\x0c") +
                                       std::string("\0a PK\x05\x06 b\0\0\0\0", 13)}) {
    write_bytes(file, bytes);
    const std::vector<NamedArray> arrays = read(file);
    REQUIRE(arrays.size() == 1);
    CHECK(arrays[0].path == "/x");
    CHECK(arrays[0].array.to<int>() == std::vector<int>{1, 2, 3, 4, 5, 6});
  }
  write_bytes(file, zip({}, false));
  CHECK_THROWS_WITH(read(file), file + ": holds no arrays");
}

TEST_CASE("a written NPZ file reads back, and equal content is equal bytes wherever it is made") {
  const TemporaryFolder folder;
  std::vector<double> numbers(100000);  // more than one block of the archive
  for (std::size_t i = 0; i < numbers.size(); ++i) numbers[i] = static_cast<double>(i) / 7;
  const std::int64_t n = 5;
  const std::vector<NamedArray> arrays = {{"/mu", Array::of(numbers, {1000, 100}), {}},
                                          {"/n", Array::of(&n, {}), {}},
                                          {"/none", Array::make(ElementType::float32, {0, 3}), {}}};
  write_npz(folder / "a.npz", arrays);
  const std::vector<NamedArray> back = read(folder / "a.npz");
  REQUIRE(back.size() == 3);
  for (std::size_t i = 0; i < 3; ++i) {
    CHECK(back[i].path == arrays[i].path);
    CHECK(back[i].array.shape == arrays[i].array.shape);
    CHECK(back[i].array.bytes == arrays[i].array.bytes);
  }
  const char* const before = std::getenv("TZ");
  const std::string zone = before == nullptr ? "" : before;
  for (const char* other : {"Pacific/Auckland", "America/New_York", "UTC"}) {
    setenv("TZ", other, 1);
    tzset();
    write_npz(folder / "b.npz", arrays);
    CHECK(bytes_of(folder / "a.npz") == bytes_of(folder / "b.npz"));
  }
  before == nullptr ? unsetenv("TZ") : setenv("TZ", zone.c_str(), 1);
  tzset();
  const std::string bytes = bytes_of(folder / "a.npz");
  CHECK(bytes.compare(10, 4, little_endian(0, 2) + little_endian(0x21, 2)) == 0);
}
