// The progress bar, on terminals of every width.
#include <fcntl.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <cstdio>
#include <cstdlib>
#include <string>

#include "base/progress.hpp"

using namespace pushforward;

namespace {

ProgressState state() { return {"flow-train", 1399, 8000, "step", 6946, "loss 2.641"}; }

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

// What `body` writes to standard error while that is a terminal of so many columns; empty where
// there are no terminals.
template <class Body>
std::string on_terminal(unsigned short columns, Body body) {
  const int master = posix_openpt(O_RDWR | O_NOCTTY);
  if (master < 0 || grantpt(master) != 0 || unlockpt(master) != 0) return "";
  const int slave = open(ptsname(master), O_RDWR | O_NOCTTY);
  winsize size{};
  size.ws_col = columns;
  REQUIRE(ioctl(slave, TIOCSWINSZ, &size) == 0);
  std::fflush(stderr);
  const int saved = dup(STDERR_FILENO);
  dup2(slave, STDERR_FILENO);
  body();
  std::fflush(stderr);
  dup2(saved, STDERR_FILENO);
  close(saved);
  std::string text;
  char block[4096];
  for (pollfd ready{master, POLLIN, 0}; poll(&ready, 1, 0) == 1;) {
    const ssize_t count = read(master, block, sizeof block);
    if (count <= 0) break;
    text.append(block, static_cast<std::size_t>(count));
  }
  close(slave);
  close(master);
  return text;
}

std::size_t widest(const std::string& text) {
  std::size_t most = 0;
  for (std::size_t first = 0; first <= text.size();) {
    const std::size_t end = std::min(text.find('\r', first), text.size());
    most = std::max(most, end - first);
    first = end + 1;
  }
  return most;
}

}  // namespace

TEST_CASE("a line of progress is never wider than it may be") {
  ProgressState long_note = state();
  long_note.note += ", 1.778e+06 rows/s, validation 2.7 and more and more and more";
  for (std::size_t width = 0; width < 200; ++width) {
    CHECK(progress_line(state(), width).size() <= width);
    CHECK(progress_line(long_note, width).size() <= width);
  }
}

TEST_CASE("where the line is narrow the bar gives way first, numbers last") {
  CHECK(progress_line(state(), 100) ==
        "flow-train [####....................] 1399/8000 step, 6946/s, 0:00 left loss 2.641");
  const std::string at_60 = progress_line(state(), 60);
  CHECK(has(at_60, "flow-train [."));
  CHECK(has(at_60, "0:00 left"));
  CHECK(progress_line(state(), 45) == "1399/8000 step, 6946/s, 0:00 left loss 2.641");
  CHECK(progress_line(state(), 9) == "1399/8000");
}

TEST_CASE("progress of nothing, of more than all, and of years") {
  ProgressState odd = state();
  odd.total = 0;
  CHECK(has(progress_line(odd, 100), "[########################] 1399/0 step"));
  odd.total = 10;
  CHECK(has(progress_line(odd, 100), "[########################] 1399/10 step"));
  odd.total = 4000000000000000000u;
  odd.rate = 1e-9;
  CHECK(has(progress_line(odd, 100), "277777777777:46:40 left"));
  odd.total = 1399 + 7325;
  odd.rate = 1;
  CHECK(has(progress_line(odd, 100), "2:02:05 left"));
}

TEST_CASE("a bar fits its terminal, uses no control sequences and leaves nothing behind") {
  for (const unsigned columns : {200u, 80u, 40u, 10u, 1u, 0u}) {
    const std::string text = on_terminal(static_cast<unsigned short>(columns), [] {
      Progress progress({ProgressMode::automatic}, "flow-train", 100, "step");
      progress.update(100, std::string(300, 'n'));
      progress.update(100, "short");
    });
    if (text.empty()) return;  // no terminals on this system
    INFO(columns);
    CHECK(widest(text) < (columns == 0 ? 80u : columns));
    CHECK_FALSE(has(text, "\033"));
    const std::string last = text.substr(0, text.rfind('\r'));
    CHECK(last.substr(last.rfind('\r') + 1).find_first_not_of(' ') == std::string::npos);
  }
}

TEST_CASE("no bar where none is wanted") {
  CHECK(on_terminal(80, [] {
          Progress progress({}, "flow-train", 100, "step");
          progress.update(100);
        }).empty());
}
