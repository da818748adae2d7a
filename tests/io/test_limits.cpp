// What the system refuses while something is read or written: threads, processes, sockets, memory.
// Each call fails once. Nothing hangs or aborts, and the file is not called damaged.
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <catch2/catch.hpp>
#include <csignal>

#include "base/error.hpp"
#include "base/lanes.hpp"
#include "base/stop.hpp"
#include "io/container.hpp"
#include "io/failing_calls.hpp"
#include "io/guarded.hpp"
#include "io/temporary_folder.hpp"

using namespace pushforward;
using namespace pushforward::testing;

namespace {

void write_rows(const std::string& file) {
  ContainerWriter writer(file, "tensors", {});
  writer.write("/x", Array::make(ElementType::float64, {100, 3}));
  writer.commit();
}

double sum_of_rows(const std::string& file) {
  const ContainerReader reader(file);
  double sum = 0;
  for (const double value : reader.read("/x").to<double>()) sum += value;
  return sum;
}

// What reading says when the n-th call fails, for every n there is. The process that reads counts
// on from where it was made, so that its calls fail as well. (Where memory is there after all, a
// file that wanted too much of it is called one made to do harm.)
std::vector<std::string> messages_of(Fault fault, const std::string& file) {
  std::vector<std::string> messages;
  for (int n = 1;; ++n) {
    std::string message;
    double sum = 0;
    arm(fault, n);
    try {
      sum = sum_of_rows(file);
      disarm();
    } catch (const Error& error) {
      disarm();
      message = error.what();
    } catch (const std::bad_alloc&) {
      disarm();
      message = "not enough memory";
    }
    CHECK(sum == 0);
    if (message.empty() && !has_failed()) return messages;
    messages.push_back(message);
  }
}

}  // namespace

TEST_CASE("threads that cannot be started leave a smaller team") {
  for (int n = 1; n <= 4; ++n) {
    arm(Fault::thread, n);
    Workers workers(4);
    disarm();
    CHECK(workers.count() == n);
    std::vector<std::atomic<int>> runs(50);
    for (int round = 0; round < 20; ++round)
      workers.run(runs.size(), [&](std::size_t lane, int worker) {
        if (worker < workers.count()) ++runs[lane];
      });
    for (const auto& count : runs) CHECK(count == 20);
  }
}

TEST_CASE("a process or socket that cannot be made is told as such") {
  const TemporaryFolder folder;
  const std::string file = folder / "f.h5";
  write_rows(file);
  for (const auto& [fault, reason] : {std::pair{Fault::process, "Resource temporarily unavailable"},
                                      std::pair{Fault::socket, "Too many open files"},
                                      std::pair{Fault::send, "No buffer space available"},
                                      std::pair{Fault::receive, "Input/output error"}}) {
    const std::vector<std::string> messages = messages_of(fault, file);
    CHECK_FALSE(messages.empty());
    for (const std::string& message : messages) CHECK_THAT(message, Catch::Contains(reason));
  }
  CHECK(messages_of(Fault::send_interrupted, file) == std::vector<std::string>{""});
}

TEST_CASE("every allocation fails once while a container is read") {
  const TemporaryFolder folder;
  const std::string file = folder / "f.h5";
  write_rows(file);
  const std::vector<std::string> messages = messages_of(Fault::allocation, file);
  CHECK(messages.size() > 20);
  for (const std::string& message : messages) CHECK_THAT(message, Catch::Contains("memory"));
}

TEST_CASE("every allocation fails once while a container is written") {
  const TemporaryFolder folder;
  const std::string file = folder / "f.h5";
  int failures = 0;
  for (bool failed = true; failed; failures += failed ? 1 : 0) {
    write_bytes(file, "old");
    arm(Fault::allocation, failures + 1);
    try {
      write_rows(file);
    } catch (const std::bad_alloc&) {
    } catch (const Error& error) {
      CHECK(error.kind() == ErrorKind::io);
    }
    failed = has_failed();
    disarm();
    CHECK((bytes_of(file) == "old") == failed);
    CHECK(folder.files() == 1);
  }
  CHECK(failures > 20);
}

TEST_CASE("a stop signal ends the wait for the process that reads") {
  const pid_t child = fork();
  if (child == 0) {
    std::signal(SIGTERM, SIG_DFL);  // Catch has its own handlers
    watch_stop_signals();
    const auto without_end = []() -> std::string {
      for (;;) pause();  // takes no processor time
    };
    try {
      static_cast<void>(run_guarded(without_end, "f", "damaged", 1));
    } catch (const Stopped& stopped) {
      _exit(stopped.exit_status());
    }
    _exit(1);
  }
  usleep(300000);
  kill(child, SIGTERM);
  int status = 0;
  waitpid(child, &status, 0);
  CHECK(WIFEXITED(status));
  CHECK(WEXITSTATUS(status) == 128 + SIGTERM);
}
