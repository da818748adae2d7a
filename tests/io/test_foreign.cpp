// Files that other programs wrote in ways of their own, and streams that the shell has begun.
#include <fcntl.h>
#include <unistd.h>

#include <catch2/catch.hpp>

#include "complaint.hpp"
#include "io/container.hpp"
#include "io/import.hpp"
#include "io/numpy_files.hpp"
#include "io/standard_error.hpp"
#include "io/temporary_folder.hpp"

using namespace pushforward;
using namespace pushforward::testing;

namespace {

const std::string six = npy("<f4", false, "3, 2", raw<float>({1, 2, 3, 4, 5, 6}));
const std::string three = npy("<i8", false, "3,", raw<std::int64_t>({7, 8, 9}));
const std::string text = npy("<U1", false, "2,", raw<std::uint32_t>({65, 66}));
const std::string objects = npy("|O", false, "1,", "pickled");
const std::string empty = npy("<f4", false, "0, 2", "");

Table import(const std::string& file) { return import_files({file}, {}).table; }

std::string refusal(const std::string& file, const std::string& bytes) {
  write_bytes(file, bytes);
  return complaint([&] { import(file); });
}

// The paths that are read, each with a blank behind it, and what is said of the others.
struct Outcome {
  std::string paths, warning;
};

Outcome outcome(const TemporaryFolder& folder, const std::string& location) {
  Outcome result;
  result.warning = said(folder / "err", [&] {
    for (const NamedArray& one : import(location).datasets) result.paths += one.path + " ";
  });
  return result;
}

}  // namespace

TEST_CASE("text and weights that begin with the signature of another format") {
  const TemporaryFolder folder;
  const std::string file = folder / "f";
  write_bytes(file, "BMI,age,height,weight\n22.5,30,1.75,80\n");
  CHECK(import(file).find("/x")->array.to<double>() == std::vector<double>{22.5, 30, 1.75, 80});
  // The length of the header, in little-endian, looks like the begin of a BMP, a gzip stream, a
  // JPEG.
  for (const std::size_t size : {0x4d42u, 0x8b1fu, 0x088b1fu, 0xffd8ffu}) {
    std::string header = R"({"w":{"dtype":"U8","shape":[2],"data_offsets":[0,2]}})";
    header.resize(size, ' ');
    write_bytes(file, little_endian(header.size(), 8) + header + "ab");
    CHECK(import(file).find("/w")->array.to<int>() == std::vector<int>{97, 98});
  }
}

TEST_CASE("members of an NPZ file that are no numbers are left out, with a warning") {
  const TemporaryFolder folder;
  const std::string file = folder / "f.npz", said_of = "pushforward: warning: " + file;
  const bool pack = GENERATE(false, true);
  write_bytes(file, zip({{"names.npy", text},
                         {"x.npy", six},
                         {"settings.npy", objects},
                         {"README.txt", "of an array"},
                         {"y.npy", three}},
                        pack));
  const Outcome all = outcome(folder, file);
  CHECK(all.paths == "/x /y ");
  CHECK(all.warning == said_of +
                           ": not passed on: /names (text), /settings (objects), "
                           "/README.txt (no array)\n");
  const Outcome one = outcome(folder, file + ":/y");
  CHECK(one.paths == "/x ");
  CHECK(one.warning.empty());
  CHECK(complaint([&] { import(file + ":/names"); }) ==
        file +
            ": names: holds numbers of type \"<U1\", use float16 to float64, int8 to int64, "
            "uint8 to uint64 or bool");
  CHECK_THAT(refusal(file, zip({{"names.npy", text}}, pack)), Catch::Contains("type \"<U1\""));
}

TEST_CASE("only the member that is named matters") {
  const TemporaryFolder folder;
  const std::string file = folder / "f.npz";
  std::string bytes = zip({{"../y.npy", three}, {"x.npy", six}, {"z.npy", three}}, false);
  bytes[bytes.find("NUMPY", bytes.find("z.npy"))] = '?';  // damage
  write_bytes(file, bytes);
  CHECK(outcome(folder, file + ":/x").paths == "/x ");
  CHECK_THAT(complaint([&] { import(file + ":/z"); }), Catch::Contains("z.npy is damaged"));
  CHECK_THAT(complaint([&] { import(file); }), Catch::Contains("cannot be that of a dataset"));
}

TEST_CASE("beside rows, empty arrays are left out, with a warning") {
  const TemporaryFolder folder;
  const std::string file = folder / "f.npz";
  write_bytes(file, zip({{"x.npy", six}, {"e.npy", empty}}, true));
  const Outcome all = outcome(folder, file);
  CHECK(all.paths == "/x ");
  CHECK(all.warning == "pushforward: warning: " + file + ": not passed on: /e (empty)\n");
  for (const char* needed : {"x", "label"})
    CHECK(refusal(file, zip({{needed + std::string(".npy"), empty}, {"x.npy", six}}, true)) ==
          file + ": is empty: /" + needed + " has shape [0, 2]");
}

TEST_CASE("gzip streams one after the other are joined, and nothing else may follow") {
  const TemporaryFolder folder;
  const std::string file = folder / "f.gz";
  const std::string first = gzip("a,b\n1,2\n"), second = gzip("3,4\n");
  const std::string padding =
      GENERATE(std::string(), std::string(3, '\0'), std::string(std::size_t{1} << 18, '\0'));
  write_bytes(file, first + second + padding + second + padding);
  CHECK(import(file).find("/x")->array.to<int>() == std::vector<int>{1, 2, 3, 4, 3, 4});
  CHECK(refusal(file, first + padding + "3,4\n") ==
        file +
            ": its gzip stream is followed by 4 bytes that are not gzip; only further gzip "
            "streams and zeros may follow");
  for (std::size_t size = 2; size < second.size(); ++size)
    CHECK(refusal(file, first + padding + second.substr(0, size)) ==
          file + ": its gzip stream is cut short");
  std::string damaged = first + padding + second;
  damaged[damaged.size() - 5] = static_cast<char>(damaged[damaged.size() - 5] ^ 1);
  CHECK(refusal(file, damaged) == file + ": its gzip stream is damaged");
}

TEST_CASE("standard input that is a file is read from where it stands") {
  const TemporaryFolder folder;
  const std::string file = folder / "f.csv";
  write_bytes(file, "9,9\n1,2\n3,4\n");
  const int kept = dup(STDIN_FILENO);
  const int descriptor = open(file.c_str(), O_RDONLY | O_CLOEXEC);
  REQUIRE(descriptor >= 0);
  dup2(descriptor, STDIN_FILENO);
  close(descriptor);
  const auto rows_from = [&](off_t place) {
    lseek(STDIN_FILENO, place, SEEK_SET);
    return import("-").find("/x")->array.to<int>();
  };
  const std::vector<int> whole = rows_from(0), rest = rows_from(4);
  lseek(STDIN_FILENO, 12, SEEK_SET);
  const std::string at_end = complaint([&] { import("-"); });
  if (kept >= 0) dup2(kept, STDIN_FILENO);
  close(kept);
  CHECK(whole == std::vector<int>{9, 9, 1, 2, 3, 4});
  CHECK(rest == std::vector<int>{1, 2, 3, 4});
  CHECK(at_end == "standard input: is empty");
}
