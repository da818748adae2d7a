// A progress bar on standard error, with rate and time left.
#pragma once

#include <cstdint>
#include <string>

namespace pushforward {

enum class ProgressMode { automatic, always, never };  // automatic: only on a terminal

class Progress {
 public:
  // `total` steps of `unit` ("step", "row", "lane").
  Progress(ProgressMode mode, std::string program, std::uint64_t total, std::string unit);
  ~Progress();  // erases the bar

  // Redraws at most ten times a second; `note` stands behind the bar ("loss 1.234").
  // To be called from one thread.
  void update(std::uint64_t done, const std::string& note = "");

 private:
  bool shown_;
  std::string program_;
  std::uint64_t total_;
  std::string unit_;
  double started_;
  double last_draw_ = -1;
  std::uint64_t first_done_ = 0;
  bool first_ = true;
};

}  // namespace pushforward
