#include "base/stop.hpp"

#include <poll.h>
#include <time.h>

#include <atomic>
#include <cerrno>
#include <cstdint>

namespace pushforward {
namespace {

// One request to stop can arrive as two signals: timeout(1) and job schedulers signal a process and
// then its process group. Signals closer together than this are one request.
constexpr std::int64_t same_request = 1000;  // milliseconds

std::atomic<int> arrived{0};              // threads look at it that did not take the signal
std::atomic<std::int64_t> first_time{0};  // milliseconds
std::atomic<void (*)()> last_act{nullptr};
static_assert(std::atomic<int>::is_always_lock_free &&
                  std::atomic<std::int64_t>::is_always_lock_free &&
                  std::atomic<void (*)()>::is_always_lock_free,
              "used in a signal handler");

extern "C" void remember_signal(int signal) {
  timespec now{};
  clock_gettime(CLOCK_MONOTONIC, &now);
  const std::int64_t time = std::int64_t{now.tv_sec} * 1000 + now.tv_nsec / 1000000;
  if (arrived == 0) {
    first_time = time;
    arrived = signal;
  } else if (time - first_time >= same_request) {
    if (const auto clean_up = last_act.load()) clean_up();
    std::signal(signal, SIG_DFL);
    raise(signal);  // blocked until this handler returns
  }
}

}  // namespace

void watch_stop_signals() {
  struct sigaction action {};
  action.sa_handler = remember_signal;
  sigemptyset(&action.sa_mask);
  for (const int signal : stop_signals) {
    struct sigaction old {};
    if (sigaction(signal, nullptr, &old) == 0 && old.sa_handler == SIG_IGN) continue;
    sigaction(signal, &action, nullptr);
  }
}

void before_sudden_end(void (*clean_up)()) { last_act = clean_up; }

int stop_signal() { return arrived; }

void throw_if_stopped() {
  if (const int signal = arrived) throw Stopped(signal);
}

void wait_until_ready(int descriptor, Readiness readiness) {
  constexpr int milliseconds = 100;  // delays a signal between the check and poll()
  pollfd wanted{descriptor, static_cast<short>(readiness == Readiness::to_read ? POLLIN : POLLOUT),
                0};
  for (;;) {
    throw_if_stopped();
    const int ready = poll(&wanted, 1, milliseconds);
    if (ready > 0 || (ready < 0 && errno != EINTR)) return;
  }
}

}  // namespace pushforward
