// What stands in a file of another program beside plain numbers, under how many names, and how much
// of it there may be.
#include <catch2/catch.hpp>
#include <cstring>
#include <ctime>

#include "complaint.hpp"
#include "io/container.hpp"
#include "io/hdf5_files.hpp"
#include "io/summary.hpp"
#include "io/temporary_folder.hpp"

using namespace pushforward;
using namespace pushforward::testing;

namespace {

const double two[] = {1, 2};

Hdf5Type truth_type(const char* no, const char* yes, hid_t base = H5T_STD_I8LE) {
  Hdf5Type type(H5Tenum_create(base));
  for (const auto& [name, value] : {std::pair<const char*, int>{no, 0}, {yes, 1}}) {
    char bytes[8] = {static_cast<char>(value)};
    H5Tenum_insert(type.get(), name, bytes);
  }
  return type;
}

void add_group(hid_t at, const char* name) {
  const Hdf5Group group(H5Gcreate2(at, name, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT));
  REQUIRE(group);
}

void link(hid_t file, const char* from, const char* to) {
  REQUIRE(H5Lcreate_hard(file, from, file, to, H5P_DEFAULT, H5P_DEFAULT) >= 0);
}

std::string opening(const std::string& file) {
  return complaint([&] { static_cast<void>(ContainerReader(file)); });
}

}  // namespace

TEST_CASE("truth values are bytes, whatever the layout") {
  const TemporaryFolder folder;
  const std::string file = folder / "f.h5";
  with_file(file, [](hid_t f) {
    const Hdf5Type type = truth_type("FALSE", "TRUE");
    const char values[] = {0, 1, 1, 0, 1};
    add_dataset(f, "x", type.get(), {5}, {}, values, type.get());
    add_dataset(
        f, "compact", type.get(), {5}, [](hid_t p) { H5Pset_layout(p, H5D_COMPACT); }, values,
        type.get());
    add_dataset(
        f, "packed", type.get(), {5},
        [](hid_t p) {
          const hsize_t chunk[] = {2};
          H5Pset_chunk(p, 1, chunk);
          H5Pset_deflate(p, 1);
        },
        values, type.get());
  });
  const ContainerReader reader(file);
  for (const char* path : {"/x", "/compact", "/packed"}) {
    CHECK(reader.info(path).type == ElementType::uint8);
    CHECK(reader.read(path).to<int>() == std::vector<int>{0, 1, 1, 0, 1});
  }
  CHECK(reader.row_datasets().size() == 2);
}

TEST_CASE("what is not plain numbers is listed with what it is, and named when left behind") {
  const TemporaryFolder folder;
  const std::string file = folder / "f.h5";
  with_file(file, [](hid_t f) {
    add_dataset(f, "x", H5T_IEEE_F64LE, {2, 1}, {}, two);
    add_dataset(f, "beside", H5T_IEEE_F64LE, {2}, {}, two);
    add_group(f, "deep");
    add_dataset(f, "deep/numbers", H5T_IEEE_F64LE, {2}, {}, two);
    add_dataset(f, "colour", truth_type("red", "blue").get(), {2});
    add_dataset(f, "wide", truth_type("FALSE", "TRUE", H5T_STD_I32LE).get(), {2});
    const Hdf5Type complex(H5Tcreate(H5T_COMPOUND, 16)), record(H5Tcreate(H5T_COMPOUND, 12));
    H5Tinsert(complex.get(), "r", 0, H5T_IEEE_F64LE);
    H5Tinsert(complex.get(), "i", 8, H5T_IEEE_F64LE);
    H5Tinsert(record.get(), "age", 0, H5T_STD_I32LE);
    H5Tinsert(record.get(), "height", 4, H5T_IEEE_F64LE);
    add_dataset(f, "complex", complex.get(), {2, 3});
    add_dataset(f, "record", record.get(), {2});
    add_dataset(f, "long", H5T_NATIVE_LDOUBLE, {2});
    add_dataset(f, "bits", H5T_STD_B8LE, {2});
    const Hdf5Space nothing(H5Screate(H5S_NULL));
    const Hdf5Dataset empty(H5Dcreate2(f, "empty", H5T_IEEE_F64LE, nothing.get(), H5P_DEFAULT,
                                       H5P_DEFAULT, H5P_DEFAULT));
  });
  const ContainerReader reader(file);
  std::string listed;
  for (const OtherInfo& other : reader.other_datasets())
    listed += other.path + " " + other.type + to_string(other.shape) + "; ";
  CHECK(listed ==
        "/bits bits[2]; /colour enumeration[2]; /complex complex128[2, 3]; /empty empty[]; "
        "/long float128[2]; /record compound[2]; /wide enumeration[2]; ");
  CHECK(reader.left_behind(reader.row_datasets()) ==
        file +
            ": not passed on: /bits (bits), /colour (enumeration), /complex (complex128), "
            "/empty (empty), /long (float128), /record (compound) and 2 more");
  CHECK(reader.left_behind(reader.row_datasets(), ContainerReader::Behind::of_rows) ==
        file +
            ": not passed on: /bits (bits), /colour (enumeration), /complex (complex128), "
            "/long (float128), /record (compound), /wide (enumeration) and 1 more");
  const auto reading = [&](const char* path) {
    return complaint([&] { static_cast<void>(reader.read(path)); });
  };
  CHECK(reading("/colour") == file +
                                  ": /colour holds an enumeration (red, blue), not plain "
                                  "numbers; store its numbers as integers");
  CHECK_THAT(reading("/complex"), Catch::Contains("/complex holds complex numbers"));
  CHECK_THAT(reading("/record"), Catch::Contains("several fields (age, height)"));
  CHECK_THAT(reading("/long"), Catch::Contains("/long holds numbers of 128 bits in a form"));
}

TEST_CASE("an object is read under all its names") {
  const TemporaryFolder folder;
  const std::string file = folder / "f.h5";
  const bool latest = GENERATE(false, true);
  with_file(
      file,
      [](hid_t f) {
        add_group(f, "a");
        add_group(f, "a/deep");
        add_dataset(f, "a/deep/w", H5T_IEEE_F64LE, {2}, {}, two);
        link(f, "a", "z");
        link(f, "a/deep/w", "x");
        link(f, "a", "a/deep/around");
      },
      latest);
  const ContainerReader reader(file);
  for (const char* path : {"/a/deep/w", "/z/deep/w", "/x"})
    CHECK(reader.read(path).to<double>() == std::vector<double>{1, 2});
  CHECK(reader.datasets("/", true).size() == 3);
  CHECK(reader.inside("/z").has("/deep/around"));
  CHECK_FALSE(reader.has("/z/deep/around/deep"));
}

TEST_CASE("names that multiply have an end") {
  const TemporaryFolder folder;
  const std::string file = folder / "f.h5";
  with_file(file, [](hid_t f) {
    std::string path = "g";
    add_group(f, path.c_str());
    for (int i = 0; i < 40; ++i) {
      add_group(f, (path + "/l").c_str());
      link(f, (path + "/l").c_str(), (path + "/r").c_str());
      path += "/l";
    }
  });
  const std::clock_t start = std::clock();
  CHECK(opening(file) != "none");
  CHECK(std::clock() - start < 10 * CLOCKS_PER_SEC);
  with_file(file, [](hid_t f) {
    std::string path = "g";
    for (int i = 0; i < 66; ++i, path += "/g") add_group(f, path.c_str());
  });
  CHECK_THAT(opening(file), Catch::Contains("lies more than 64 groups deep"));
}

TEST_CASE("many small datasets and attributes are listed") {
  const TemporaryFolder folder;
  const std::string file = folder / "f.h5";
  const bool latest = GENERATE(false, true);
  const int count = 4000;
  with_file(
      file,
      [](hid_t f) {
        const Hdf5Space scalar(H5Screate(H5S_SCALAR));
        for (int i = 0; i < count; ++i) {
          const Hdf5Dataset one(H5Dcreate2(f, ("d" + std::to_string(i)).c_str(), H5T_STD_U8LE,
                                           scalar.get(), H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT));
          link(f, "d0", ("again" + std::to_string(i)).c_str());
        }
        const Hdf5Group group(H5Gcreate2(f, "g", H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT));
        for (int i = 0; i < 1000; ++i)
          const Hdf5Attribute one(H5Acreate2(group.get(), ("a" + std::to_string(i)).c_str(),
                                             H5T_STD_U8LE, scalar.get(), H5P_DEFAULT, H5P_DEFAULT));
      },
      latest);
  const ContainerReader reader(file);
  CHECK(reader.datasets().size() == 2 * count);
  CHECK(reader.attributes("/g").size() == 1000);
}

TEST_CASE("rows of nothing are nothing, however many") {
  const TemporaryFolder folder;
  const std::string file = folder / "f.h5";
  const hsize_t many = hsize_t{1} << 62;
  with_file(file, [&](hid_t f) {
    add_dataset(f, "x", H5T_IEEE_F64LE, {many, 0});
    add_dataset(f, "y", H5T_IEEE_F64LE, {many, many, 0});
    add_dataset(f, "z", H5T_IEEE_F64LE, {0, many});
    add_dataset(f, "chunked", H5T_IEEE_F64LE, {many, 0}, [](hid_t p) {
      const hsize_t chunk[] = {1, 1};
      H5Pset_chunk(p, 2, chunk);
    });
  });
  const ContainerReader reader(file);
  for (const DatasetInfo& info : reader.datasets()) {
    CHECK(summarize(reader, info).finite == 0);
    CHECK(reader.read(info.path).size() == 0);
  }
  CHECK(reader.datasets().size() == 4);
}

// A text attribute of 3,000 elements, each of which names the same megabyte.
TEST_CASE("text that many elements share does not fill the memory") {
  const TemporaryFolder folder;
  const std::string file = folder / "f.h5";
  const std::uint32_t large = 1u << 20, small = 6, elements = 3000;
  with_file(file, [&](hid_t f) {
    const Hdf5Type text(H5Tcopy(H5T_C_S1));
    H5Tset_size(text.get(), H5T_VARIABLE);
    const auto add = [&](const char* name, const std::vector<std::string>& lines) {
      std::vector<const char*> values;
      for (const std::string& line : lines) values.push_back(line.c_str());
      const hsize_t extent[] = {values.size()};
      const Hdf5Space space(H5Screate_simple(1, extent, nullptr));
      const Hdf5Attribute made(
          H5Acreate2(f, name, text.get(), space.get(), H5P_DEFAULT, H5P_DEFAULT));
      REQUIRE(H5Awrite(made.get(), text.get(), values.data()) >= 0);
    };
    add("big", {std::string(large, 'B')});
    add("many", std::vector<std::string>(elements, std::string(small, 's')));
  });
  // An element is its length (4 bytes), the address of a heap (8) and a number in it (4).
  std::string bytes = bytes_of(file);
  const auto find = [&](std::uint32_t length, std::size_t from) {
    const std::string sought(reinterpret_cast<const char*>(&length), 4);
    for (std::size_t at = bytes.find(sought, from); at < bytes.size() - 16;
         at = bytes.find(sought, at + 1)) {
      std::uint64_t heap = 0;
      std::memcpy(&heap, bytes.data() + at + 4, 8);
      if (heap > 0 && heap < bytes.size() && bytes.compare(heap, 4, "GCOL") == 0) return at;
    }
    return std::string::npos;
  };
  const std::string shared = bytes.substr(find(large, 0), 16);
  std::size_t patched = 0;
  for (std::size_t at = find(small, 0); at != std::string::npos; at = find(small, at + 16)) {
    bytes.replace(at, 16, shared);
    ++patched;
  }
  REQUIRE(patched == elements);
  write_bytes(file, bytes);
  CHECK(opening(file) == file +
                             ": wants far more memory than an intact file of its size; it is "
                             "damaged, or made to do harm");
}
