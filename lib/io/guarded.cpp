#include "io/guarded.hpp"

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstring>
#include <mutex>
#include <new>

#include "base/error.hpp"
#include "base/stop.hpp"
#include "io/atomic_file.hpp"

namespace pushforward {
namespace {

constexpr char all_well = 'w';
constexpr char error_letters[] = "01234";  // one for each ErrorKind, in its order

char kind_letter(ErrorKind kind) { return error_letters[static_cast<int>(kind)]; }

// A crash of the child is expected now and then: it shall be quiet and leave no core file.
void become_expendable(unsigned seconds) {
  for (int signal : {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT, SIGTERM, SIGXCPU})
    std::signal(signal, SIG_DFL);
  std::signal(SIGINT, SIG_IGN);  // of the terminal; the parent decides what it means
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  const rlimit no_core{0, 0};
  setrlimit(RLIMIT_CORE, &no_core);
  const rlimit processor{seconds, seconds + 1};
  setrlimit(RLIMIT_CPU, &processor);
  const int nowhere = open("/dev/null", O_WRONLY);
  if (nowhere >= 0) dup2(nowhere, STDERR_FILENO);
}

// Never returns; what the child has to say goes through the pipe.
[[noreturn]] void run_child(const std::function<std::string()>& work, int pipe, unsigned seconds) {
  become_expendable(seconds);
  std::string verdict;
  try {
    verdict = all_well + work();
  } catch (const Error& error) {
    verdict = kind_letter(error.kind()) + std::string(error.what());
  } catch (const std::bad_alloc&) {
    verdict = kind_letter(ErrorKind::io) + std::string("not enough memory");
  } catch (const std::exception& error) {
    verdict = kind_letter(ErrorKind::invalid) + std::string(error.what());
  }
  const int failed = write_fully(pipe, verdict.data(), verdict.size());
  _exit(failed == 0 ? 0 : 1);
}

std::string read_verdict(int pipe) {
  std::string verdict;
  char buffer[65536];
  for (;;) {
    const ssize_t count = read(pipe, buffer, sizeof buffer);
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return verdict;
    verdict.append(buffer, static_cast<std::size_t>(count));
  }
}

}  // namespace

std::string run_guarded(const std::function<std::string()>& work, const std::string& damaged,
                        unsigned seconds) {
  // A child that is started while another's pipe is open for writing would keep it open: its reader
  // would wait for both.
  static std::mutex one_start;
  std::unique_lock<std::mutex> starting(one_start);
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0)
    fail_io(std::string("no pipe can be made: ") + std::strerror(errno));
  const pid_t child = fork();
  if (child < 0) {
    const int error = errno;
    close(ends[0]);
    close(ends[1]);
    fail_io(std::string("no process can be started: ") + std::strerror(error));
  }
  if (child == 0) {
    close(ends[0]);
    run_child(work, ends[1], seconds);
  }
  close(ends[1]);
  starting.unlock();
  std::string verdict = read_verdict(ends[0]);
  close(ends[0]);
  while (waitpid(child, nullptr, 0) < 0 && errno == EINTR) {
  }
  if (verdict.empty()) {
    throw_if_stopped();  // a signal to the whole group: the file is not to blame
    throw Error(ErrorKind::invalid, damaged);
  }
  if (verdict[0] == all_well) return verdict.erase(0, 1);
  const char* letter = std::strchr(error_letters, verdict[0]);
  const auto kind =
      letter == nullptr ? ErrorKind::invalid : static_cast<ErrorKind>(letter - error_letters);
  throw Error(kind, verdict.substr(1));
}

}  // namespace pushforward
