#include "base/progress.hpp"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <utility>

namespace pushforward {
namespace {

constexpr std::size_t longest_bar = 24, shortest_bar = 5;
constexpr std::size_t usual_columns = 80;  // if the terminal does not say

double seconds_now() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

// Columns of the terminal but the last one: some terminals wrap the line after a character there.
std::size_t columns() {
  winsize size{};
  const bool known = ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0;
  return (known ? size.ws_col : usual_columns) - 1;
}

// "1:05", "2:00:00".
std::string clock_text(double seconds) {
  const auto all = static_cast<unsigned long long>(std::min(seconds, 1e15));
  char text[64];
  if (all < 3600)
    std::snprintf(text, sizeof text, "%llu:%02llu", all / 60, all % 60);
  else
    std::snprintf(text, sizeof text, "%llu:%02llu:%02llu", all / 3600, all / 60 % 60, all % 60);
  return text;
}

// Everything after the bar but the note.
std::string numbers_text(const ProgressState& state) {
  const std::uint64_t left = state.total - std::min(state.done, state.total);
  const double seconds = state.rate > 0 ? static_cast<double>(left) / state.rate : 0;
  char rate[32];
  std::snprintf(rate, sizeof rate, "%.4g", state.rate);
  return std::to_string(state.done) + "/" + std::to_string(state.total) + " " + state.unit + ", " +
         rate + "/s, " + clock_text(seconds) + " left";
}

std::string bar_text(const ProgressState& state, std::size_t length) {
  const double part = state.total > 0 ? static_cast<double>(std::min(state.done, state.total)) /
                                            static_cast<double>(state.total)
                                      : 1;
  const auto filled = static_cast<std::size_t>(static_cast<double>(length) * part);
  return "[" + std::string(filled, '#') + std::string(length - filled, '.') + "]";
}

}  // namespace

std::string progress_text(const ProgressState& state) {
  return state.program + ": " + numbers_text(state) + (state.note.empty() ? "" : ", " + state.note);
}

std::string progress_line(const ProgressState& state, std::size_t width) {
  const std::string numbers = numbers_text(state);
  const std::string note = state.note.empty() ? "" : " " + state.note;
  const std::size_t frame = state.program.size() + 4;  // two blanks and two brackets
  const std::size_t least = frame + shortest_bar + numbers.size();
  std::string line = numbers + note;
  if (least <= width) {
    const std::size_t room = width - frame - numbers.size();
    const std::size_t bar = room > note.size() ? room - note.size() : 0;
    line = state.program + " " + bar_text(state, std::clamp(bar, shortest_bar, longest_bar)) + " " +
           line;
  }
  return line.substr(0, width);
}

Progress::Progress(ProgressStyle style, std::string program, std::uint64_t total, std::string unit)
    : on_terminal_(isatty(STDERR_FILENO) == 1),
      shown_(style.mode == ProgressMode::always ||
             (style.mode == ProgressMode::automatic && on_terminal_)),
      line_seconds_(style.line_seconds),
      started_(seconds_now()),
      last_draw_(on_terminal_ ? started_ - 1 : started_) {
  state_.program = std::move(program);
  state_.total = total;
  state_.unit = std::move(unit);
}

Progress::~Progress() {
  if (drawn_ == 0) return;
  draw("");
  std::fputs("\r", stderr);
}

void Progress::update(std::uint64_t done, const std::string& note) {
  if (!shown_) return;
  const double now = seconds_now();
  if (first_) {
    first_ = false;
    first_done_ = done;
    started_ = now;
  }
  if (on_terminal_ ? now - last_draw_ < 0.1 && done < state_.total
                   : now - last_draw_ < line_seconds_)
    return;
  last_draw_ = now;
  const double elapsed = now - started_;
  state_.done = done;
  state_.rate = elapsed > 0 ? static_cast<double>(done - first_done_) / elapsed : 0;
  state_.note = note;
  if (on_terminal_)
    draw(progress_line(state_, columns()));
  else
    std::fprintf(stderr, "%s\n", progress_text(state_).c_str());
}

// The rest of the previous line is overwritten with blanks, since not every terminal can erase.
void Progress::draw(std::string line) {
  const std::size_t length = line.size();
  if (drawn_ > length) line.append(std::min(drawn_, columns()) - std::min(length, columns()), ' ');
  drawn_ = length;
  std::fprintf(stderr, "\r%s", line.c_str());
  std::fflush(stderr);
}

}  // namespace pushforward
