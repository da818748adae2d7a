// Names of columns and classes: what is read is what was written.
#include <hdf5.h>

#include <algorithm>
#include <catch2/catch.hpp>

#include "io/export.hpp"
#include "io/names.hpp"
#include "io/table.hpp"
#include "io/temporary_folder.hpp"

using namespace pushforward;
using namespace pushforward::testing;

namespace {

void write_named(const std::string& file, const std::string& columns, std::size_t count) {
  ContainerWriter writer(file, "tensors", {});
  writer.write("/x", Array::make(ElementType::uint8, {2, count}));
  writer.set_text("/x", "columns", columns);
  writer.commit();
}

}  // namespace

TEST_CASE("names survive their attribute") {
  const TemporaryFolder folder;
  const std::vector<std::vector<std::string>> lists = {
      {"a", "b"},
      {"", "height, cm"},
      {"", ""},
      {""},
      {"a", "a"},
      {"x\ny", "\"q\""},
      {"\\x2c", "\\", "\\x", "a\\,b"},
      {std::string("n\0l", 3), " blank ", "\xc3\xb6"}};
  for (const std::vector<std::string>& names : lists) {
    const std::string text = join_names(names);
    CHECK(split_names(text) == names);
    CHECK(static_cast<std::size_t>(std::count(text.begin(), text.end(), ',')) + 1 == names.size());
    write_named(folder / "f.h5", text, names.size());
    const ContainerReader reader(folder / "f.h5");
    CHECK(read_names(reader, "/x", "columns", names.size()) == names);
    CHECK(read_names(reader, "/x", "columns", names.size() + 1).empty());
    CHECK(read_names(reader, "/x", "classes", 1).empty());
  }
}

TEST_CASE("files from before, and arrays of texts, are read") {
  const TemporaryFolder folder;
  write_named(folder / "f.h5", "50%,a b,\\c", 3);
  CHECK(read_names(ContainerReader(folder / "f.h5"), "/x", "columns", 3) ==
        std::vector<std::string>{"50%", "a b", "\\c"});
  const hid_t file = H5Fopen((folder / "f.h5").c_str(), H5F_ACC_RDWR, H5P_DEFAULT);
  const hid_t x = H5Dopen2(file, "/x", H5P_DEFAULT);
  H5Adelete(x, "columns");
  const hid_t type = H5Tcopy(H5T_C_S1);
  H5Tset_size(type, H5T_VARIABLE);
  const hsize_t count = 3;
  const hid_t space = H5Screate_simple(1, &count, nullptr);
  const hid_t attribute = H5Acreate2(x, "columns", type, space, H5P_DEFAULT, H5P_DEFAULT);
  const char* names[] = {"a,b", "", "c"};
  REQUIRE(H5Awrite(attribute, type, names) >= 0);
  H5Aclose(attribute);
  H5Sclose(space);
  H5Tclose(type);
  H5Dclose(x);
  H5Fclose(file);
  const ContainerReader reader(folder / "f.h5");
  CHECK(read_names(reader, "/x", "columns", 3) == std::vector<std::string>{"a,b", "", "c"});
  CHECK(stored_names(reader, "/x")[0].second == "a\\x2cb,,c");
  ContainerWriter copy(folder / "g.h5", "tensors", {});
  copy.create_rows("/x", ElementType::uint8, {3});
  copy.append_rows("/x", Array::make(ElementType::uint8, {2, 3}));
  copy_names(reader, "/x", &copy, "/x");
  copy.commit();
  CHECK(read_names(ContainerReader(folder / "g.h5"), "/x", "columns", 3) ==
        std::vector<std::string>{"a,b", "", "c"});
  CHECK(bytes_of(folder / "g.h5").size() < 5000);
}

TEST_CASE("many long names") {
  const TemporaryFolder folder;
  std::vector<std::string> names;
  for (int i = 0; i < 20000; ++i) names.push_back("column number " + std::to_string(i));
  write_named(folder / "f.h5", join_names(names), names.size());
  CHECK(read_names(ContainerReader(folder / "f.h5"), "/x", "columns", names.size()) == names);
}
