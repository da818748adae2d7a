// Stop signals, and the parts of a job.
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <functional>
#include <thread>

#include "base/error.hpp"
#include "base/shard.hpp"
#include "base/stop.hpp"

using namespace pushforward;

namespace {

// The wait status of a child process that runs `body` and leaves with its result.
int in_child(const std::function<int()>& body) {
  const pid_t child = fork();
  REQUIRE(child >= 0);
  if (child == 0) {
    for (const int number : stop_signals) signal(number, SIG_DFL);
    _exit(body());
  }
  int status = 0;
  waitpid(child, &status, 0);
  return status;
}

}  // namespace

TEST_CASE("a stop signal is remembered and thrown with its status") {
  for (const int number : {SIGHUP, SIGINT, SIGTERM, SIGUSR1, SIGXCPU}) {
    const int status = in_child([&] {
      watch_stop_signals();
      throw_if_stopped();  // nothing yet
      if (stop_signal() != 0) return 1;
      raise(number);
      if (stop_signal() != number) return 2;
      try {
        throw_if_stopped();
      } catch (const Stopped& stopped) {
        return stopped.exit_status() == 128 + number ? 0 : 3;
      }
      return 4;
    });
    CHECK(WIFEXITED(status));
    CHECK(WEXITSTATUS(status) == 0);
  }
}

// The thread sanitizer sees here whether what a handler leaves is ordered for other threads.
TEST_CASE("a stop signal is seen by a thread that did not take it") {
  const int status = in_child([] {
    watch_stop_signals();
    int seen = 0;
    std::thread other([&] {
      while ((seen = stop_signal()) == 0) std::this_thread::yield();
    });
    raise(SIGTERM);
    other.join();
    return seen == SIGTERM ? 0 : 1;
  });
  CHECK(WIFEXITED(status));
  CHECK(WEXITSTATUS(status) == 0);
}

TEST_CASE("two signals in a moment are one wish, a later one ends the process") {
  const int moment = in_child([] {
    watch_stop_signals();
    raise(SIGTERM);
    raise(SIGTERM);
    raise(SIGINT);
    return stop_signal() == SIGTERM ? 0 : 1;
  });
  CHECK(WIFEXITED(moment));
  CHECK(WEXITSTATUS(moment) == 0);
  const int later = in_child([] {
    watch_stop_signals();
    raise(SIGTERM);
    usleep(1100000);
    raise(SIGTERM);
    return 0;
  });
  CHECK(WIFSIGNALED(later));
  CHECK(WTERMSIG(later) == SIGTERM);
}

TEST_CASE("what a sudden end has to clean up is cleaned up") {
  int ends[2];
  REQUIRE(pipe(ends) == 0);
  static int to;
  to = ends[1];
  const int status = in_child([] {
    before_sudden_end([] { (void)!write(to, "x", 1); });
    watch_stop_signals();
    raise(SIGUSR1);
    usleep(1100000);
    raise(SIGTERM);
    return 0;
  });
  close(ends[1]);
  CHECK(WIFSIGNALED(status));
  char said = 0;
  CHECK(read(ends[0], &said, 1) == 1);
  CHECK(said == 'x');
  close(ends[0]);
}

TEST_CASE("a signal that the shell has set aside stays so") {
  for (const int number : {SIGINT, SIGHUP}) {  // a job in the background; under nohup
    const int status = in_child([&] {
      signal(number, SIG_IGN);
      watch_stop_signals();
      raise(number);
      return stop_signal();
    });
    CHECK(WIFEXITED(status));
    CHECK(WEXITSTATUS(status) == 0);
  }
}

TEST_CASE("shards in order are the whole, in whole blocks") {
  for (std::uint64_t rows : {1000u, 2560u, 999999u})
    for (std::uint64_t count : {1u, 2u, 3u}) {
      std::uint64_t end = 0;
      for (std::uint64_t i = 1; i <= count; ++i) {
        const Shard shard = Shard::parse(std::to_string(i) + "/" + std::to_string(count));
        const auto [first, last] = shard.range(rows, 256);
        CHECK(first == end);
        CHECK(last > first);
        CHECK(first % 256 == 0);
        end = last;
      }
      CHECK(end == rows);
    }
  const Shard whole = Shard::parse("");
  CHECK(whole.range(10, 256) == std::pair<std::uint64_t, std::uint64_t>(0, 10));
}

TEST_CASE("shards that make no sense are usage errors") {
  for (const char* text : {"0/3", "4/3", "1", "/", "1/", "/2", "a/b", "1/2/3", "-1/2", "1/0",
                           "1.5/2", "1/99999999999999999999999"}) {
    INFO(text);
    try {
      static_cast<void>(Shard::parse(text));
      FAIL("accepted");
    } catch (const Error& error) {
      CHECK(error.exit_status() == 2);
    }
  }
  CHECK_THROWS_AS(Shard::parse("1/3").range(100, 256), Error);
}

TEST_CASE("every kind of error has its exit status") {
  CHECK(Error(ErrorKind::usage, "").exit_status() == 2);
  CHECK(Error(ErrorKind::not_found, "").exit_status() == 1);
  CHECK(Error(ErrorKind::invalid, "").exit_status() == 1);
  CHECK(Error(ErrorKind::io, "").exit_status() == 1);
  CHECK(Error(ErrorKind::numerical, "").exit_status() == 3);
}
