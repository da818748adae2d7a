// Stop signals: a program finishes its unit of work, saves, and leaves with 128 + the signal's
// number.
#pragma once

#include <array>
#include <csignal>
#include <stdexcept>

namespace pushforward {

// Requests to end, from a closing terminal, a person or a batch system. (Batch systems send SIGUSR1
// or SIGXCPU some time before they kill a job.)
constexpr std::array<int, 5> stop_signals = {SIGHUP, SIGINT, SIGTERM, SIGUSR1, SIGXCPU};

// Thrown by whoever notices the signal, after saving what can be saved.
class Stopped : public std::exception {
 public:
  explicit Stopped(int signal) : signal_(signal) {}
  [[nodiscard]] int exit_status() const { return 128 + signal_; }
  [[nodiscard]] const char* what() const noexcept override { return "stopped by a signal"; }

 private:
  int signal_;
};

// Catches the stop signals from now on, except those that are ignored already: SIGHUP under
// nohup(1), SIGINT of a background job in a shell. A signal that follows the first by a second or
// more ends the process at once, so that a program which does not finish can be ended by hand.
void watch_stop_signals();

// Sets what the signal handler calls before it ends the process at once. `clean_up` must be
// async-signal-safe.
void before_sudden_end(void (*clean_up)());

// The signal that arrived, or 0.
[[nodiscard]] int stop_signal();

// Throws Stopped if a signal has arrived. Cheap enough for every step of a loop.
void throw_if_stopped();

enum class Readiness { to_read, to_write };

// Waits until the descriptor, such as a pipe or socket, is ready or closed. Throws Stopped if a
// signal arrives first.
void wait_until_ready(int descriptor, Readiness readiness);

}  // namespace pushforward
