#include <catch2/catch.hpp>
#include <csignal>
#include <stdexcept>

#include "base/error.hpp"
#include "io/guarded.hpp"

using namespace pushforward;

namespace {

std::string message(const std::function<std::string()>& work, ErrorKind kind) {
  try {
    static_cast<void>(run_guarded(work, "damaged", 1));
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
  CHECK(run_guarded([&] { return large; }, "damaged", 5) == large);
  CHECK(run_guarded([] { return std::string(); }, "damaged", 5).empty());
  CHECK(message([]() -> std::string { fail_not_found("gone"); }, ErrorKind::not_found) == "gone");
  CHECK(message([]() -> std::string { throw std::runtime_error("odd"); }, ErrorKind::invalid) ==
        "odd");
  CHECK(message([]() -> std::string { throw std::bad_alloc(); }, ErrorKind::io) ==
        "not enough memory");
}

TEST_CASE("a child that crashes or has no end is damage") {
  for (int signal : {SIGSEGV, SIGABRT, SIGBUS, SIGFPE, SIGKILL})
    CHECK(message(
              [signal] {
                raise(signal);
                return std::string("survived");
              },
              ErrorKind::invalid) == "damaged");
  CHECK(message(
            [] {
              volatile int spin = 0;
              while (spin == 0) {
              }
              return std::string("came to an end");
            },
            ErrorKind::invalid) == "damaged");
}

TEST_CASE("a parent that ignores the end of children gets the result all the same") {
  const auto old = std::signal(SIGCHLD, SIG_IGN);
  CHECK(run_guarded([] { return std::string("here"); }, "damaged", 5) == "here");
  std::signal(SIGCHLD, old);
}
