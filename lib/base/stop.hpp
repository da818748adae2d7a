// Stop signals: a program finishes its unit of work, saves, and leaves with 128 + the signal's
// number.
#pragma once

#include <array>
#include <csignal>
#include <stdexcept>

namespace pushforward {

// A terminal that closes, a person, a batch system: each asks a program to end. (SIGUSR1 and
// SIGXCPU are what batch systems send some time before they end a job.)
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

// Catches the stop signals from now on, except those that are ignored already: nohup(1) has SIGHUP
// so, and a shell SIGINT of a job in the background. A signal a second or more after the first ends
// the process at once, so one that does not come to its end can always be ended by hand.
void watch_stop_signals();

// What a signal handler calls before it ends the process at once; it may do nothing that a handler
// may not.
void before_sudden_end(void (*clean_up)());

// The signal that arrived, or 0.
[[nodiscard]] int stop_signal();

// Throws Stopped if a signal has arrived. Cheap enough for every step of a loop.
void throw_if_stopped();

enum class Readiness { to_read, to_write };

// Returns when the descriptor, a pipe or socket that may keep us waiting, is ready or has ended.
// Throws Stopped when a signal arrives first.
void wait_until_ready(int descriptor, Readiness readiness);

}  // namespace pushforward
