// Files that were damaged, by accident or on purpose: an Error each time, never a crash, never
// other numbers than were written.
#include <catch2/catch.hpp>
#include <random>

#include "base/error.hpp"
#include "io/container.hpp"
#include "io/hdf5_handles.hpp"
#include "io/temporary_folder.hpp"

using namespace pushforward;
using pushforward::testing::bytes_of;
using pushforward::testing::TemporaryFolder;
using pushforward::testing::write_bytes;

namespace {

void write_container(const std::string& file) {
  std::vector<float> x(200);
  for (std::size_t i = 0; i < x.size(); ++i) x[i] = static_cast<float>(i) / 7;
  Provenance provenance;
  provenance.command_line = "program";
  ContainerWriter writer(file, "model", provenance);
  writer.write("/x", Array::of(x, {100, 2}));
  writer.write("/label", Array::of(std::vector<std::int64_t>(100, 3), {100}));
  writer.write("/model/w", Array::of(x.data(), {10, 3}));
  writer.write("/model/shift", Array::of(x.data() + 9, {}));
  writer.set_number("/model", "rate", 0.5);
  writer.commit();
}

// What h5py and most others write: superblock 0, no checksums anywhere.
void write_unchecked(const std::string& file) {
  const hid_t made = H5Fcreate(file.c_str(), H5F_ACC_TRUNC, H5P_DEFAULT, H5P_DEFAULT);
  const hsize_t shape[] = {100, 2}, chunk[] = {10, 2};
  const hid_t space = H5Screate_simple(2, shape, nullptr);
  const std::vector<double> x(200, 1.25);
  const hid_t chunked = H5Pcreate(H5P_DATASET_CREATE);
  H5Pset_chunk(chunked, 2, chunk);
  H5Pset_shuffle(chunked);
  H5Pset_deflate(chunked, 6);
  for (const auto& [name, properties] :
       {std::pair<const char*, hid_t>{"x", H5P_DEFAULT}, {"packed", chunked}}) {
    const hid_t dataset =
        H5Dcreate2(made, name, H5T_IEEE_F64LE, space, H5P_DEFAULT, properties, H5P_DEFAULT);
    H5Dwrite(dataset, H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, x.data());
    H5Dclose(dataset);
  }
  const hid_t group = H5Gcreate2(made, "group", H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);
  H5Gclose(group);
  H5Pclose(chunked);
  H5Sclose(space);
  H5Fclose(made);
}

// Everything in a file, as one string; empty if it is refused.
std::string content(const std::string& file) {
  try {
    const ContainerReader reader(file);
    std::string result;
    for (const DatasetInfo& info : reader.datasets("/", true)) {
      const Array array = reader.read(info.path);
      result += info.path + to_string(info.shape) + element_type_name(info.type);
      result.append(reinterpret_cast<const char*>(array.bytes.data()), array.bytes.size());
    }
    for (const char* path : {"/", "/model"})
      for (const auto& [name, text] : reader.attributes(path)) result += name + "=" + text + ";";
    return result;
  } catch (const Error& error) {
    const std::string message = error.what();
    // One line that begins with the file's name.
    CHECK(message.compare(0, file.size() + 2, file + ": ") == 0);
    CHECK(message.find('\n') == std::string::npos);
    return "";
  }
}

}  // namespace

TEST_CASE("a file cut at any length is refused") {
  const TemporaryFolder folder;
  write_container(folder / "whole.h5");
  const std::string whole = bytes_of(folder / "whole.h5");
  const std::string cut = folder / "cut.h5";
  std::size_t accepted = 0;
  for (std::size_t size = 0; size < whole.size(); ++size) {
    write_bytes(cut, whole.substr(0, size));
    if (!content(cut).empty()) ++accepted;
  }
  CHECK(accepted == 0);
}

TEST_CASE("flipped bits are noticed or do not matter") {
  const TemporaryFolder folder;
  write_container(folder / "whole.h5");
  const std::string whole = bytes_of(folder / "whole.h5");
  const std::string expected = content(folder / "whole.h5");
  REQUIRE_FALSE(expected.empty());
  const std::string flipped = folder / "flipped.h5";
  std::mt19937_64 random(1);
  std::size_t noticed = 0, wrong = 0;
  for (int i = 0; i < 1500; ++i) {
    std::string bytes = whole;
    const std::size_t at = random() % bytes.size();
    bytes[at] = static_cast<char>(bytes[at] ^ (1 << (random() % 8)));
    write_bytes(flipped, bytes);
    const std::string read = content(flipped);
    if (read.empty()) ++noticed;
    if (!read.empty() && read != expected) ++wrong;
  }
  CHECK(wrong == 0);
  CHECK(noticed > 1300);
}

// Fletcher's sum takes words 0 and 0xffff for one another.
TEST_CASE("words of zeros that become ones, and back, are noticed everywhere") {
  const TemporaryFolder folder;
  const std::string file = folder / "whole.h5";
  {
    ContainerWriter writer(file, "model", {});
    writer.create_rows("/x", ElementType::uint8, {30});
    std::vector<std::uint8_t> x(30 * 30);
    for (std::size_t i = 0; i < x.size(); ++i) x[i] = i % 7 < 5 ? 0 : 255;
    writer.append_rows("/x", Array::of(x, {30, 30}));
    writer.write("/label", Array::of(std::vector<std::int64_t>(30, -1), {30}));
    writer.write("/scalar", Array::of(std::vector<std::int64_t>{0}, {}));
    // Enough members and attributes for heaps and B-trees.
    for (int i = 0; i < 12; ++i) {
      writer.write("/model/w" + std::to_string(i), Array::make(ElementType::float64, {3}));
      writer.set_integer("/model", "a" + std::to_string(i), i - 1);
    }
    writer.commit();
  }
  const std::string whole = bytes_of(file), expected = content(file);
  REQUIRE_FALSE(expected.empty());
  const std::string changed = folder / "changed.h5";
  const auto is_word = [&](std::size_t at, char of) {
    return at + 1 < whole.size() && whole[at] == of && whole[at + 1] == of;
  };
  std::size_t tried = 0, noticed = 0, wrong = 0;
  for (std::size_t at = 0; at < whole.size(); at += 2)
    for (const char of : {'\0', '\xff'}) {
      std::size_t end = at;
      while (is_word(end, of) && end < at + 64) end += 2;
      if (end == at) continue;
      std::string bytes = whole;
      // One word at every third place where there is a run, else all of the run.
      if (at % 3 != 0 && end > at + 2 && at > 0 && is_word(at - 2, of)) continue;
      if (at % 3 == 0) end = at + 2;
      for (std::size_t i = at; i < end; ++i) bytes[i] = static_cast<char>(~of);
      write_bytes(changed, bytes);
      const std::string read = content(changed);
      ++tried;
      noticed += read.empty() ? 1 : 0;
      wrong += !read.empty() && read != expected ? 1 : 0;
    }
  CHECK(wrong == 0);
  CHECK(tried > 400);
  CHECK(noticed > tried / 2);
}

TEST_CASE("files without checksums crash nothing") {
  const TemporaryFolder folder;
  write_unchecked(folder / "whole.h5");
  const std::string whole = bytes_of(folder / "whole.h5");
  REQUIRE_FALSE(content(folder / "whole.h5").empty());
  const std::string damaged = folder / "damaged.h5";
  std::mt19937_64 random(2);
  std::size_t refused = 0;
  for (int i = 0; i < 400; ++i) {
    std::string bytes = whole;
    for (int k = 0; k < 4; ++k)
      bytes[random() % std::min<std::size_t>(bytes.size(), 4096)] = static_cast<char>(random());
    write_bytes(damaged, bytes);
    if (content(damaged).empty()) ++refused;
  }
  CHECK(refused > 20);
}
