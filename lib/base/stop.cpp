#include "base/stop.hpp"

#include <csignal>

namespace pushforward {
namespace {

volatile std::sig_atomic_t arrived = 0;

extern "C" void remember_signal(int signal) { arrived = signal; }

}  // namespace

void watch_stop_signals() {
  struct sigaction action {};
  action.sa_handler = remember_signal;
  // The second signal finds the default action: a program that does not come to its end can
  // always be ended by hand.
  action.sa_flags = static_cast<int>(SA_RESETHAND);
  sigemptyset(&action.sa_mask);
  for (int signal : {SIGINT, SIGTERM}) {
    struct sigaction old {};
    // A shell starts background jobs with SIGINT ignored; that choice is kept.
    if (sigaction(signal, nullptr, &old) == 0 && old.sa_handler == SIG_IGN) continue;
    sigaction(signal, &action, nullptr);
  }
}

int stop_signal() { return arrived; }

void throw_if_stopped() {
  if (arrived != 0) throw Stopped(arrived);
}

}  // namespace pushforward
