#include "io/guarded.hpp"

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstring>
#include <mutex>
#include <new>
#include <utility>

#include "base/error.hpp"
#include "base/stop.hpp"
#include "io/atomic_file.hpp"

namespace pushforward {
namespace {

constexpr char all_well = 'w';
constexpr char error_letters[] = "01234";  // one for each ErrorKind, in its order

char kind_letter(ErrorKind kind) { return error_letters[static_cast<int>(kind)]; }

// A crash of the child is expected now and then: it shall be quiet and leave no core file. It must
// not keep the parent's input and output open, whose other ends may wait for the parent's end.
void become_expendable() {
  for (int signal : {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT, SIGPROF, SIGPIPE})
    std::signal(signal, SIG_DFL);
  // They go to a whole group of processes; the parent decides what they mean.
  for (const int signal : stop_signals) std::signal(signal, SIG_IGN);
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, nullptr);
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  const rlimit no_core{0, 0};
  setrlimit(RLIMIT_CORE, &no_core);
  const int nowhere = open("/dev/null", O_RDWR);
  for (int standard : {STDOUT_FILENO, STDERR_FILENO})
    if (nowhere >= 0) dup2(nowhere, standard);
}

// Fewer than `count` bytes only if the other side has ended.
std::size_t read_fully(int socket, void* to, std::size_t count) {
  std::size_t done = 0;
  while (done < count) {
    const ssize_t got = read(socket, static_cast<char*>(to) + done, count - done);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) break;
    done += static_cast<std::size_t>(got);
  }
  return done;
}

// The letter of what happened, then the answer or message.
std::string verdict_on(const std::function<std::string(std::uint64_t)>& answer,
                       std::uint64_t question) {
  try {
    return all_well + answer(question);
  } catch (const Error& error) {
    return kind_letter(error.kind()) + std::string(error.what());
  } catch (const std::bad_alloc&) {
    return kind_letter(ErrorKind::io) + std::string("not enough memory");
  } catch (const std::exception& error) {
    return kind_letter(ErrorKind::invalid) + std::string(error.what());
  }
}

// Never returns; a question is a number, its answer a size and as many bytes.
[[noreturn]] void run_child(const std::function<std::string(std::uint64_t)>& answer, int socket,
                            unsigned seconds) {
  become_expendable();
  std::uint64_t question = 0;
  while (read_fully(socket, &question, sizeof question) == sizeof question) {
    itimerval limit{};
    limit.it_value.tv_sec = static_cast<time_t>(seconds);
    setitimer(ITIMER_PROF, &limit, nullptr);
    const std::string verdict = verdict_on(answer, question);
    const std::uint64_t size = verdict.size();
    if (write_fully(socket, &size, sizeof size) != 0 ||
        write_fully(socket, verdict.data(), verdict.size()) != 0)
      _exit(1);
  }
  _exit(0);
}

}  // namespace

GuardedHelper::GuardedHelper(const std::function<std::string(std::uint64_t)>& answer,
                             unsigned seconds) {
  // A child started meanwhile by another thread would keep this one's end of the socket open, so
  // that its crash would not be seen.
  static std::mutex one_start;
  const std::lock_guard<std::mutex> lock(one_start);
  int ends[2];
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0)
    fail_io(std::string("no socket can be made: ") + std::strerror(errno));
  child_ = fork();
  if (child_ == 0) {
    close(ends[0]);
    run_child(answer, ends[1], seconds);
  }
  const int error = errno;
  close(ends[1]);
  socket_ = ends[0];
  if (child_ > 0) return;
  end();
  fail_io(std::string("no process can be started: ") + std::strerror(error));
}

GuardedHelper::~GuardedHelper() { end(); }

GuardedHelper::GuardedHelper(GuardedHelper&& other) noexcept
    : socket_(std::exchange(other.socket_, -1)), child_(std::exchange(other.child_, -1)) {}

GuardedHelper& GuardedHelper::operator=(GuardedHelper&& other) noexcept {
  std::swap(socket_, other.socket_);
  std::swap(child_, other.child_);
  return *this;
}

// It holds nothing that is worth saving.
void GuardedHelper::end() {
  if (socket_ >= 0) close(socket_);
  socket_ = -1;
  if (child_ <= 0) return;
  kill(child_, SIGKILL);
  while (waitpid(child_, nullptr, 0) < 0 && errno == EINTR) {
  }
  child_ = -1;
}

std::string GuardedHelper::ask(std::uint64_t question, const std::string& damaged) {
  std::uint64_t size = 0;
  std::string verdict;
  // A child that has ended already is found out by reading.
  static_cast<void>(send(socket_, &question, sizeof question, MSG_NOSIGNAL));
  if (read_fully(socket_, &size, sizeof size) == sizeof size) {
    verdict.resize(size);
    if (read_fully(socket_, verdict.data(), size) != size) verdict.clear();
  }
  if (verdict.empty()) {
    end();
    throw_if_stopped();  // a signal to the whole group: the file is not to blame
    throw Error(ErrorKind::invalid, damaged);
  }
  if (verdict[0] == all_well) return verdict.erase(0, 1);
  const char* letter = std::strchr(error_letters, verdict[0]);
  const auto kind =
      letter == nullptr ? ErrorKind::invalid : static_cast<ErrorKind>(letter - error_letters);
  throw Error(kind, verdict.substr(1));
}

std::string run_guarded(const std::function<std::string()>& work, const std::string& damaged,
                        unsigned seconds) {
  GuardedHelper helper([&](std::uint64_t) { return work(); }, seconds);
  return helper.ask(0, damaged);
}

}  // namespace pushforward
