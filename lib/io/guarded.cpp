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
#include <optional>
#include <system_error>
#include <utility>

#include "base/error.hpp"
#include "base/stop.hpp"
#include "io/atomic_file.hpp"

// gcov's, present when test coverage is measured: a child is killed and would not write its counts.
extern "C" void __gcov_dump() __attribute__((weak));

namespace pushforward {
namespace {

constexpr char all_well = 'w';
constexpr char no_memory = 'm';
constexpr char error_letters[] = "01234";  // one per ErrorKind, in its order

char kind_letter(ErrorKind kind) { return error_letters[static_cast<int>(kind)]; }

// The child may crash, which must be silent and leave no core file. It must not keep the parent's
// output open: its reader may wait for the parent to end.
void become_expendable() {
  for (int signal : {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT, SIGPROF, SIGPIPE})
    std::signal(signal, SIG_DFL);
  // Stop signals may go to the whole process group; the parent decides what they mean.
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

// Reads `count` bytes, fewer only if the other side has ended. Throws std::system_error if the
// system refuses to read.
std::size_t read_fully(int socket, void* to, std::size_t count) {
  std::size_t done = 0;
  while (done < count) {
    const ssize_t got = read(socket, static_cast<char*>(to) + done, count - done);
    if (got < 0 && errno == EINTR) continue;
    // A child that ends with a question unread resets the connection.
    if (got == 0 || (got < 0 && errno == ECONNRESET)) break;
    if (got < 0) throw std::system_error(errno, std::generic_category());
    done += static_cast<std::size_t>(got);
  }
  return done;
}

// Sends all bytes. If the other side has ended it returns, and the next read finds that out. Throws
// std::system_error if the system refuses to send.
void send_fully(int socket, const void* from, std::size_t count) {
  std::size_t done = 0;
  while (done < count) {
    const ssize_t sent =
        send(socket, static_cast<const char*>(from) + done, count - done, MSG_NOSIGNAL);
    if (sent < 0 && errno == EINTR) continue;
    if (sent < 0 && (errno == EPIPE || errno == ECONNRESET)) return;
    if (sent < 0) throw std::system_error(errno, std::generic_category());
    done += static_cast<std::size_t>(sent);
  }
}

// A letter for success or the kind of error, followed by the answer or message.
std::string verdict_on(const std::function<std::string(std::uint64_t)>& answer,
                       std::uint64_t question) {
  try {
    return all_well + answer(question);
  } catch (const Error& error) {
    return kind_letter(error.kind()) + std::string(error.what());
  } catch (const std::bad_alloc&) {
    return {no_memory};
  } catch (const std::exception& error) {
    return kind_letter(ErrorKind::invalid) + std::string(error.what());
  }
}

constexpr int ended_without_memory = 12, ended_by_the_system = 13;  // exit statuses of a child

// A question is a number; its answer is a size and that many bytes.
void answer_questions(const std::function<std::string(std::uint64_t)>& answer, int socket,
                      unsigned seconds) {
  std::uint64_t question = 0;
  while (read_fully(socket, &question, sizeof question) == sizeof question) {
    itimerval limit{};
    limit.it_value.tv_sec = static_cast<time_t>(seconds);
    setitimer(ITIMER_PROF, &limit, nullptr);
    const std::string verdict = verdict_on(answer, question);
    if (__gcov_dump != nullptr) __gcov_dump();
    const std::uint64_t size = verdict.size();
    if (write_fully(socket, &size, sizeof size) != 0 ||
        write_fully(socket, verdict.data(), verdict.size()) != 0)
      throw std::system_error(errno, std::generic_category());
  }
}

// Never returns nor throws: the child must not run the parent's destructors.
[[noreturn]] void run_child(const std::function<std::string(std::uint64_t)>& answer, int socket,
                            unsigned seconds, pid_t parent) noexcept {
  become_expendable();
  if (getppid() != parent) _exit(0);  // the parent ended before PR_SET_PDEATHSIG was set
  try {
    answer_questions(answer, socket, seconds);
  } catch (const std::bad_alloc&) {
    _exit(ended_without_memory);
  } catch (...) {
    _exit(ended_by_the_system);
  }
  _exit(0);
}

// How a child ended that closed its side of the socket.
enum class Ending { crash, out_of_time, without_memory, by_the_system, by_a_signal, other };

Ending ending_of(pid_t child, int* signal) {
  int status = 0;
  pid_t waited = -1;
  do waited = waitpid(child, &status, 0);
  while (waited < 0 && errno == EINTR);
  if (waited != child) return Ending::other;
  if (WIFEXITED(status))
    return WEXITSTATUS(status) == ended_without_memory  ? Ending::without_memory
           : WEXITSTATUS(status) == ended_by_the_system ? Ending::by_the_system
                                                        : Ending::other;
  if (!WIFSIGNALED(status)) return Ending::other;
  *signal = WTERMSIG(status);
  switch (*signal) {
    case SIGPROF:
      return Ending::out_of_time;
    case SIGSEGV:
    case SIGBUS:
    case SIGFPE:
    case SIGILL:
    case SIGABRT:
    case SIGSYS:
    case SIGTRAP:
      return Ending::crash;
    default:
      return Ending::by_a_signal;
  }
}

[[noreturn]] void fail_unread(const std::string& name, const std::string& reason) {
  fail_io(name + ": cannot be read: " + reason);
}

[[noreturn]] void fail_without_memory(const std::string& name) {
  fail_unread(name, "not enough memory");
}

[[noreturn]] void fail_ended(pid_t child, const std::string& name, const std::string& damage) {
  int signal = 0;
  const Ending ending = ending_of(child, &signal);
  throw_if_stopped();  // a signal to the whole group: the file is not the cause
  if (ending == Ending::without_memory) fail_without_memory(name);
  if (ending == Ending::by_the_system)
    fail_unread(name, "the process that reads it cannot be asked");
  if (ending == Ending::by_a_signal)
    fail_unread(
        name,
        "the process that reads it was ended by signal " + std::to_string(signal) +
            (signal == SIGKILL ? " (SIGKILL), as the system does where memory is short" : ""));
  fail_invalid(
      name + ": " + damage +
      (ending == Ending::out_of_time ? " in the time that an intact file of its size takes" : ""));
}

}  // namespace

GuardedHelper::GuardedHelper(const std::function<std::string(std::uint64_t)>& answer,
                             unsigned seconds) {
  // A child forked by another thread in between would inherit this child's end of the socket and
  // keep it open, so that a crash of this child would go unnoticed.
  static std::mutex one_start;
  const std::lock_guard<std::mutex> lock(one_start);
  int ends[2];
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0)
    fail_io(std::string("no socket can be made: ") + std::strerror(errno));
  const pid_t parent = getpid();
  child_ = fork();
  if (child_ == 0) {
    close(ends[0]);
    run_child(answer, ends[1], seconds, parent);
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

// The child is killed: it holds nothing worth saving.
void GuardedHelper::end() {
  if (socket_ >= 0) close(socket_);
  socket_ = -1;
  if (child_ <= 0) return;
  kill(child_, SIGKILL);
  while (waitpid(child_, nullptr, 0) < 0 && errno == EINTR) {
  }
  child_ = -1;
}

std::string GuardedHelper::ask(std::uint64_t question, const std::string& name,
                               const std::string& damage) {
  std::uint64_t size = 0;
  std::string verdict;
  try {
    send_fully(socket_, &question, sizeof question);
    wait_until_ready(socket_, Readiness::to_read);
    if (read_fully(socket_, &size, sizeof size) == sizeof size) {
      verdict.resize(size);
      if (read_fully(socket_, verdict.data(), size) != size) verdict.clear();
    }
  } catch (const std::system_error& error) {
    end();
    fail_unread(name, "the process that reads it cannot be asked: " + error.code().message());
  } catch (...) {
    end();
    throw;
  }
  if (verdict.empty()) {
    const pid_t child = std::exchange(child_, -1);
    end();
    fail_ended(child, name, damage);
  }
  if (verdict[0] == all_well) return verdict.erase(0, 1);
  if (verdict[0] == no_memory) fail_without_memory(name);
  const char* letter = std::strchr(error_letters, verdict[0]);
  const auto kind =
      letter == nullptr ? ErrorKind::invalid : static_cast<ErrorKind>(letter - error_letters);
  throw Error(kind, verdict.substr(1));
}

std::string run_guarded(const std::function<std::string()>& work, const std::string& name,
                        const std::string& damage, unsigned seconds) {
  std::optional<GuardedHelper> helper;
  try {
    helper.emplace([&](std::uint64_t) { return work(); }, seconds);
  } catch (const Error& error) {
    throw Error(error.kind(), name + ": cannot be read: " + error.what());
  }
  return helper->ask(0, name, damage);
}

void grant_seconds(unsigned seconds) {
  itimerval limit{};
  if (getitimer(ITIMER_PROF, &limit) != 0 || !timerisset(&limit.it_value)) return;
  limit.it_value.tv_sec += static_cast<time_t>(seconds);
  setitimer(ITIMER_PROF, &limit, nullptr);
}

}  // namespace pushforward
