// Progress on standard error, with rate and time left: a bar on a terminal, a line now and then
// elsewhere.
#pragma once

#include <cstdint>
#include <string>

namespace pushforward {

enum class ProgressMode { automatic, always, never };  // automatic: only on a terminal

struct ProgressStyle {
  ProgressMode mode = ProgressMode::never;
  double line_seconds = 60;  // between lines, where there is no terminal
};

// What a bar shows.
struct ProgressState {
  std::string program;
  std::uint64_t done = 0, total = 0;
  std::string unit;  // "step", "row", "lane"
  double rate = 0;   // units per second
  std::string note;  // at the end of the line: "loss 1.234"
};

// The same without a bar, for a log: "flow-train: 1399/8000 step, 6946/s, 0:00 left, loss 2.641".
[[nodiscard]] std::string progress_text(const ProgressState& state);

// The bar as one line of at most `width` columns. If it does not fit, the bar gets shorter, then
// the note is cut, then the bar and the program's name are left out.
[[nodiscard]] std::string progress_line(const ProgressState& state, std::size_t width);

class Progress {
 public:
  // `total` steps of `unit`.
  Progress(ProgressStyle style, std::string program, std::uint64_t total, std::string unit);
  ~Progress();  // erases the bar
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  // Redraws at most ten times per second, as wide as the terminal is now; without a terminal, adds
  // a line when it is time. Call it from one thread.
  void update(std::uint64_t done, const std::string& note = "");

 private:
  void draw(std::string line);

  bool on_terminal_, shown_;
  double line_seconds_;
  ProgressState state_;
  double started_;
  double last_draw_;
  std::uint64_t first_done_ = 0;
  bool first_ = true;
  std::size_t drawn_ = 0;  // columns of the line on the screen
};

}  // namespace pushforward
