#include <catch2/catch.hpp>
#include <csignal>
#include <ctime>
#include <stdexcept>

#include "base/error.hpp"
#include "base/lanes.hpp"
#include "io/guarded.hpp"

using namespace pushforward;

namespace {

std::string message(const std::function<std::string()>& work, ErrorKind kind) {
  try {
    static_cast<void>(run_guarded(work, "file", "damaged", 1));
  } catch (const Error& error) {
    CHECK(error.kind() == kind);
    return error.what();
  }
  return "no error";
}

}  // namespace

TEST_CASE("what a child returns and throws arrives") {
  std::string large(3000000, 'x');
  large[1234567] = '\0';
  CHECK(run_guarded([&] { return large; }, "file", "damaged", 5) == large);
  CHECK(run_guarded([] { return std::string(); }, "file", "damaged", 5).empty());
  CHECK(message([]() -> std::string { fail_not_found("gone"); }, ErrorKind::not_found) == "gone");
  CHECK(message([]() -> std::string { throw std::runtime_error("odd"); }, ErrorKind::invalid) ==
        "odd");
  CHECK(message([]() -> std::string { throw std::bad_alloc(); }, ErrorKind::io) ==
        "file: cannot be read: not enough memory");
}

TEST_CASE("a child that crashes or has no end is damage") {
  for (int signal : {SIGSEGV, SIGABRT, SIGBUS, SIGFPE})
    CHECK(message(
              [signal] {
                raise(signal);
                return std::string("survived");
              },
              ErrorKind::invalid) == "file: damaged");
  CHECK(message(
            [] {
              volatile int spin = 0;
              while (spin == 0) {
              }
              return std::string("came to an end");
            },
            ErrorKind::invalid) ==
        "file: damaged in the time that an intact file of its size takes");
}

TEST_CASE("a child that the system ends is no damage") {
  for (int signal : {SIGKILL, SIGALRM}) {
    const std::string said = message(
        [signal] {
          raise(signal);
          return std::string("survived");
        },
        ErrorKind::io);
    CHECK_THAT(said, Catch::StartsWith("file: cannot be read: the process that reads it was ended "
                                       "by signal " +
                                       std::to_string(signal)));
  }
}

TEST_CASE("work that proves to be large is granted more time") {
  const auto spin = [](bool granted) {
    const std::clock_t start = std::clock();
    while (std::clock() - start < CLOCKS_PER_SEC * 3 / 2) {
      if (granted) grant_seconds(2);
      granted = false;
    }
    return std::string("in time");
  };
  CHECK(run_guarded([&] { return spin(true); }, "file", "damaged", 1) == "in time");
  CHECK_THROWS_WITH(run_guarded([&] { return spin(false); }, "file", "damaged", 1),
                    Catch::StartsWith("file: damaged in the time"));
}

TEST_CASE("a parent that ignores the end of children gets the result all the same") {
  const auto old = std::signal(SIGCHLD, SIG_IGN);
  CHECK(run_guarded([] { return std::string("here"); }, "file", "damaged", 5) == "here");
  std::signal(SIGCHLD, old);
}

TEST_CASE("a helper answers until a question ends it") {
  int known = 7;
  GuardedHelper helper(
      [&](std::uint64_t question) {
        if (question == 4) fail_not_found("no four");
        if (question == 5) raise(SIGSEGV);
        return std::to_string(known++ + static_cast<int>(question));
      },
      5);
  known = 100;  // which the child does not see
  CHECK(helper.ask(0, "file", "damaged") == "7");
  CHECK_THROWS_WITH(helper.ask(4, "file", "damaged"), "no four");
  CHECK(helper.ask(1, "file", "damaged") == "9");
  GuardedHelper moved = std::move(helper);
  CHECK(moved.ask(0, "file", "damaged") == "9");
  CHECK_FALSE(moved.has_ended());
  CHECK_THROWS_WITH(moved.ask(5, "file", "damaged"), "file: damaged");
  CHECK(moved.has_ended());
}

TEST_CASE("the time of one question is not that of another") {
  GuardedHelper helper(
      [](std::uint64_t question) {
        const std::clock_t start = std::clock();
        while (std::clock() - start < static_cast<std::clock_t>(question) * CLOCKS_PER_SEC / 10) {
        }
        return std::string("in time");
      },
      1);
  for (int i = 0; i < 3; ++i) CHECK(helper.ask(4, "file", "damaged") == "in time");
  CHECK_THROWS_WITH(helper.ask(30, "file", "damaged"), Catch::StartsWith("file: damaged in the"));
}

TEST_CASE("helpers of several threads at once") {
  std::vector<std::string> answers(40);
  Workers workers(4);
  workers.run(answers.size(), [&](std::size_t i, int) {
    const auto work = [i] {
      if (i % 4 == 3) raise(SIGSEGV);
      return std::to_string(i);
    };
    try {
      answers[i] = run_guarded(work, "file", "damaged", 5);
    } catch (const Error& error) {
      answers[i] = error.what();
    }
  });
  for (std::size_t i = 0; i < answers.size(); ++i)
    CHECK(answers[i] == (i % 4 == 3 ? "file: damaged" : std::to_string(i)));
}
