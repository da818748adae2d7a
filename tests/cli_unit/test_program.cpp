#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <csignal>
#include <cstdio>
#include <limits>
#include <new>
#include <sstream>

#include "base/error.hpp"
#include "base/stop.hpp"
#include "cli/help.hpp"
#include "cli/program.hpp"

using namespace pushforward;

namespace {

struct Outcome {
  int status;  // of the process; 128 + N if a signal ended it
  std::string error_text;
};

// Runs a program in a process of its own, with standard output going to `output`.
Outcome run(const std::function<int()>& body, const char* output = "/dev/null") {
  int ends[2];
  REQUIRE(pipe(ends) == 0);
  std::fflush(nullptr);
  const pid_t child = fork();
  if (child == 0) {
    dup2(open(output, O_WRONLY), STDOUT_FILENO);
    dup2(ends[1], STDERR_FILENO);
    close(ends[0]);
    _exit(run_program("sample", body));
  }
  close(ends[1]);
  std::string text;
  char block[256];
  for (ssize_t count; (count = read(ends[0], block, sizeof block)) > 0;)
    text.append(block, static_cast<std::size_t>(count));
  close(ends[0]);
  int state = 0;
  waitpid(child, &state, 0);
  return {WIFEXITED(state) ? WEXITSTATUS(state) : 128 + WTERMSIG(state), text};
}

}  // namespace

TEST_CASE("whatever a program throws becomes a status and one line") {
  CHECK(run([] { return 0; }).error_text.empty());
  const Outcome usage = run([]() -> int { fail_usage("option --x: bad"); });
  CHECK(usage.status == 2);
  CHECK(usage.error_text == "sample: option --x: bad\n");
  CHECK(run([]() -> int { fail_not_found("f: missing"); }).status == 1);
  CHECK(run([]() -> int { fail_invalid("f: damaged"); }).status == 1);
  CHECK(run([]() -> int { fail_io("f: full"); }).status == 1);
  CHECK(run([]() -> int { fail_numerical("loss is nan"); }).status == 3);
  CHECK(run([]() -> int { throw Stopped(SIGTERM); }).status == 143);
  const Outcome memory = run([]() -> int { throw std::bad_alloc(); });
  CHECK(memory.status == 1);
  CHECK(memory.error_text == "sample: not enough memory\n");
  const Outcome other = run([]() -> int { throw std::runtime_error("two\nlines \x1b[1m"); });
  CHECK(other.status == 1);
  CHECK(other.error_text == "sample: unexpected error: two lines ?[1m\n");
}

TEST_CASE("a full standard output is noticed, and said once") {
  const auto prints = [] {
    std::puts("a result");
    return 0;
  };
  const Outcome full = run(prints, "/dev/full");
  CHECK(full.status == 1);
  CHECK(full.error_text == "sample: standard output: cannot write: No space left on device\n");
  CHECK(run(prints).status == 0);
  const Outcome both = run(
      [&]() -> int {
        prints();
        fail_invalid("f: damaged");
      },
      "/dev/full");
  CHECK(both.error_text == "sample: f: damaged\n");
}

TEST_CASE("a closed pipe ends a program by SIGPIPE even where the parent ignores it") {
  std::signal(SIGPIPE, SIG_IGN);
  const Outcome outcome = run([] {
    int ends[2];
    if (pipe(ends) != 0) return 9;
    close(ends[0]);
    dup2(ends[1], STDOUT_FILENO);
    std::puts("to nobody");
    return 0;
  });
  std::signal(SIGPIPE, SIG_DFL);
  CHECK(outcome.status == 128 + SIGPIPE);
  CHECK(outcome.error_text.empty());
}

TEST_CASE("a closed standard output takes in no file that is opened later") {
  const auto body = [] {
    const int file = open("/dev/null", O_WRONLY);
    if (file <= STDERR_FILENO) return 9;
    std::puts("a result");
    return 0;
  };
  const Outcome outcome = run([&] {
    close(STDOUT_FILENO);
    return run_program("sample", body);
  });
  CHECK(outcome.status == 1);
  CHECK(outcome.error_text == "sample: standard output: cannot write: Bad file descriptor\n");
}

TEST_CASE("warnings and information obey --quiet and --verbose") {
  const auto spoken = [](bool quiet, bool verbose) {
    return run([=] {
             set_messages("sample", quiet, verbose);
             warn("odd");
             inform("detail");
             return 0;
           })
        .error_text;
  };
  CHECK(spoken(false, false) == "sample: warning: odd\n");
  CHECK(spoken(false, true) == "sample: warning: odd\nsample: detail\n");
  CHECK(spoken(true, false).empty());
  CHECK(spoken(true, true).empty());
}

TEST_CASE("numbers print shortest and read back") {
  CHECK(number_text(0.1) == "0.1");
  CHECK(number_text(-3) == "-3");
  CHECK(number_text(1e-300) == "1e-300");
  CHECK(number_text(std::numeric_limits<double>::quiet_NaN()) == "nan");
  CHECK(number_text(-std::numeric_limits<double>::infinity()) == "-inf");
}

TEST_CASE("a report is tab-separated lines") {
  Report report({"name", "value"});
  report.row({"a\tb", "1"});
  CHECK(report.tsv() == "name\tvalue\na b\t1\n");
}

TEST_CASE("a report is one JSON object") {
  Report metrics({"metric", "value"});
  metrics.row({"frechet", "0.25"});
  metrics.row({"kid", "nan"});
  CHECK(metrics.json() == "{\"frechet\": 0.25, \"kid\": null}\n");

  Report one({"n", "name"}, ReportRows::one);
  one.row({"-1.5e-05", "say \"hi\"\\\n"});
  CHECK(one.json() == "{\"n\": -1.5e-05, \"name\": \"say \\\"hi\\\"\\\\\\n\"}\n");

  Report several({"n", "x"});
  several.row({"007", "1"});
  several.row({"2.", "inf"});
  CHECK(several.json() == "{\"n\": [\"007\", \"2.\"], \"x\": [1, null]}\n");
  CHECK(Report({"n"}).json() == "{\"n\": []}\n");
  // Numbers stand as they are, other writings of numbers are text; bytes that are no UTF-8 are not
  // passed on, because the object would not be JSON.
  Report texts({"metric", "value"});
  const std::vector<std::pair<std::string, std::string>> cells = {
      {"1e+05", "1e+05"},
      {"1e999", "\"1e999\""},
      {" 1", "\" 1\""},
      {"1 ", "\"1 \""},
      {"[1 2]", "\"[1 2]\""},
      {"\xc3\xa9\x01", "\"\xc3\xa9\\u0001\""},
      {"\xe9", "\"\xef\xbf\xbd\""}};
  std::string expected;
  for (const auto& [text, written] : cells) {
    texts.row({"m", text});
    expected += (expected.empty() ? "{" : ", ") + ("\"m\": " + written);
  }
  CHECK(texts.json() == expected + "}\n");

  // The same form for one row as for several; shapes are arrays.
  Report shapes({"name", "shape"});
  shapes.row({"/x", "[3, 1]"});
  CHECK(shapes.json() == "{\"name\": [\"/x\"], \"shape\": [[3, 1]]}\n");
  shapes.row({"[x]", "[]"});
  CHECK(shapes.json() == "{\"name\": [\"/x\", \"[x]\"], \"shape\": [[3, 1], []]}\n");
}

TEST_CASE("help keeps to 80 columns and loses no word") {
  HelpPage page{"sample [OPTIONS] [INPUT]", "", {{"Options", {}}}, ""};
  std::string words;
  for (int i = 0; i < 60; ++i) words += "word" + std::to_string(i) + " ";
  page.summary = words;
  page.groups[0].options.push_back({"-o, --output FILE", words, "-"});
  page.groups[0].options.push_back({"--a-long-name-that-fills-the-column VALUE", words, ""});
  page.example = words;
  const std::string text = help_text(page);
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    CHECK(line.size() <= 80);
    CHECK((line.empty() || line.back() != ' '));
  }
  for (int i = 0; i < 60; ++i) CHECK(text.find("word" + std::to_string(i)) != std::string::npos);
  CHECK(text.find("[-]") != std::string::npos);
}
