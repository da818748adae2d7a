#include "base/progress.hpp"

#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>

namespace pushforward {
namespace {

double seconds_now() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

}  // namespace

Progress::Progress(ProgressMode mode, std::string program, std::uint64_t total, std::string unit)
    : shown_(mode == ProgressMode::always ||
             (mode == ProgressMode::automatic && isatty(STDERR_FILENO) == 1)),
      program_(std::move(program)),
      total_(total),
      unit_(std::move(unit)),
      started_(seconds_now()) {}

Progress::~Progress() {
  if (shown_ && last_draw_ >= 0) std::fputs("\r\033[K", stderr);
}

void Progress::update(std::uint64_t done, const std::string& note) {
  if (!shown_) return;
  const double now = seconds_now();
  if (first_) {
    first_ = false;
    first_done_ = done;
    started_ = now;
  }
  if (now - last_draw_ < 0.1 && done < total_) return;
  last_draw_ = now;
  const double elapsed = now - started_;
  const double rate = elapsed > 0 ? static_cast<double>(done - first_done_) / elapsed : 0;
  const double left = rate > 0 ? static_cast<double>(total_ - std::min(done, total_)) / rate : 0;
  constexpr int width = 24;
  const int filled = total_ > 0 ? static_cast<int>(width * std::min(done, total_) / total_) : width;
  const std::string bar = std::string(static_cast<std::size_t>(filled), '#') +
                          std::string(static_cast<std::size_t>(width - filled), '.');
  const int left_seconds = static_cast<int>(left);
  std::fprintf(stderr, "\r%s [%s] %llu/%llu %s, %.4g/s, %d:%02d left %s\033[K", program_.c_str(),
               bar.c_str(), static_cast<unsigned long long>(done),
               static_cast<unsigned long long>(total_), unit_.c_str(), rate, left_seconds / 60,
               left_seconds % 60, note.c_str());
  std::fflush(stderr);
}

}  // namespace pushforward
