// HDF5 files of other programs: what is read, and what is refused because it could do harm.
#include <unistd.h>

#include <catch2/catch.hpp>

#include "base/error.hpp"
#include "io/container.hpp"
#include "io/hdf5_attributes.hpp"
#include "io/hdf5_files.hpp"
#include "io/temporary_folder.hpp"

using namespace pushforward;
using namespace pushforward::testing;

TEST_CASE("links are refused") {
  const TemporaryFolder folder;
  const std::string file = folder / "f.h5";
  with_file(folder / "secret.h5", [](hid_t f) {
    const double value[] = {1, 2};
    add_dataset(f, "x", H5T_IEEE_F64LE, {2}, {}, value);
  });
  with_file(file, [&](hid_t f) {
    H5Lcreate_external((folder / "secret.h5").c_str(), "/x", f, "x", H5P_DEFAULT, H5P_DEFAULT);
  });
  CHECK_THROWS_WITH(ContainerReader(file), Catch::Contains("/x: is a link to another file"));
  with_file(file, [](hid_t f) { H5Lcreate_soft("/elsewhere", f, "y", H5P_DEFAULT, H5P_DEFAULT); });
  CHECK_THROWS_WITH(ContainerReader(file), Catch::Contains("/y: is a soft link"));
}

TEST_CASE("a group that contains itself has an end") {
  const TemporaryFolder folder;
  const std::string file = folder / "f.h5";
  with_file(file, [](hid_t f) {
    const Hdf5Group group(H5Gcreate2(f, "g", H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT));
    H5Lcreate_hard(f, "/", group.get(), "again", H5P_DEFAULT, H5P_DEFAULT);
    const double value[] = {1, 2};
    add_dataset(f, "x", H5T_IEEE_F64LE, {2}, {}, value);
  });
  CHECK(ContainerReader(file).datasets("/", true).size() == 1);
}

TEST_CASE("numbers in other files are refused") {
  const TemporaryFolder folder;
  const std::string file = folder / "f.h5";
  with_file(file, [](hid_t f) {
    add_dataset(f, "x", H5T_STD_U8LE, {100},
                [](hid_t p) { H5Pset_external(p, "/etc/passwd", 0, 100); });
  });
  CHECK_THROWS_WITH(ContainerReader(file),
                    Catch::Contains("/x: keeps its numbers in another file"));
  with_file(
      file,
      [&](hid_t f) {
        const hsize_t extent[] = {100};
        const Hdf5Space space(H5Screate_simple(1, extent, nullptr));
        add_dataset(f, "x", H5T_STD_U8LE, {100}, [&](hid_t p) {
          H5Pset_virtual(p, space.get(), (folder / "other.h5").c_str(), "/x", space.get());
        });
      },
      true);
  CHECK_THROWS_WITH(ContainerReader(file), Catch::Contains("/x: is a virtual dataset"));
}

TEST_CASE("shapes larger than the file are refused before anything is allocated") {
  const TemporaryFolder folder;
  const std::string file = folder / "f.h5";
  const hsize_t many = 1000000000;
  for (bool chunked : {false, true}) {
    with_file(file, [&](hid_t f) {
      add_dataset(f, "x", H5T_IEEE_F64LE, {many, many}, [&](hid_t p) {
        const hsize_t chunk[] = {1000, 1000};
        if (chunked) {
          H5Pset_chunk(p, 2, chunk);
          H5Pset_deflate(p, 1);
        }
      });
    });
    CHECK_THROWS_WITH(ContainerReader(file),
                      Catch::Contains("/x: declares [1000000000, 1000000000] numbers of 64 bits"));
  }
  with_file(file, [&](hid_t f) {
    add_dataset(f, "x", H5T_IEEE_F64LE, {1, 1, 1, 1, 1, 1, 1, 1, 1});
  });
  CHECK_THROWS_WITH(ContainerReader(file), Catch::Contains("has 9 dimensions"));
}

TEST_CASE("other filters are refused") {
  const TemporaryFolder folder;
  const std::string file = folder / "f.h5";
  with_file(file, [](hid_t f) {
    const double value[100] = {};
    add_dataset(
        f, "x", H5T_IEEE_F64LE, {100},
        [](hid_t p) {
          const hsize_t chunk[] = {10};
          H5Pset_chunk(p, 1, chunk);
          H5Pset_scaleoffset(p, H5Z_SO_FLOAT_DSCALE, 2);
        },
        value);
  });
  CHECK_THROWS_WITH(ContainerReader(file), Catch::Contains("/x: is packed with filter 6"));
}

TEST_CASE("layouts, filters and types of other programs are read") {
  const TemporaryFolder folder;
  const std::string file = folder / "f.h5";
  std::vector<double> values(35 * 7);
  for (std::size_t i = 0; i < values.size(); ++i) values[i] = static_cast<double>(i % 120);
  const bool latest = GENERATE(false, true);
  with_file(
      file,
      [&](hid_t f) {
        const auto chunked = [](hid_t p) {
          const hsize_t chunk[] = {10, 3};
          H5Pset_chunk(p, 2, chunk);
        };
        add_dataset(f, "plain", H5T_IEEE_F32LE, {35, 7}, {}, values.data());
        add_dataset(
            f, "compact", H5T_STD_I16BE, {35, 7}, [](hid_t p) { H5Pset_layout(p, H5D_COMPACT); },
            values.data());
        add_dataset(f, "big_endian", H5T_IEEE_F64BE, {35, 7}, {}, values.data());
        add_dataset(f, "chunked", H5T_STD_U8LE, {35, 7}, chunked, values.data());
        add_dataset(
            f, "filtered", H5T_STD_I32BE, {35, 7},
            [&](hid_t p) {
              chunked(p);
              H5Pset_shuffle(p);
              H5Pset_deflate(p, 9);
              H5Pset_fletcher32(p);
            },
            values.data());
        add_dataset(
            f, "checksum_first", H5T_IEEE_F64LE, {35, 7},
            [&](hid_t p) {
              chunked(p);
              H5Pset_fletcher32(p);
              H5Pset_deflate(p, 9);
            },
            values.data());
        const Hdf5Type half(H5Tcopy(H5T_IEEE_F32LE));
        H5Tset_fields(half.get(), 15, 10, 5, 0, 10);
        H5Tset_size(half.get(), 2);
        H5Tset_ebias(half.get(), 15);
        add_dataset(f, "half", half.get(), {35, 7}, {}, values.data());
        const double fill = 4;
        add_dataset(f, "unwritten", H5T_IEEE_F32BE, {35}, [&](hid_t p) {
          const hsize_t chunk[] = {10};
          H5Pset_chunk(p, 1, chunk);
          H5Pset_fill_value(p, H5T_NATIVE_DOUBLE, &fill);
        });
        const Hdf5Type text(H5Tcopy(H5T_C_S1));
        H5Tset_size(text.get(), 5);
        add_dataset(f, "names", text.get(), {1}, {}, "abcd", text.get());
      },
      latest);
  const ContainerReader reader(file);
  CHECK(reader.datasets().size() == 8);
  for (const DatasetInfo& info : reader.datasets()) {
    INFO(info.path);
    const std::vector<double> read = reader.read(info.path).to<double>();
    if (info.path == "/unwritten")
      CHECK(read == std::vector<double>(35, 4));
    else
      CHECK(read == values);
    if (info.shape.size() < 2) continue;
    const std::vector<double> part = reader.read_rows(info.path, 13, 9).to<double>();
    CHECK(part == std::vector<double>(values.begin() + 13 * 7, values.begin() + 22 * 7));
  }
  CHECK_THROWS_WITH(reader.read("/names"), Catch::Contains("/names holds text, not numbers"));
}

TEST_CASE("rows that were added and never written have the fill value") {
  const TemporaryFolder folder;
  const std::string file = folder / "f.h5";
  const bool latest = GENERATE(false, true);
  with_file(
      file,
      [](hid_t f) {
        const hsize_t few[] = {5}, chunk[] = {2}, more[] = {11}, most[] = {H5S_UNLIMITED};
        const double values[] = {1, 2, 3, 4, 5};
        const Hdf5Properties creation(H5Pcreate(H5P_DATASET_CREATE));
        H5Pset_chunk(creation.get(), 1, chunk);
        H5Pset_fletcher32(creation.get());
        const Hdf5Space space(H5Screate_simple(1, few, most));
        const Hdf5Dataset dataset(H5Dcreate2(f, "x", H5T_IEEE_F64LE, space.get(), H5P_DEFAULT,
                                             creation.get(), H5P_DEFAULT));
        REQUIRE(H5Dwrite(dataset.get(), H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, values) >=
                0);
        REQUIRE(H5Dset_extent(dataset.get(), more) >= 0);
      },
      latest);
  CHECK(ContainerReader(file).read("/x").to<int>() ==
        std::vector<int>{1, 2, 3, 4, 5, 0, 0, 0, 0, 0, 0});
}

TEST_CASE("text attributes of any kind are read") {
  const TemporaryFolder folder;
  const std::string file = folder / "f.h5";
  with_file(file, [](hid_t f) {
    const Hdf5Type text(H5Tcopy(H5T_C_S1));
    H5Tset_size(text.get(), H5T_VARIABLE);
    const hsize_t extent[] = {2};
    const Hdf5Space space(H5Screate_simple(1, extent, nullptr));
    const Hdf5Attribute made(
        H5Acreate2(f, "history", text.get(), space.get(), H5P_DEFAULT, H5P_DEFAULT));
    const char* lines[] = {"new", "old"};
    H5Awrite(made.get(), text.get(), lines);
    const Hdf5Attribute numbers(
        H5Acreate2(f, "numbers", H5T_IEEE_F32BE, space.get(), H5P_DEFAULT, H5P_DEFAULT));
    const double values[] = {0.1, -2};
    H5Awrite(numbers.get(), H5T_NATIVE_DOUBLE, values);
  });
  const ContainerReader reader(file);
  CHECK(reader.history() == std::vector<std::string>{"new", "old"});
  CHECK(reader.text("/", "numbers") == std::string("0.1 -2"));
  CHECK_FALSE(reader.number("/", "numbers"));
}

TEST_CASE("attributes without elements are none") {
  const TemporaryFolder folder;
  const std::string file = folder / "f.h5";
  with_file(file, [](hid_t f) {
    add_dataset(f, "x", H5T_IEEE_F64LE, {2});
    const Hdf5Group group(H5Gcreate2(f, "g", H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT));
    const Hdf5Type fixed(H5Tcopy(H5T_C_S1)), variable(H5Tcopy(H5T_C_S1));
    H5Tset_size(variable.get(), H5T_VARIABLE);
    const hsize_t none[] = {0};
    const Hdf5Space empty(H5Screate_simple(1, none, nullptr)), null(H5Screate(H5S_NULL));
    for (const char* object : {"/", "/x", "/g"}) {
      int number = 0;
      for (const hid_t type :
           {H5T_IEEE_F32LE, H5T_STD_I64LE, H5T_STD_U64BE, fixed.get(), variable.get()})
        for (const Hdf5Space* space : {&empty, &null})
          REQUIRE(Hdf5Attribute(H5Acreate_by_name(f, object, std::to_string(number++).c_str(), type,
                                                  space->get(), H5P_DEFAULT, H5P_DEFAULT,
                                                  H5P_DEFAULT)));
      const Hdf5Object owner(H5Oopen(f, object, H5P_DEFAULT));
      write_number_attribute(owner.get(), "one", 1);
    }
  });
  const ContainerReader reader(file);
  for (const char* path : {"/", "/x", "/g"}) {
    CHECK(reader.attributes(path).size() == 1);
    CHECK(reader.number(path, "one") == 1.0);
  }
}

TEST_CASE("a newer format is refused") {
  const TemporaryFolder folder;
  const std::string file = folder / "f.h5";
  with_file(file, [](hid_t f) {
    const Hdf5Space space(H5Screate(H5S_SCALAR));
    const Hdf5Attribute made(
        H5Acreate2(f, "format_version", H5T_STD_I64LE, space.get(), H5P_DEFAULT, H5P_DEFAULT));
    const long long version = 2;
    H5Awrite(made.get(), H5T_NATIVE_LLONG, &version);
  });
  CHECK_THROWS_WITH(ContainerReader(file), Catch::Contains("newer version of the format"));
}

TEST_CASE("what is no HDF5 file is called by its name") {
  const TemporaryFolder folder;
  const std::string file = folder / "f";
  const auto message = [&](const std::string& bytes) {
    write_bytes(file, bytes);
    try {
      ContainerReader reader(file);
    } catch (const Error& error) {
      return std::string(error.what()).substr(file.size());
    }
    return std::string("accepted");
  };
  CHECK(message("") == ": is empty, an HDF5 file is wanted");
  CHECK(message("a,b\n1,2\n") == ": is text, not an HDF5 file; tensor-import reads CSV and TSV");
  CHECK(message("\x93NUMPY\x01\x01") == ": is not an HDF5 file, convert it with tensor-import");
  CHECK(message(std::string("\x01\x00\x02", 3)) == ": is not an HDF5 file");
  CHECK(message("\x89HDF\r\n\x1a\n") == ": is cut short after 8 bytes, write or copy it again");
  CHECK_THROWS_WITH(ContainerReader(folder / "."), Catch::Contains("is a directory, not a file"));
  CHECK_THROWS_WITH(ContainerReader("/dev/zero"), Catch::Contains("is a device, not a file"));
  CHECK_THROWS_WITH(ContainerReader(folder / "absent"),
                    Catch::Contains("cannot be read: No such file or directory"));
}
