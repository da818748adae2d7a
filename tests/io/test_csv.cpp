#include <catch2/catch.hpp>

#include "base/error.hpp"
#include "io/csv.hpp"
#include "io/temporary_folder.hpp"

using namespace pushforward;
using namespace pushforward::testing;

namespace {

Table read(const std::string& text, const CsvOptions& options = {}) {
  const TemporaryFolder folder;
  write_bytes(folder / "f.csv", text);
  return read_csv(InputFile(folder / "f.csv"), options);
}

std::vector<double> numbers(const Table& table) { return table.find("/x")->array.to<double>(); }

std::string message(const std::string& text, const CsvOptions& options = {}) {
  try {
    read(text, options);
  } catch (const Error& error) {
    const std::string all = error.what();
    return all.substr(all.find("f.csv: ") + 7);
  }
  return "accepted";
}

std::string attribute(const NamedArray& array, const std::string& name) {
  for (const auto& [key, text] : array.attributes)
    if (key == name) return text;
  return "none";
}

}  // namespace

TEST_CASE("separators, line ends, comments and quotes") {
  const std::vector<double> expected = {1, 2.5, -3e4, 0.125};
  for (const char* text :
       {"1,2.5\n-3e4,.125\n", "1\t2.5\r\n-3e4\t0.125", "1;2.5\n\n-30000;+0.125\n",
        "1 2.5\n  -3e4   1.25e-1  \n", "\"1\",\"2.5\"\n\"-3e4\",0.125\n",
        "\n\n1, 2.5\n#1,2\n-3e4 ,0.125\n\n"}) {
    INFO(text);
    const Table table = read(text);
    CHECK(table.find("/x")->array.shape == Shape{2, 2});
    CHECK(table.find("/x")->array.type == ElementType::float32);
    CHECK(numbers(table) == expected);
  }
  CHECK(read("\xef\xbb\xbf"
             "7\n8\n")
            .find("/x")
            ->array.shape == Shape{2, 1});
}

TEST_CASE("headers are found") {
  CHECK(numbers(read("a,b\n1,2\n")).size() == 2);
  CHECK(attribute(*read("a,\"b, c\"\n1,2\n").find("/x"), "columns") == "a,b, c");
  CHECK(attribute(*read("1,2\n3,4\n").find("/x"), "columns") == "none");
  CsvOptions options;
  options.header = Header::yes;
  CHECK(numbers(read("1,2\n3,4\n", options)).size() == 2);
  options.header = Header::no;
  CHECK(message("a,b\n1,2\n", options) ==
        "line 1, column 1: \"a\" is not a number (a column of classes is named by --label-column)");
}

TEST_CASE("a first line that counts rows and columns is no row") {
  CsvOptions options;
  options.label_column = "-1";
  const Table table = read("2,3,daisy,rose,tulip\n1,2,3,0\n4,5,6,1\n", options);
  CHECK(numbers(table) == std::vector<double>{1, 2, 3, 4, 5, 6});
  CHECK(attribute(*table.find("/x"), "columns") == "none");
  CHECK(table.find("/label")->array.to<int>() == std::vector<int>{0, 1});
  CHECK(message("3,3,daisy,rose,tulip\n1,2,3,0\n4,5,6,1\n") ==
        "line 1 counts other rows than the 2 that follow");
  CHECK(message("2,2,daisy,rose,tulip\n1,2,3,0\n4,5,6,1\n") ==
        "line 2 has 4 fields, the first line has 5");
  options.header = Header::no;
  CHECK(message("2,3,daisy,rose,tulip\n1,2,3,0\n", options) ==
        "line 1, column 3: \"daisy\" is not a number (a column of classes is named by "
        "--label-column)");
  CHECK(numbers(read("2,2\n4,1\n")).size() == 4);
}

TEST_CASE("label columns") {
  CsvOptions options;
  options.label_column = "kind";
  Table table = read("kind,a\nrose,1\ndaisy,2\nrose,3\n", options);
  CHECK(table.find("/label")->array.to<int>() == std::vector<int>{1, 0, 1});
  CHECK(attribute(*table.find("/label"), "classes") == "daisy,rose");
  CHECK(attribute(*table.find("/x"), "columns") == "a");
  options.label_column = "-1";
  table = read("1,2,7\n3,4,-8\n", options);
  CHECK(table.find("/label")->array.to<int>() == std::vector<int>{7, -8});
  CHECK(table.find("/x")->array.shape == Shape{2, 2});
  options.label_column = "1";
  CHECK(read("setosa,1\nvirginica,2\n", options).find("/label")->array.size() == 2);
  options.label_column = "4";
  CHECK(message("1,2,7\n", options) == "line 1: has no column \"4\", it has columns 1 to 3");
  options.label_column = "x";
  CHECK(message("a,b\n1,2\n", options) == "line 1: has no column \"x\", it has a, b");
}

TEST_CASE("double precision is asked for") {
  CsvOptions options;
  options.type = ElementType::float64;
  CHECK(numbers(read("0.1\n1e300\n", options)) == std::vector<double>{0.1, 1e300});
  CHECK(numbers(read("1e-400\n0\n", options))[0] == 0);
}

TEST_CASE("mistakes are named by line and column") {
  CHECK(message("1,2\n3\n") == "line 2 has 1 fields, the first line has 2");
  CHECK(
      message("a,b\n\n1,2\n3,x y\n") ==
      "line 4, column 2: \"x y\" is not a number (a column of classes is named by --label-column)");
  CHECK(message("1,2\n3,\n") == "line 2, column 2: is empty, a number is wanted");
  CHECK(message("1,2\n3,nan\n") == "line 2, column 2: \"nan\" is not a finite number of its type");
  CHECK(message("1\n1e39\n") == "line 2, column 1: \"1e39\" is not a finite number of its type");
  CHECK(message("1,2\n\"3,4\n") == "line 2: a quote is opened and not closed");
  CHECK(message("a,b\n") == "has a header but no rows");
  CHECK(message("# only\n\n") == "holds no lines of numbers");
}

TEST_CASE("more lines than are sampled, more bytes than a block") {
  std::string text;
  for (int i = 0; i < 200000; ++i) text += std::to_string(i) + "," + std::to_string(-i) + "\n";
  const std::vector<double> values = numbers(read(text));
  REQUIRE(values.size() == 400000);
  bool equal = true;
  for (std::size_t i = 0; i < 200000; ++i)
    equal = equal && values[2 * i] == static_cast<double>(i) &&
            values[2 * i + 1] == -static_cast<double>(i);
  CHECK(equal);
}
