#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <cstdlib>

#include "base/error.hpp"
#include "io/container.hpp"
#include "io/temporary_folder.hpp"

using namespace pushforward;
using pushforward::testing::bytes_of;
using pushforward::testing::TemporaryFolder;
using pushforward::testing::write_bytes;

namespace {

Provenance origin() {
  Provenance provenance;
  provenance.program = "program";
  provenance.command_line = "program --option 'a b'";
  provenance.seed = 18446744073709551615u;
  return provenance;
}

template <class T>
std::vector<T> counting(std::size_t size) {
  std::vector<T> values(size);
  for (std::size_t i = 0; i < size; ++i) values[i] = static_cast<T>(i % 251);
  return values;
}

// SOURCE_DATE_EPOCH for the length of a test, so that equal files are equal.
class FixedTime {
 public:
  FixedTime() { setenv("SOURCE_DATE_EPOCH", "1000000000", 1); }
  ~FixedTime() { unsetenv("SOURCE_DATE_EPOCH"); }
};

// Two datasets side by side, appended in blocks of these sizes, either one first.
void write_rows(const std::string& file, std::size_t x_block, std::size_t label_block,
                bool label_first) {
  const std::size_t rows = 100003;
  const std::vector<float> x = counting<float>(rows * 3);
  const std::vector<std::int64_t> labels = counting<std::int64_t>(rows);
  ContainerWriter writer(file, "tensors", origin());
  writer.create_rows("/x", ElementType::float32, {3});
  writer.create_rows("/label", ElementType::int64, {});
  std::size_t x_done = 0, label_done = 0;
  const auto append_x = [&] {
    const std::size_t count = std::min(x_block, rows - x_done);
    writer.append_rows("/x", Array::of(x.data() + 3 * x_done, {count, 3}));
    x_done += count;
  };
  const auto append_labels = [&] {
    const std::size_t count = std::min(label_block, rows - label_done);
    writer.append_rows("/label", Array::of(labels.data() + label_done, {count}));
    label_done += count;
  };
  while (x_done < rows || label_done < rows) {
    if (label_first) append_labels();
    append_x();
    if (!label_first) append_labels();
  }
  writer.commit();
}

}  // namespace

TEMPLATE_TEST_CASE("every type comes back", "", std::uint8_t, std::int8_t, std::uint16_t,
                   std::int16_t, std::uint32_t, std::int32_t, std::uint64_t, std::int64_t, float,
                   double) {
  const TemporaryFolder folder;
  const std::string file = folder / "f.h5";
  const std::vector<Shape> shapes = {{}, {1}, {7}, {0, 3}, {5, 1, 3}, {300, 17, 40}, {2, 100000}};
  {
    ContainerWriter writer(file, "tensors", origin());
    for (std::size_t i = 0; i < shapes.size(); ++i)
      writer.write("/group/d" + std::to_string(i),
                   Array::of(counting<TestType>(product(shapes[i])), shapes[i]));
    writer.commit();
  }
  const ContainerReader reader(file);
  for (std::size_t i = 0; i < shapes.size(); ++i) {
    const std::string path = "/group/d" + std::to_string(i);
    const Array array = reader.read(path);
    INFO(to_string(shapes[i]));
    CHECK(array.type == element_type<TestType>());
    CHECK(array.shape == shapes[i]);
    CHECK(array.to<TestType>() == counting<TestType>(product(shapes[i])));
  }
  // A part of rows whose chunks are pieces of a row.
  const Array part = reader.read_rows("/group/d6", 1, 1);
  const std::vector<TestType> all = counting<TestType>(200000);
  CHECK(part.to<TestType>() == std::vector<TestType>(all.begin() + 100000, all.end()));
  CHECK(reader.read_rows("/group/d5", 123, 45).to<TestType>()[0] == all[(123 * 17 * 40) % 251]);
}

TEST_CASE("what a container says of itself") {
  const FixedTime time;
  const TemporaryFolder folder;
  const std::string file = folder / "f.h5";
  Provenance provenance = origin();
  provenance.earlier = {"2020-01-01T00:00:00Z older", "oldest"};
  {
    ContainerWriter writer(file, "model", provenance);
    writer.set_text("/model", "family", "flow");
    writer.set_text("/model", "family", "score");
    writer.set_number("/model", "rate", 0.1);
    writer.set_integer("/model", "layers", -8);
    writer.write("/model/w", Array::of(counting<float>(4), {2, 2}));
    writer.set_text("/model/w", "classes", "ä,b");
    writer.write("/x", Array::of(counting<float>(6), {3, 2}));
    writer.write("/label", Array::of(counting<std::int64_t>(3), {3}));
    writer.write("/other", Array::of(counting<std::int64_t>(4), {4}));
    writer.commit();
  }
  const ContainerReader reader(file);
  CHECK(reader.kind() == "model");
  CHECK(reader.history() == std::vector<std::string>{"2001-09-09T01:46:40Z program --option 'a b'",
                                                     "2020-01-01T00:00:00Z older", "oldest"});
  CHECK(reader.text("/", "format") == std::string("pushforward"));
  CHECK(reader.number("/", "format_version") == 1.0);
  CHECK(reader.text("/", "seed") == std::string("18446744073709551615"));
  CHECK(reader.text("/model", "family") == std::string("score"));
  CHECK(reader.number("/model", "rate") == 0.1);
  CHECK(reader.text("/model", "layers") == std::string("-8"));
  CHECK(reader.text("/model/w", "classes") == std::string("ä,b"));
  CHECK_FALSE(reader.text("/model", "absent"));
  CHECK_FALSE(reader.number("/nowhere", "absent"));
  CHECK(reader.attributes("/model").size() == 3);
  CHECK(reader.has("/model"));
  CHECK(reader.datasets("/").size() == 3);
  CHECK(reader.datasets("/", true).size() == 4);
  CHECK(reader.datasets("/model")[0].path == "/model/w");
  REQUIRE(reader.row_datasets().size() == 1);
  CHECK(reader.row_datasets()[0].path == "/label");
  CHECK_THROWS_WITH(reader.read("/y"), Catch::Contains(": has no dataset /y, it has /label"));
  CHECK_THROWS_WITH(reader.read("/model"), Catch::Contains("is a group"));
  CHECK_THROWS_WITH(reader.read_rows("/x", 2, 2), Catch::Contains("has 3 rows"));
  CHECK(ContainerReader(file + ":/model/w").main_dataset() == "/model/w");
}

TEST_CASE("history can be left out and does not outgrow its attribute") {
  const TemporaryFolder folder;
  const std::string file = folder / "f.h5";
  Provenance provenance = origin();
  provenance.earlier = {"earlier"};
  provenance.write_history = false;
  ContainerWriter(file, "tensors", provenance).commit();
  CHECK(ContainerReader(file).history() == std::vector<std::string>{"earlier"});
  provenance.earlier.assign(500, std::string(5000, 'x') + "\n");
  provenance.write_history = true;
  ContainerWriter(file, "tensors", provenance).commit();
  const std::vector<std::string> lines = ContainerReader(file).history();
  CHECK(lines.size() >= 50);
  CHECK(lines[1].size() == 1000);
}

TEST_CASE("bytes do not depend on the blocks rows came in") {
  const FixedTime time;
  const TemporaryFolder folder;
  write_rows(folder / "reference.h5", 1000, 1000, false);
  const std::string reference = bytes_of(folder / "reference.h5");
  CHECK(ContainerReader(folder / "reference.h5").read_rows("/x", 99999, 4).to<float>()[0] ==
        static_cast<float>(99999 * 3 % 251));
  struct Blocks {
    std::size_t x, label;
    bool label_first;
  };
  for (const Blocks& blocks : {Blocks{100003, 100003, false}, Blocks{100003, 100003, true},
                               Blocks{33, 1000, true}, Blocks{4096, 7, false}}) {
    write_rows(folder / "f.h5", blocks.x, blocks.label, blocks.label_first);
    CHECK(bytes_of(folder / "f.h5") == reference);
  }
}

TEST_CASE("a dataset far ahead of the others waits outside of memory") {
  const FixedTime time;
  const TemporaryFolder folder;
  const auto write = [&](const std::string& file, bool alternate) {
    ContainerWriter writer(file, "tensors", origin());
    writer.create_rows("/a", ElementType::float64, {100});
    writer.create_rows("/b", ElementType::float64, {100});
    const std::size_t blocks = 20, rows = 1000;
    std::vector<double> values = counting<double>(rows * 100);
    for (std::size_t i = 0; i < (alternate ? blocks : 2 * blocks); ++i) {
      const bool to_b = !alternate && i >= blocks;
      values[0] = static_cast<double>(i % blocks);
      writer.append_rows(to_b ? "/b" : "/a", Array::of(values, {rows, 100}));
      if (alternate) writer.append_rows("/b", Array::of(values, {rows, 100}));
    }
    writer.commit();
  };
  write(folder / "alternating.h5", true);
  write(folder / "one-by-one.h5", false);
  CHECK(bytes_of(folder / "alternating.h5") == bytes_of(folder / "one-by-one.h5"));
  CHECK(ContainerReader(folder / "one-by-one.h5").read_rows("/b", 19000, 1).to<double>()[0] == 19);
  CHECK(folder.files() == 2);
}

TEST_CASE("few rows make a small file, no rows an empty dataset") {
  const FixedTime time;
  const TemporaryFolder folder;
  const auto write = [&](const std::string& file, const std::vector<std::size_t>& blocks) {
    ContainerWriter writer(file, "tensors", origin());
    writer.create_rows("/x", ElementType::float32, {2});
    writer.create_rows("/none", ElementType::float32, {2});
    writer.create_rows("/named", ElementType::float32, {});
    writer.set_text("/named", "columns", "a");
    for (std::size_t rows : blocks)
      writer.append_rows("/x", Array::of(std::vector<float>(2 * rows, 3), {rows, 2}));
    writer.commit();
  };
  write(folder / "a.h5", {100});
  write(folder / "b.h5", {1, 70, 29});
  CHECK(bytes_of(folder / "a.h5") == bytes_of(folder / "b.h5"));
  CHECK(bytes_of(folder / "a.h5").size() < 5000);
  const ContainerReader reader(folder / "a.h5");
  CHECK(reader.read("/x").to<float>() == std::vector<float>(200, 3));
  CHECK(reader.info("/none").shape == Shape{0, 2});
  CHECK(reader.info("/named").shape == Shape{0});
  CHECK(reader.text("/named", "columns") == std::string("a"));
}

TEST_CASE("a pipe carries the bytes of a file") {
  const FixedTime time;
  const TemporaryFolder folder;
  write_rows(folder / "file.h5", 1000, 1000, false);
  const std::string pipe = folder / "pipe.h5";
  const pid_t child = fork();
  if (child == 0) {
    if (std::freopen(pipe.c_str(), "w", stdout) == nullptr) _exit(1);
    write_rows("-", 777, 50, true);
    _exit(0);
  }
  int status = 0;
  waitpid(child, &status, 0);
  CHECK(status == 0);
  CHECK(bytes_of(pipe) == bytes_of(folder / "file.h5"));
}

TEST_CASE("without commit nothing happens") {
  const TemporaryFolder folder;
  const std::string file = folder / "f.h5";
  {
    ContainerWriter writer(file, "tensors", origin());
    writer.write("/x", Array::of(counting<float>(6), {3, 2}));
  }
  CHECK(folder.files() == 0);
  write_bytes(file, "old");
  {
    ContainerWriter writer(file, "tensors", origin());
    writer.write("/x", Array::of(counting<float>(6), {3, 2}));
    CHECK(bytes_of(file) == "old");
  }
  CHECK(bytes_of(file) == "old");
  CHECK(folder.files() == 1);
}

TEST_CASE("many objects and long attributes") {
  const TemporaryFolder folder;
  const std::string file = folder / "f.h5";
  {
    ContainerWriter writer(file, "model", origin());
    for (int i = 0; i < 300; ++i) {
      writer.write("/model/parameters/layer_" + std::to_string(i) + "/weight",
                   Array::of(counting<float>(8), {4, 2}));
      writer.set_number("/model", "n" + std::to_string(i), i);
    }
    writer.set_text("/model", "long", std::string(200000, 'y'));
    writer.commit();
  }
  const ContainerReader reader(file);
  CHECK(reader.datasets("/model", true).size() == 300);
  CHECK(reader.number("/model", "n299") == 299.0);
  CHECK(reader.text("/model", "long") == std::string(200000, 'y'));
}
