#include <catch2/catch.hpp>
#include <cstdio>
#include <fstream>
#include <limits>

#include "base/error.hpp"
#include "cli/command_line.hpp"
#include "cli/parse_number.hpp"
#include "cli/program.hpp"

using namespace pushforward;

namespace {

// A program with an option of every kind.
struct Sample {
  CommandLine line{"sample", "[OPTIONS] [INPUT]", "Shows every kind of option.", "sample --lr 1"};
  bool fast = false;
  std::string name = "plain";
  std::string flow = "nice";
  std::int64_t count = 5;
  double rate = 0.5;
  std::vector<int> widths{1, 2};
  std::vector<double> levels;
  std::vector<std::string> files;
  std::vector<std::string> inputs;
  CommonOptions common;

  Sample() {
    add_common(line, &common);
    line.flag("fast,f", &fast, "go fast");
    line.text("name", &name, "NAME", "a name");
    line.choice("flow", &flow, {"nice", "realnvp"}, "a family");
    line.integer("count,n", &count, {0, 1024}, "a count");
    line.number("rate", &rate, Range::above(0).at_most(1), "a rate");
    line.integers("widths", &widths, {1, 64}, "W,...", "some widths");
    line.numbers("levels", &levels, Range::at_least(0), "X,...", "some levels");
    line.input_files("file", &files, "FILE", "some files");
    line.operands(&inputs, 0, 2, {"INPUT"});
  }

  bool parse(std::vector<const char*> words) {
    words.insert(words.begin(), "sample");
    return line.parse(static_cast<int>(words.size()), words.data());
  }

  // The message of the usage error that the words cause.
  std::string refusal(const std::vector<const char*>& words) {
    try {
      (void)parse(words);
    } catch (const Error& error) {
      REQUIRE(error.exit_status() == 2);
      return error.what();
    }
    return "accepted";
  }
};

std::string refusal(const std::vector<const char*>& words) { return Sample().refusal(words); }

struct TemporaryFile {
  std::string name = "command_line_test.conf";
  explicit TemporaryFile(const std::string& text) { std::ofstream(name) << text; }
  ~TemporaryFile() { std::remove(name.c_str()); }
};

}  // namespace

TEST_CASE("options take their values in every usual spelling") {
  for (const auto& words : std::vector<std::vector<const char*>>{{"-n", "7"},
                                                                 {"-n7"},
                                                                 {"--count", "7"},
                                                                 {"--count=7"},
                                                                 {"-fn7"},
                                                                 {"--count", "+7"},
                                                                 {"--count", "7e0"}}) {
    Sample sample;
    REQUIRE(sample.parse(words));
    CHECK(sample.count == 7);
    CHECK(sample.line.given("count"));
    CHECK_FALSE(sample.line.given("rate"));
  }
  Sample sample;
  REQUIRE(sample.parse({"--rate", "1e-3", "--flow=realnvp", "-f", "--name", "two words", "--widths",
                        "3,4", "--widths=5", "--levels", "0,2.5", "--file", "a", "--file", "b"}));
  CHECK(sample.rate == 1e-3);
  CHECK(sample.flow == "realnvp");
  CHECK(sample.fast);
  CHECK(sample.name == "two words");
  CHECK(sample.widths == std::vector<int>{3, 4, 5});
  CHECK(sample.levels == std::vector<double>{0, 2.5});
  CHECK(sample.files == std::vector<std::string>{"a", "b"});
}

TEST_CASE("what is not given keeps its default") {
  Sample sample;
  REQUIRE(sample.parse({}));
  CHECK(sample.count == 5);
  CHECK(sample.rate == 0.5);
  CHECK(sample.flow == "nice");
  CHECK(sample.widths == std::vector<int>{1, 2});
  CHECK(sample.inputs.empty());
  CHECK_FALSE(sample.fast);
}

TEST_CASE("operands may be a dash, negative numbers, and anything after two dashes") {
  Sample dash;
  REQUIRE(dash.parse({"-", "-3.5"}));
  CHECK(dash.inputs == std::vector<std::string>{"-", "-3.5"});
  Sample path;
  REQUIRE(path.parse({"-:/x", "-f"}));
  CHECK(path.inputs == std::vector<std::string>{"-:/x"});
  CHECK(path.fast);
  Sample ended;
  REQUIRE(ended.parse({"-f", "--", "--count", "-f"}));
  CHECK(ended.inputs == std::vector<std::string>{"--count", "-f"});
  CHECK(refusal({"a", "b", "c"}).find("unexpected operand 'c'") == 0);
}

TEST_CASE("a number is refused with its option, its text and its range") {
  CHECK(refusal({"--count", "-3"}) == "option --count: -3 is outside 0..1024");
  CHECK(refusal({"-n", "-3"}) == "option --count: -3 is outside 0..1024");
  CHECK(refusal({"--count", "1025"}) == "option --count: 1025 is outside 0..1024");
  CHECK(refusal({"--count", "4294967293"}) == "option --count: 4294967293 is outside 0..1024");
  CHECK(refusal({"--count", "18446744073709551617"}) ==
        "option --count: 18446744073709551617 is outside 0..1024");
  CHECK(refusal({"--count", "2.5"}) == "option --count: 2.5 is not a whole number");
  CHECK(refusal({"--count", "1e300"}) == "option --count: 1e300 is outside 0..1024");
  CHECK(refusal({"--count", "5x"}) == "option --count: '5x' is not a number");
  CHECK(refusal({"--count", "0x10"}) == "option --count: '0x10' is not a number");
  CHECK(refusal({"--count", ""}) == "option --count: '' is not a number");
  CHECK(refusal({"--count", " 5"}) == "option --count: ' 5' is not a number");
  CHECK(refusal({"--rate", "nan"}) == "option --rate: nan is not a finite number");
  CHECK(refusal({"--rate", "inf"}) == "option --rate: inf is not a finite number");
  CHECK(refusal({"--rate", "0"}) ==
        "option --rate: 0 is out of range, it must be above 0 and at most 1");
  CHECK(refusal({"--rate", "1e400"}) ==
        "option --rate: 1e400 is out of range, it must be above 0 and at most 1");
  CHECK(refusal({"--levels", "1e400"}) == "option --levels: 1e400 is outside 0..1e+300");
  CHECK(refusal({"--levels", "1e305"}) == "option --levels: 1e305 is outside 0..1e+300");
  CHECK(refusal({"--levels", "1e-400"}) ==
        "option --levels: 1e-400 is too close to 0 for a number to hold; write 0 if that is meant");
  CHECK(refusal({"--rate", "1e-400"}) ==
        "option --rate: 1e-400 is too close to 0 for a number to hold");
  CHECK(refusal({"--count", "1e-400"}) ==
        "option --count: 1e-400 is too close to 0 for a number to hold; write 0 if that is meant");
  CHECK(refusal({"--rate", "0,5"}) == "option --rate: '0,5' is not a number; write 0.5");
  CHECK(refusal({"--rate", "0,5,5"}) == "option --rate: '0,5,5' is not a number");
  CHECK(refusal({"--count", "1_000"}) == "option --count: '1_000' is not a number");
  CHECK(refusal({"--levels", "1,-2"}) ==
        "option --levels: -2 is out of range, it must be at least 0");
  CHECK(refusal({"--widths", "1,,2"}) == "option --widths: '' is not a number");
  CHECK(refusal({"--flow", "glow"}) == "option --flow: 'glow' is not one of nice, realnvp");
}

TEST_CASE("options are not guessed, doubled or left without a value") {
  CHECK(refusal({"--coun", "5"}) == "unknown option --coun, see sample --help");
  CHECK(refusal({"-z"}) == "unknown option -z, see sample --help");
  CHECK(refusal({"--count", "1", "-n2"}) == "option --count is given more than once");
  CHECK(refusal({"--count"}) == "option --count needs a value (N)");
  CHECK(refusal({"--fast=yes"}) == "option --fast takes no value");
  Sample twice;
  CHECK(twice.parse({"-v", "-v"}));
  CHECK(twice.common.verbose);
}

TEST_CASE("a configuration file gives options that the command line overrides") {
  const TemporaryFile file(
      "# a run\n\ncount = 9   # rows\nfast\n--rate=0.25\nname = a#b = c\n"
      "widths = 7\nwidths = 8\nquiet = no\n");
  Sample sample;
  REQUIRE(sample.parse({"--config", file.name.c_str(), "--rate", "0.75"}));
  CHECK(sample.count == 9);
  CHECK(sample.fast);
  CHECK(sample.rate == 0.75);
  CHECK(sample.name == "a#b = c");
  CHECK(sample.widths == std::vector<int>{7, 8});
  CHECK_FALSE(sample.common.quiet);
  CHECK(sample.line.given("count"));
}

TEST_CASE("of options that exclude each other the one on the command line stands") {
  struct Excluding {
    CommandLine line{"sample", "[OPTIONS]", "Shows options in each other's way.", "sample"};
    CommonOptions common;
    bool summary = false;
    std::int64_t steps = 5, epochs = 0;
    std::string output = "-";
    Excluding() {
      add_common(line, &common);
      line.flag("summary", &summary, "only a summary");
      line.integer("steps", &steps, {1, 100}, "steps");
      line.integer("epochs", &epochs, {0, 100}, "epochs");
      line.output_file("output,o", &output, "the result",
                       [] { return FileFormats{FileFormat::table}; });
      line.exclude("steps", {"epochs"});
      line.exclude("summary", {"output"});
    }
    bool parse(std::vector<const char*> words) {
      words.insert(words.begin(), "sample");
      return line.parse(static_cast<int>(words.size()), words.data());
    }
  };
  CHECK_THROWS_WITH(Excluding().parse({"--steps", "3", "--epochs", "2"}),
                    "--steps and --epochs exclude each other");
  CHECK_THROWS_WITH(Excluding().parse({"--summary", "-o", "x.tsv"}),
                    "--summary and --output exclude each other");
  CHECK(Excluding().parse({"--summary", "-o", "-"}));
  const TemporaryFile both("steps = 3\nepochs = 2\n");
  CHECK_THROWS_WITH(Excluding().parse({"--config", both.name.c_str()}),
                    "--steps and --epochs exclude each other");
  const TemporaryFile file("steps = 20\noutput = x.tsv\n");
  Excluding overridden;
  REQUIRE(overridden.parse({"--config", file.name.c_str(), "--epochs", "2", "--summary"}));
  CHECK_FALSE(overridden.line.given("steps"));
  CHECK_FALSE(overridden.line.given("output"));
  CHECK(overridden.steps == 5);
  CHECK(overridden.output == "-");
  CHECK_FALSE(overridden.line.typed("output"));
  CHECK(overridden.line.typed("summary"));
  const TemporaryFile summary("summary = no\noutput = -\n"), wanted("summary\n");
  CHECK(Excluding().parse({"--config", summary.name.c_str(), "-o", "-"}));
  Excluding written;
  REQUIRE(written.parse({"--config", wanted.name.c_str(), "-o", "no.tsv"}));
  CHECK_FALSE(written.summary);
}

TEST_CASE("a configuration file is refused with its name and line") {
  const auto refused = [](const std::string& text) {
    const TemporaryFile file(text);
    return refusal({"--config", file.name.c_str()});
  };
  const std::string name = "command_line_test.conf:";
  CHECK(refused("\ncounts = 3\n") == name + "2: unknown option 'counts', see sample --help");
  CHECK(refused("count = 3\ncount = 4\n") == name + "2: option 'count' is given more than once");
  CHECK(refused("count = -1\n") == name + "1: option --count: -1 is outside 0..1024");
  CHECK(refused("count\n") == name + "1: option 'count' needs a value (N)");
  CHECK(refused("fast = perhaps") == name + "1: option --fast: 'perhaps' is neither yes nor no");
  CHECK(refused("count = 3\n\nrate 0.5\n") ==
        name + "3: 'rate 0.5' is not a line `option = value`");
  CHECK(refused("file =\n") == name + "1: option --file: the name of the file is empty");
  CHECK(refused("count = \"3 \"\n") == name + "1: option --count: '3 ' is not a number");
  CHECK(refused("config = x\n") == name + "1: unknown option 'config', see sample --help");
  try {
    (void)Sample().parse({"--config", "no/such/file"});
    FAIL("accepted");
  } catch (const Error& error) {
    CHECK(error.exit_status() == 1);
    CHECK(std::string(error.what()) == "no/such/file: cannot read: No such file or directory");
  }
}

TEST_CASE("a configuration file may come from another system or editor") {
  const TemporaryFile file(
      "\xef\xbb\xbf"
      "count = 9\r\n\r\nname = \" two # words \" # why\r\nfast = \"yes\"\r\n");
  Sample sample;
  REQUIRE(sample.parse({"--config", file.name.c_str()}));
  CHECK(sample.count == 9);
  CHECK(sample.name == " two # words ");
  CHECK(sample.fast);
  const TemporaryFile binary(std::string("count\0= 9", 9));
  CHECK_THROWS_WITH(Sample().parse({"--config", binary.name.c_str()}),
                    Catch::Contains("it should be text in ASCII or UTF-8"));
}

TEST_CASE("SOURCE_DATE_EPOCH is whole seconds, or is refused before any work") {
  for (const char* text :
       {"soon", "-1", "1.5", "1e9", " 5", "253402300800", "99999999999999999999"}) {
    setenv("SOURCE_DATE_EPOCH", text, 1);
    CHECK(refusal({}) == "SOURCE_DATE_EPOCH: '" + std::string(text) +
                             "' is no whole number of seconds from 1970 to the year 9999; correct "
                             "or unset it");
  }
  for (const char* text : {"0", "", "253402300799"}) {
    setenv("SOURCE_DATE_EPOCH", text, 1);
    CHECK(refusal({}) == "accepted");
  }
  unsetenv("SOURCE_DATE_EPOCH");
}

TEST_CASE("the history line can be pasted into a shell") {
  Sample sample;
  REQUIRE(sample.parse({"--name", "it's", "-n", "5", "a b", ""}));
  CHECK(sample.line.history_line() == "sample --name 'it'\\''s' -n 5 'a b' ''");
}

TEST_CASE("whole numbers are read exactly at the ends of 64 bits") {
  const Range all;
  CHECK(parse_integer("9223372036854775807", all) == std::numeric_limits<std::int64_t>::max());
  CHECK(parse_integer("-9223372036854775808", all) == std::numeric_limits<std::int64_t>::min());
  CHECK(parse_integer("1e15", all) == 1000000000000000);
  CHECK_THROWS_AS(parse_integer("9223372036854775808", all), Error);
  CHECK(looks_negative("-1"));
  CHECK(looks_negative("-.5:3"));
  CHECK_FALSE(looks_negative("-n5"));
  CHECK_FALSE(looks_negative("-"));
  CHECK_FALSE(looks_negative("--1"));
}
