#include <catch2/catch.hpp>
#include <sstream>

#include "base/error.hpp"
#include "io/csv.hpp"
#include "io/temporary_folder.hpp"
#include "io/texts.hpp"

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
    std::istringstream all(error.what());
    std::string line, lines;  // each without the path of the file
    while (std::getline(all, line, line_break))
      lines += (lines.empty() ? "" : "\n") + line.substr(line.find("f.csv: ") + 7);
    return lines;
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
  CHECK(attribute(*read("a,\"b, c\"\n1,2\n").find("/x"), "columns") == "a,b\\x2c c");
  CHECK(attribute(*read("1,2\n3,4\n").find("/x"), "columns") == "none");
  CsvOptions options;
  options.header = Header::yes;
  CHECK(numbers(read("1,2\n3,4\n", options)).size() == 2);
  options.header = Header::no;
  CHECK(
      message("a,b\n1,2\n", options) ==
      "line 1, column 1: \"a\" is not a number (of texts, --label-column 1 makes classes, "
      "--one-hot 1 "
      "columns of 0 and 1, and --keep 1 passes them on)\nline 1, column 2: \"b\" is not a number");
}

TEST_CASE("a first line that counts rows and columns is no row") {
  CsvOptions options;
  options.label_column = "-1";
  const Table table = read("2,3,daisy,rose,tulip\n1,2,3,0\n4,5,6,1\n", options);
  CHECK(numbers(table) == std::vector<double>{1, 2, 3, 4, 5, 6});
  CHECK(attribute(*table.find("/x"), "columns") == "none");
  CHECK(table.find("/label")->array.to<int>() == std::vector<int>{0, 1});
  CHECK(message("3,3,daisy,rose,tulip\n1,2,3,0\n4,5,6,1\n") ==
        "line 1 announces another number of rows than the 2 that follow");
  CHECK(message("2,2,daisy,rose,tulip\n1,2,3,0\n4,5,6,1\n") ==
        "line 2 has 4 fields, the first line has 5; 1 more such line");
  options.header = Header::no;
  CHECK_THAT(message("2,3,daisy,rose,tulip\n1,2,3,0\n", options),
             Catch::StartsWith("line 1, column 3: \"daisy\" is not a number (of texts, ") &&
                 Catch::EndsWith("\nline 1, column 4: \"rose\" is not a number\n"
                                 "line 2 has 4 fields, the first line has 5"));
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
  CHECK(message("a,b\n\n1,2\n3,x y\n") ==
        "line 4, column 2 (b): \"x y\" is not a number (of texts, --label-column 2 makes classes, "
        "--one-hot 2 columns of 0 and 1, and --keep 2 passes them on)");
  CHECK(message("1,2\n3,\n") ==
        "line 2, column 2: is empty, a number is wanted (--missing drop leaves such rows out, "
        "--missing mean fills in the mean of the column, --drop 2 leaves the column out)");
  CHECK(message("1,2\n3,nan\n") ==
        "line 2, column 2: \"nan\" is a missing value (--missing drop leaves such rows out, "
        "--missing mean fills in the mean of the column, --drop 2 leaves the column out)");
  CHECK(message("1,2\n3,inf\n") == "line 2, column 2: \"inf\" is not a finite number of its type");
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

TEST_CASE("a first line that is a row but for one value is no header") {
  for (const char* value :
       {"NA", "", "?", "True", "1.0D+01", "\"1,5\"", "-", "nan", "5%", "0x1F"}) {
    INFO(value);
    const std::string odd = value;
    const std::string first = message(odd + ",1\n2,3\n4,5\n");
    CHECK(first.substr(0, 18) == "line 1, column 1: ");
    CHECK(first.find("--header yes takes the line as a header") != std::string::npos);
    CHECK(message("2,3\n4,5\n" + odd + ",1\n").substr(0, 18) == "line 3, column 1: ");
    CHECK((odd.empty() || message(odd + "\n2\n4\n") != "accepted"));
    CsvOptions options;
    options.header = Header::yes;
    CHECK(numbers(read(odd + ",1\n2,3\n4,5\n", options)).size() == 4);
  }
  // Names over numbers are a header, whatever else is in the line.
  for (const char* line : {",height", "x,1", "1,x", ",0", "x,"})
    CHECK(numbers(read(std::string(line) + "\n1,2\n3,4\n")).size() == 4);
  // A row whose class is a text, and whose number is missing.
  CsvOptions options;
  options.label_column = "1";
  CHECK(message("rose,NA\ndaisy,2\n", options).substr(0, 18) == "line 1, column 2: ");
}

TEST_CASE("files as R, pandas and spreadsheets write them") {
  const auto shape = [](const Table& table) { return table.find("/x")->array.shape; };
  const Table r = read("\"a\" \"b\"\n\"Mazda RX4\" 1.5 2\n\"Fiat\" 3 4\n");
  CHECK(numbers(r) == std::vector<double>{1.5, 2, 3, 4});
  CHECK(attribute(*r.find("/x"), "columns") == "a,b");
  CsvOptions chosen;
  chosen.choice.columns = "1,a";
  CHECK(numbers(read("a b\n7 1.5 2\n8 3 4\n", chosen)) == std::vector<double>{7, 1.5, 8, 3});
  // A separator at the end of rows is no column of names.
  CHECK(message("a,b\n1,2,\n3,4,\n") ==
        "line 2 has 3 fields, the first line has 2; 1 more such line");
  CHECK(shape(read(",a,b\n0,1.5,2\n1,3,4\n")) == Shape{2, 3});
  CHECK(message("\"\",\"a\"\n\"Fiat\",1\n") ==
        "line 2, column 1: \"Fiat\" is not a number (a column without a name may hold names of "
        "rows: --drop 1 leaves it out, --keep 1 passes them on)");
  CsvOptions comma;
  comma.decimal = DecimalMark::comma;
  for (const char* text : {"1,5;2\n-3,25;4e1\n", "a;b\n1,5;2\n-3,25;4e1\n", "1,5\t2\n-3,25\t40\n",
                           "1,5 2\n-3,25 40\n", "\"1,5\",\"2\"\n\"-3,25\",\"40\"\n"}) {
    INFO(text);
    CHECK(numbers(read(text, comma)) == std::vector<double>{1.5, 2, -3.25, 40});
    CHECK(message(text).find("--decimal-comma") != std::string::npos);
  }
  CHECK(numbers(read("1,5\n2,25\n", comma)) == std::vector<double>{1.5, 2.25});
  CHECK(message("1,5;2.5\n", comma) ==
        "line 1, column 2: \"2.5\" has a decimal point, and --decimal-comma was given");
  CHECK(numbers(read("a,b\r1,2\r3,4\r")) == std::vector<double>{1, 2, 3, 4});
  CHECK(message("a,b\r1,2\r3,x\r").substr(0, 20) == "line 3, column 2 (b)");
  CHECK(numbers(read("# saved\n1.0e+00 2.0e+00\n3.0e+00 4.0e+00\n")).size() == 4);
  CHECK(numbers(read("sep=;\na;b\n1;2\n")) == std::vector<double>{1, 2});
  CHECK(numbers(read("a name with blanks\n1\n2\n")) == std::vector<double>{1, 2});
}

TEST_CASE("text in UTF-16 is read, names that are not UTF-8 become it") {
  const std::string plain =
      "gr\xc3\xb6\xc3\x9f"
      "e\tb\r\n1\t2\r\n";
  std::string little = "\xff\xfe", big = "\xfe\xff";
  for (const char16_t c : std::u16string(u"gr\u00f6\u00dfe\tb\r\n1\t2\r\n")) {
    little += {static_cast<char>(c & 0xff), static_cast<char>(c >> 8)};
    big += {static_cast<char>(c >> 8), static_cast<char>(c & 0xff)};
  }
  for (const std::string& text : {plain, little, big,
                                  std::string("gr\xf6\xdf"
                                              "e\tb\n1\t2\n")}) {
    const Table table = read(text);
    CHECK(numbers(table) == std::vector<double>{1, 2});
    CHECK(attribute(*table.find("/x"), "columns") ==
          "gr\xc3\xb6\xc3\x9f"
          "e,b");
  }
  CHECK(numbers(read(std::string("1\0,\0002\0\n\0", 8))) == std::vector<double>{1, 2});
  CHECK(message(little.substr(0, little.size() - 1)).substr(0, 11) == "is damaged:");
}

TEST_CASE("labels: missing ones, whole numbers, classes") {
  CsvOptions options;
  options.label_column = "k";
  for (const char* missing : {"", "NA", "nan", "?", "N/A"})
    CHECK(message("a,k\n1,10\n2,2\n3," + std::string(missing) + "\n4,7\n", options).substr(0, 28) ==
          "line 4, column 2 (k): the la");
  options.missing = MissingValues::drop_rows;
  Table table = read("a,k\n1,10\nNA,2\n3,\n4,7\n", options);
  CHECK(numbers(table) == std::vector<double>{1, 4});
  CHECK(table.find("/label")->array.to<int>() == std::vector<int>{10, 7});
  CHECK(message("a,k\n,1\n", options) == "every row has a missing value");
  table = read("a,k\n1,+1\n2,-1\n3,2.0\n", options);
  CHECK(table.find("/label")->array.to<int>() == std::vector<int>{1, -1, 2});
  table = read("a,k\n1,\"a,b\"\n2,c\n3,\"d\ne\"\n", options);
  CHECK(attribute(*table.find("/label"), "classes") == "a\\x2cb,c,d\ne");
  table = read("a,k\n1,10\n2,x\n3,2\n", options);
  CHECK(attribute(*table.find("/label"), "classes") == "10,2,x");
}

TEST_CASE("columns are chosen by name and number") {
  const std::string text = "id,a,\"b,c\",d\nx,1,2,3\ny,4,5,6\n";
  const auto chosen = [&](const std::string& columns, const std::string& drop) {
    CsvOptions options;
    options.choice = {columns, drop};
    const Table table = read(text, options);
    std::string result = attribute(*table.find("/x"), "columns") + ":";
    for (const double value : numbers(table)) result += " " + std::to_string(int(value));
    return result;
  };
  CHECK(chosen("", "id") == "a,b\\x2cc,d: 1 2 3 4 5 6");
  CHECK(chosen("d,\"b,c\"", "") == "d,b\\x2cc: 3 2 6 5");
  CHECK(chosen("-1,2", "") == "d,a: 3 1 6 4");
  CHECK(chosen("2-4", "3") == "a,d: 1 3 4 6");
  CHECK(chosen("", "1,3--1") == "a: 1 4");
  CHECK_THROWS_WITH(chosen("5", ""), Catch::Contains("has no column \"5\", it has id, a"));
  CHECK_THROWS_WITH(chosen("a,2", ""), Catch::Contains("column 2 is listed twice"));
  CHECK_THROWS_WITH(chosen("", "1-4"), Catch::Contains("no column is left"));
  CHECK_THROWS_WITH(chosen("id", ""),
                    Catch::Contains("line 2, column 1 (id): \"x\" is not a number"));
  CsvOptions options;
  options.choice.columns = "a";
  CHECK(message("a,a\n1,2\n", options) ==
        "line 1: has more than one column \"a\", give a number from 1 to 2");
}

TEST_CASE("every column's fault is told once, with how many more there are") {
  CHECK(
      message("a,b,c\n1,x,3\n2,y,\n3,z\n4,,NA\n", {}) ==
      "line 2, column 2 (b): \"x\" is not a number (of texts, --label-column 2 makes classes, "
      "--one-hot 2 columns of 0 and 1, and --keep 2 passes them on); 1 more in this column\n"
      "line 3, column 3 (c): is empty, a number is wanted (--missing drop leaves such rows out, "
      "--missing mean fills in the mean of the column, --drop 3 leaves the column out); 1 more in "
      "this column\n"
      "line 4 has 2 fields, the first line has 3\n"
      "line 5, column 2 (b): is empty, a number is wanted");
  std::string wide = "0";
  for (int i = 1; i < 13; ++i) wide += ",";
  CHECK_THAT(message(wide + "\n" + wide + "\n"),
             Catch::Contains("line 1, column 11: is empty, a number is wanted; 1 more in this "
                             "column\n4 more faults in other columns"));
}

TEST_CASE("missing values become means, and rows of indicators their shares") {
  CsvOptions options;
  options.missing = MissingValues::mean;
  options.one_hot = "kind";
  const Table table = read("a,kind,b\n1,u,10\n,v,NA\n3,?,20\n5,v,30\n", options);
  CHECK(attribute(*table.find("/x"), "columns") == "a,kind=u,kind=v,b");
  const float third = 1.0F / 3;
  CHECK(table.find("/x")->array.to<float>() ==
        std::vector<float>{1, 1, 0, 10, 3, 0, 1, 20, 3, third, 2 * third, 20, 5, 0, 1, 30});
  options.one_hot.clear();
  CHECK(message("a,b\n1,\n2,\n", options).find("column 2 (b) has no values at all") == 0);
}

TEST_CASE("texts that are kept stay as they are") {
  CsvOptions options;
  options.keep = "id,km/h";
  options.one_hot = "1";
  options.choice.columns = "age";
  const Table table = read("sex,age,id,km/h\nf,1,007,\"a, b\"\nm,2,,\nf,3,NA,\xc3\xa9\n", options);
  CHECK(attribute(*table.find("/x"), "columns") == "age,sex=f,sex=m");
  CHECK(table.find("/x")->array.to<float>() == std::vector<float>{1, 1, 0, 2, 0, 1, 3, 1, 0});
  const NamedArray &id = *table.find("/id"), &speed = *table.find("/km_h");
  REQUIRE((id.is_text && speed.is_text));
  CHECK(attribute(speed, "columns") == "km/h");
  std::vector<std::string> texts;
  for (std::size_t row = 0; row < 3; ++row) {
    texts.emplace_back(text_of(id.array, row));
    texts.emplace_back(text_of(speed.array, row));
  }
  CHECK(texts == std::vector<std::string>{"007", "a, b", "", "", "NA", "\xc3\xa9"});
  options.keep = "x";
  options.one_hot = "sex";
  CHECK(message("x,age,sex\n1,2,3\n", options).find("cannot be kept under its name") !=
        std::string::npos);
}

TEST_CASE("quotes in comments mean nothing, those over lines in rows do") {
  CHECK(numbers(read("# 5\" disk\n1,2\n3,4\n# 6\" disk\n5,6\n")) ==
        std::vector<double>{1, 2, 3, 4, 5, 6});
  CHECK(numbers(read("#\"\n\"a\n#b\",c\n1,2\n#\"")) == std::vector<double>{1, 2});
  CHECK(message("1,2\n# \"\n3,x\n").substr(0, 18) == "line 3, column 2: ");
}

TEST_CASE("error values of spreadsheets are missing values, not comments") {
  for (const std::string word :
       {"#N/A", "#DIV/0!", "#REF!", "#VALUE!", "#NAME?", "#NUM!", "#NULL!"}) {
    INFO(word);
    for (const char* separator : {",", ";", "\t", " "})
      CHECK(
          message("1" + std::string(separator) + "2\n" + word + separator + "4\n").substr(0, 18) ==
          "line 2, column 1: ");
    CHECK(message("1\n" + word).substr(0, 18) == "line 2, column 1: ");
    CHECK(message(word + ",1\n2,3\n").substr(0, 18) == "line 1, column 1: ");
    CsvOptions options;
    options.missing = MissingValues::drop_rows;
    CHECK(numbers(read("1,2\n" + word + ",4\n5,6\n", options)) == std::vector<double>{1, 2, 5, 6});
    CHECK(numbers(read("1,2\n" + word + "x\n5,6\n")) == std::vector<double>{1, 2, 5, 6});
  }
}

TEST_CASE("long lines of quoted fields are read in one pass") {
  // Minutes, were the line's end looked for again after every quote.
  std::string line;
  for (int i = 0; i < 500000; ++i) line += "\"" + std::to_string(i % 10) + "\",";
  line.back() = '\n';
  const Table table = read(line + line + line);
  CHECK(table.find("/x")->array.shape == Shape{3, 500000});
}

TEST_CASE("a number below one name is not cut into a name of a row and a number") {
  for (const char* text :
       {"Wert\n21,5\n22,0\n19,8\n", "x\n1,234\n5,678\n", "x\n1,5\n2,5\n3,5\n", "temp\n1;5\n2;5\n",
        "values\n1 0.5\n2 0.6\n", "Preis\nEUR 1,5\nEUR 2,5\n"}) {
    INFO(text);
    const std::string said = message(text);
    CHECK(said.substr(0, 42) == "line 2 has 2 fields, the first line has 1 ");
    CHECK(said.find("--decimal-comma") != std::string::npos);
  }
  CsvOptions comma;
  comma.decimal = DecimalMark::comma;
  CHECK(numbers(read("x\n21,5\n22,0\n", comma)) == std::vector<double>{21.5, 22});
  // As R writes one column.
  for (const char* text :
       {"\"x\"\n\"1\" 5\n\"2\" 6\n", "\"x\"\n\"a\" 5\n\"b\" 6\n", "x\na 5\nb 6\n",
        "\"x\"\n\"1\",5\n\"2\",6\n", "\"x\"\n\"a1\",5\n\"b2\",6\n"}) {
    INFO(text);
    CHECK(numbers(read(text)) == std::vector<double>{5, 6});
    CHECK(attribute(*read(text).find("/x"), "columns") == "x");
  }
}

TEST_CASE("commas that are decimal marks and separators at once") {
  CsvOptions comma;
  comma.decimal = DecimalMark::comma;
  const auto shape = [&](const std::string& text) {
    return read(text, comma).find("/x")->array.shape;
  };
  for (const char* text : {"a,b\n1,2\n3,\"1,5\"\n", "1,2\n3,\"1,5\"\n", "\"1,5\",2\n3,4\n",
                           "a,b\n1,2\n3,4\n", "a, b\n1, 2\n3, 4\n"}) {
    INFO(text);
    CHECK(shape(text) == Shape{2, 2});
  }
  std::string later = "a,b\n";
  for (int i = 0; i < 100; ++i) later += "1,2\n";
  CHECK(shape(later + "3,\"1,5\"\n") == Shape{101, 2});
  CHECK(shape("height, m\n1,75\n1,5\n") == Shape{2, 1});
  CHECK(numbers(read("\"2,5\" 1,5\n\"3,5\" 4,5\n", comma)) ==
        std::vector<double>{2.5, 1.5, 3.5, 4.5});
  const std::string thousands = message("a,b\n\"1,234\",2\n");
  CHECK(thousands.find("reads it as 1.234; write 1234 if") != std::string::npos);
  CHECK(thousands.find("as one") == std::string::npos);
  CHECK(message("a,b\n\"1,25\",2\n").find("reads it as one") != std::string::npos);
}

TEST_CASE("labels have the decimal mark of the other columns") {
  CsvOptions options;
  options.label_column = "k";
  options.decimal = DecimalMark::comma;
  const Table table = read("x;k\n1,5;2,0\n1,5;3,0\n", options);
  CHECK(table.find("/label")->array.to<int>() == std::vector<int>{2, 3});
  CHECK(attribute(*table.find("/label"), "classes") == "none");
  options.decimal = DecimalMark::point;
  CHECK(attribute(*read("x;k\n1;2,0\n1;3,0\n", options).find("/label"), "classes") ==
        "2\\x2c0,3\\x2c0");
}

TEST_CASE("a first line that counts and names classes may be as long as a row") {
  CsvOptions options;
  options.label_column = "-1";
  const std::string rows = "5.1,3.5,1.4,0.2,0\n7.0,3.2,4.7,1.4,1\n";
  const std::string classes = ",setosa,versicolor,virginica\n";
  const Table table = read("2,4" + classes + rows, options);
  CHECK(table.find("/x")->array.shape == Shape{2, 4});
  CHECK(attribute(*table.find("/x"), "columns") == "none");
  CHECK(table.find("/label")->array.to<int>() == std::vector<int>{0, 1});
  CHECK(message("3,4" + classes + rows, options) ==
        "line 1 announces another number of rows than the 2 that follow (--header yes takes it as "
        "a header)");
  // Headers: by the option, with another second number, with a number among the classes.
  options.label_column = "";
  for (const std::string& header : {"2,5" + classes, std::string("2,4,a,b,7\n")})
    CHECK(attribute(*read(header + rows).find("/x"), "columns") ==
          header.substr(0, header.size() - 1));
  options.header = Header::yes;
  CHECK(attribute(*read("2,4" + classes + rows, options).find("/x"), "columns") ==
        "2,4,setosa,versicolor,virginica");
}

TEST_CASE("very wide tables") {
  std::string row;
  for (int i = 0; i < 200000; ++i) row += std::to_string(1000000 + i) + ",";
  row.back() = '\n';
  std::string text = "a" + row.substr(1);
  for (int i = 0; i < 4; ++i) text += row;
  const Table table = read(text);
  CHECK(table.find("/x")->array.shape == Shape{4, 200000});
  CHECK(attribute(*table.find("/x"), "columns").substr(0, 15) == "a000000,1000001");
}
