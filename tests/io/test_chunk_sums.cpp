// The second checksum of each chunk: what it notices, and what other programs may do to a file.
#include <catch2/catch.hpp>

#include "complaint.hpp"
#include "io/container.hpp"
#include "io/hdf5_attributes.hpp"
#include "io/hdf5_files.hpp"
#include "io/temporary_folder.hpp"

using namespace pushforward;
using namespace pushforward::testing;

namespace {

// Rows of [2, 3] in several chunks, and pieces of rows that are longer than a chunk.
void write_container(const std::string& file) {
  ContainerWriter writer(file, "tensors", {});
  writer.create_rows("/x", ElementType::float32, {2, 3});
  writer.append_rows("/x", Array::make(ElementType::float32, {6001, 2, 3}));
  writer.write("/wide", Array::make(ElementType::int16, {3, 70000}));
  writer.set_text("/x", "columns", "a,b,c");
  writer.commit();
}

std::string reading(const std::string& file, const std::string& path) {
  return complaint([&] { static_cast<void>(ContainerReader(file).read(path)); });
}

void set_number(hid_t file, const char* path, std::vector<hsize_t> at, double value) {
  const Hdf5Dataset dataset(H5Dopen2(file, path, H5P_DEFAULT));
  const Hdf5Space space(H5Dget_space(dataset.get())), one(H5Screate(H5S_SCALAR));
  const std::vector<hsize_t> count(at.size(), 1);
  H5Sselect_hyperslab(space.get(), H5S_SELECT_SET, at.data(), nullptr, count.data(), nullptr);
  REQUIRE(H5Dwrite(dataset.get(), H5T_NATIVE_DOUBLE, one.get(), space.get(), H5P_DEFAULT, &value) >=
          0);
}

}  // namespace

TEST_CASE("numbers that another program changed are told apart from damage") {
  const TemporaryFolder folder;
  const std::string file = folder / "f.h5";
  write_container(file);
  CHECK(reading(file, "/x") == "none");
  CHECK(reading(file, "/wide") == "none");
  CHECK(ContainerReader(file).attributes("/x").size() == 1);
  with_changed_file(file, [](hid_t f) {
    set_number(f, "/x", {6000, 1, 2}, 7);
    set_number(f, "/wide", {1, 69999}, 7);
  });
  const std::string hint =
      ": its numbers do not match their second checksum; if another program changed it on purpose, "
      "let it delete the attribute crc32_chunk too";
  CHECK(reading(file, "/x") == file + ": /x: is damaged: rows 5460 to 6000" + hint);
  CHECK(reading(file, "/wide") == file + ": /wide: is damaged: rows 1 to 1" + hint);
  CHECK(ContainerReader(file).read_rows("/x", 0, 100).size() == 600);
  with_changed_file(file, [](hid_t f) {
    for (const char* path : {"/x", "/wide"}) H5Adelete_by_name(f, path, "crc32_chunk", H5P_DEFAULT);
  });
  CHECK(ContainerReader(file).read("/x").to<float>()[36005] == 7);
  CHECK(ContainerReader(file).read("/wide").to<int>()[139999] == 7);
}

TEST_CASE("rows that another program added are told too") {
  const TemporaryFolder folder;
  const std::string file = folder / "f.h5";
  write_container(file);
  with_changed_file(file, [](hid_t f) {
    const Hdf5Dataset x(H5Dopen2(f, "/x", H5P_DEFAULT));
    const hsize_t more[] = {20000, 2, 3};
    REQUIRE(H5Dset_extent(x.get(), more) >= 0);
  });
  CHECK_THAT(reading(file, "/wide"),
             Catch::Contains("/x: has 3 checksums in its attributes crc32_0, ... for 8 chunks; if "
                             "another program changed it on purpose"));
}

TEST_CASE("sums of other chunks, or attributes that are no sums, are not looked at") {
  const TemporaryFolder folder;
  const std::string file = folder / "f.h5";
  const std::vector<double> values(40, 1.5);
  with_file(file, [&](hid_t f) {
    const auto chunked = [](hid_t p) {
      const hsize_t chunk[] = {10};
      H5Pset_chunk(p, 1, chunk);
    };
    for (const char* name : {"repacked", "named"})
      add_dataset(f, name, H5T_IEEE_F64LE, {40}, chunked, values.data());
    add_dataset(f, "contiguous", H5T_IEEE_F64LE, {40}, {}, values.data());
    for (const char* name : {"repacked", "contiguous"}) {
      const Hdf5Dataset dataset(H5Dopen2(f, name, H5P_DEFAULT));
      write_chunk_sums(dataset.get(), {{20}, {1, 2}, "<f8"});
    }
    const Hdf5Dataset named(H5Dopen2(f, "named", H5P_DEFAULT));
    write_number_attribute(named.get(), "crc32_chunk", 10);
    // What a copy is left with that keeps the attributes and the chunks, but not the type.
    for (const auto& [name, type] :
         {std::pair("swapped", H5T_IEEE_F64BE), std::pair("narrow", H5T_IEEE_F32LE)}) {
      add_dataset(f, name, type, {40}, chunked, values.data());
      const Hdf5Dataset dataset(H5Dopen2(f, name, H5P_DEFAULT));
      write_chunk_sums(dataset.get(), {{10}, {1, 2, 3, 4}, "<f8"});
    }
  });
  for (const char* path : {"/repacked", "/contiguous", "/named", "/swapped", "/narrow"})
    CHECK(ContainerReader(file).read(path).to<double>() == values);
}

TEST_CASE("sums of very many chunks come back") {
  const TemporaryFolder folder;
  const std::string file = folder / "f.h5";
  const bool compact = GENERATE(false, true);
  for (const std::size_t count : {1u, 8192u, 8193u, 200000u}) {
    ChunkSums sums{{3, 5}, std::vector<std::uint32_t>(count), "<f8"};
    for (std::size_t i = 0; i < count; ++i) sums.sums[i] = static_cast<std::uint32_t>(i * 7919);
    with_file(
        file,
        [&](hid_t f) {
          add_dataset(f, "x", H5T_IEEE_F64LE, {2}, [&](hid_t p) {
            if (compact) H5Pset_attr_phase_change(p, 65535, 0);
          });
          const Hdf5Dataset dataset(H5Dopen2(f, "x", H5P_DEFAULT));
          write_chunk_sums(dataset.get(), sums);
          const ChunkSums read = read_chunk_sums(dataset.get());
          CHECK(read.chunk == sums.chunk);
          CHECK(read.sums == sums.sums);
          CHECK(read.type == sums.type);
        },
        true);
  }
}
