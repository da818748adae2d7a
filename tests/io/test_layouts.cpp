// Where rows, columns and channels stand in arrays of other programs; arrays without numbers.
#include <hdf5.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <cstdio>

#include "base/error.hpp"
#include "io/import.hpp"
#include "io/npy.hpp"
#include "io/permute.hpp"
#include "io/picture_layout.hpp"
#include "io/rows.hpp"
#include "io/standard_error.hpp"
#include "io/temporary_folder.hpp"

using namespace pushforward;
using namespace pushforward::testing;

namespace {

template <class T>
std::string npy(const std::vector<T>& values, const Shape& shape) {
  return npy_header(element_type<T>(), shape) +
         std::string(reinterpret_cast<const char*>(values.data()), values.size() * sizeof(T));
}

Table import(const std::string& file, const ImportOptions& options = {}) {
  return import_files({file}, options).table;
}

std::string message(const std::string& file, const ImportOptions& options = {}) {
  try {
    static_cast<void>(import(file, options));
  } catch (const Error& error) {
    CHECK(error.kind() != ErrorKind::usage);
    return error.what();
  }
  return "accepted";
}

// A file as MATLAB writes it: a block of its own before, and the extents in reverse order.
void write_matlab(const std::string& name) {
  const hid_t creation = H5Pcreate(H5P_FILE_CREATE);
  H5Pset_userblock(creation, 512);
  const hid_t file = H5Fcreate(name.c_str(), H5F_ACC_TRUNC, creation, H5P_DEFAULT);
  const auto write = [&](const char* path, std::vector<hsize_t> shape,
                         const std::vector<double>& values) {
    const hid_t space = H5Screate_simple(static_cast<int>(shape.size()), shape.data(), nullptr);
    const hid_t set =
        H5Dcreate2(file, path, H5T_IEEE_F64LE, space, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);
    H5Dwrite(set, H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, values.data());
    const hid_t type = H5Tcopy(H5T_C_S1);
    H5Tset_size(type, 6);
    const hid_t scalar = H5Screate(H5S_SCALAR);
    const hid_t attribute = H5Acreate2(set, "MATLAB_class", type, scalar, H5P_DEFAULT, H5P_DEFAULT);
    H5Awrite(attribute, type, "double");
    H5Aclose(attribute);
    H5Sclose(scalar);
    H5Tclose(type);
    H5Dclose(set);
    H5Sclose(space);
  };
  write("/x", {2, 3}, {1, 2, 3, 10, 20, 30});
  write("/label", {1, 3}, {0, 1, 0});
  write("/other", {2, 2}, {0, 0, 0, 0});
  H5Fclose(file);
  H5Pclose(creation);
}

}  // namespace

TEST_CASE("axes in another order") {
  std::vector<int> values(24);
  for (int i = 0; i < 24; ++i) values[static_cast<std::size_t>(i)] = i;
  const Array array = Array::of(values.data(), {2, 3, 4});
  const Array moved = permuted(array, {2, 0, 1});
  CHECK(moved.shape == Shape{4, 2, 3});
  CHECK(moved.data<int>()[1 * 6 + 1 * 3 + 2] == 1 * 12 + 2 * 4 + 1);
  CHECK(transposed(array).shape == Shape{4, 3, 2});
  CHECK(transposed(transposed(array)).bytes == array.bytes);
  CHECK(transposed(array).data<int>()[3 * 6 + 2 * 2 + 1] == 23);
}

TEST_CASE("rows of a file of MATLAB") {
  const TemporaryFolder folder;
  const std::string file = folder / "m.mat";
  write_matlab(file);
  const std::string warning = said(folder / "err", [&] { RowReader{file}; });
  CHECK(warning.find("m.mat: /x was written by MATLAB") != std::string::npos);
  CHECK(warning.find("2 rows are read; tensor-import --transpose makes them 3") !=
        std::string::npos);
  ImportOptions options;
  options.transpose = true;
  Table table;
  const std::string left = said(folder / "err", [&] { table = import(file, options); });
  CHECK(left == "pushforward: warning: " + file + ": not passed on: /other\n");
  CHECK(table.find("/x")->array.shape == Shape{3, 2});
  CHECK(table.find("/x")->array.to<double>() == std::vector<double>{1, 10, 2, 20, 3, 30});
  CHECK(table.find("/label")->array.shape == Shape{3, 1});
  CHECK(table.find("/other") == nullptr);
}

TEST_CASE("channels that come last") {
  for (const Shape& last : {Shape{8, 8, 3}, {32, 32, 1}, {28, 20, 4}, {4, 4, 1}})
    CHECK(looks_channels_last(last));
  for (const Shape& first : {Shape{3, 8, 8},
                             {1, 28, 28},
                             {3, 3, 3},
                             {4, 4, 4},
                             {1, 1, 3},
                             {3, 3, 1},
                             {16, 100, 1},
                             {8, 8, 8},
                             {8, 3},
                             {2, 8, 3}})
    CHECK(!looks_channels_last(first));
  const TemporaryFolder folder;
  std::vector<std::uint8_t> values(2 * 4 * 4 * 3);
  for (std::size_t i = 0; i < values.size(); ++i) values[i] = static_cast<std::uint8_t>(i);
  write_bytes(folder / "f", npy(values, {2, 4, 4, 3}));
  ImportOptions options;
  options.image.width = options.image.height = 2;
  CHECK(message(folder / "f", options).find("look like [H, W, C]") != std::string::npos);
  const auto warns = [&](const ImportOptions& with) {
    return !said(folder / "err", [&] { static_cast<void>(import(folder / "f", with)); }).empty();
  };
  CHECK(warns({}));
  options = {};
  options.channels_last = true;
  CHECK(!warns(options));
  const Array x = import(folder / "f", options).find("/x")->array;
  CHECK(x.shape == Shape{2, 3, 4, 4});
  CHECK(x.data<std::uint8_t>()[1 * 48 + 2 * 16 + 5] == 48 + 5 * 3 + 2);
  options.image.width = options.image.height = 2;
  CHECK(import(folder / "f", options).find("/x")->array.shape == Shape{2, 3, 2, 2});
}

TEST_CASE("sets without numbers, and numbers without rows") {
  const TemporaryFolder folder;
  const std::string file = folder / "f";
  const std::vector<float> none, one = {3};
  for (const Shape& shape : {Shape{0, 3}, {3, 0}, {0}}) {
    write_bytes(file, npy(none, shape));
    CHECK(message(file) == file + ": is empty: /x has shape " + to_string(shape));
    ContainerWriter writer(folder / "e.h5", "tensors", {});
    writer.write("/x", Array::make(ElementType::float32, shape));
    writer.commit();
    CHECK(message(folder / "e.h5").find(": is empty: /x has shape ") != std::string::npos);
  }
  write_bytes(file, npy(one, {}));
  CHECK(message(file) == file + ": holds a single number, rows are wanted");
  ContainerWriter writer(folder / "s.h5", "tensors", {});
  writer.write("/x", Array::of(one, {}));
  writer.commit();
  CHECK(message(folder / "s.h5").find("holds a single number") != std::string::npos);
  write_bytes(file, std::string("\0\0\x08\x03\0\0\0\0\0\0\0\4\0\0\0\4", 16));
  CHECK(message(file).find("is empty") != std::string::npos);
}

TEST_CASE("bytes beyond the array, and what is no array of numbers") {
  const TemporaryFolder folder;
  const std::string file = folder / "f";
  write_bytes(file, npy(std::vector<float>{1, 2}, {2, 1}) + "more");
  CHECK(message(file) ==
        file + ": does not end where it should: its shape is [2, 1] and it holds 4 bytes more");
  write_bytes(file, std::string("\0\0\x08\x02\0\0\0\1\0\0\0\2abc", 15));
  CHECK(message(file).find("it holds 1 bytes more") != std::string::npos);
  const std::string header = R"({"a":{"dtype":"U8","shape":[2],"data_offsets":[0,2]}})";
  write_bytes(file, std::string(1, static_cast<char>(header.size())) + std::string(7, '\0') +
                        header + "abc");
  CHECK(message(file).find("it holds 1 bytes more than its tensors") != std::string::npos);
  const auto described = [&](const std::string& type) {
    const std::string text = "{'descr': " + type + ", 'fortran_order': False, 'shape': (1,), }";
    write_bytes(file, std::string("\x93NUMPY\x01\0", 8) + static_cast<char>(text.size()) +
                          std::string(1, '\0') + text + "12345678");
    return message(file);
  };
  CHECK(described("[('a', '<f4'), ('b', '<f4')]").find("is a structured array") !=
        std::string::npos);
  CHECK(described("'|O'").find("which are Python objects") != std::string::npos);
  CHECK(described("'<U2'").find("holds numbers of type \"<U2\"") != std::string::npos);
}

TEST_CASE("one array of a file by its name") {
  const TemporaryFolder folder;
  const std::string header = R"({"a":{"dtype":"U8","shape":[2,1],"data_offsets":[0,2]},)"
                             R"("b.c":{"dtype":"U8","shape":[1,3],"data_offsets":[2,5]}})";
  const std::string file = folder / "f";
  write_bytes(file, std::string(1, static_cast<char>(header.size())) + std::string(7, '\0') +
                        header + "abcde");
  const Table table = import(file + ":/b.c");
  CHECK(table.datasets.size() == 1);
  CHECK(table.find("/x")->array.shape == Shape{1, 3});
  CHECK(message(file + ":/x") == file + ": has no tensor /x, it has /a, /b.c");
  CHECK(import(file).datasets.size() == 2);
  write_bytes(file, "1,2\n");
  CHECK(message(file + ":/x").find("text has no /x") != std::string::npos);
  write_bytes(file, npy(std::vector<float>{1, 2}, {2, 1}));
  CHECK(message(file + ":/x").find("an NPY file has no /x") != std::string::npos);
}

TEST_CASE("columns of rows that are not text") {
  const TemporaryFolder folder;
  ContainerWriter writer(folder / "f.h5", "tensors", {});
  writer.write("/x", Array::of(std::vector<double>{1, 2, 3, 4, 5, 6}, {2, 3}));
  writer.set_text("/x", "columns", "a,b\\x2c,c");
  writer.write("/label", Array::of(std::vector<int>{0, 1}, {2}));
  writer.commit();
  ImportOptions options;
  options.csv.choice = {"c,a", ""};
  const Table table = import(folder / "f.h5", options);
  CHECK(table.find("/x")->array.to<double>() == std::vector<double>{3, 1, 6, 4});
  CHECK(table.find("/x")->attributes[0].second == "c,a");
  CHECK(table.find("/label") != nullptr);
  options.csv.choice = {"", "\"b,\""};
  CHECK(import(folder / "f.h5", options).find("/x")->attributes[0].second == "a,c");
  options.csv.choice = {"4", ""};
  CHECK(message(folder / "f.h5", options).find("has no column \"4\"") != std::string::npos);
}
