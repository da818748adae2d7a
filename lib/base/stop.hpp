// Stop signals (SIGINT, SIGTERM): a program finishes its unit of work, saves, and leaves with
// 128 + the signal's number.
#pragma once

#include <stdexcept>

namespace pushforward {

// Thrown by whoever notices the signal, after saving what can be saved.
class Stopped : public std::exception {
 public:
  explicit Stopped(int signal) : signal_(signal) {}
  [[nodiscard]] int exit_status() const { return 128 + signal_; }
  [[nodiscard]] const char* what() const noexcept override { return "stopped by a signal"; }

 private:
  int signal_;
};

// Catches SIGINT and SIGTERM from now on. A signal a second or more after the first ends the
// process at once, so one that does not come to its end can always be ended by hand.
void watch_stop_signals();

// The signal that arrived, or 0.
[[nodiscard]] int stop_signal();

// Throws Stopped if a signal has arrived. Cheap enough for every step of a loop.
void throw_if_stopped();

}  // namespace pushforward
