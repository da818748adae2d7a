#include "io/history.hpp"

#include <algorithm>
#include <cstdlib>
#include <ctime>

namespace pushforward {
namespace {

constexpr std::size_t max_line = 1000;
constexpr std::size_t max_bytes = 60000;  // an attribute in an object header holds 65535

std::time_t now() {
  const char* epoch = std::getenv("SOURCE_DATE_EPOCH");
  if (epoch != nullptr && *epoch != '\0') {
    char* end = nullptr;
    const long long seconds = std::strtoll(epoch, &end, 10);
    if (*end == '\0' && seconds >= 0 && seconds < 253402300800LL)  // up to the year 9999
      return static_cast<std::time_t>(seconds);
  }
  return std::time(nullptr);
}

std::string time_text() {
  const std::time_t seconds = now();
  std::tm parts{};
  gmtime_r(&seconds, &parts);
  char text[32];
  std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &parts);
  return text;
}

// One line of at most max_line bytes that does not end within a character of UTF-8.
std::string tidy(std::string line) {
  for (char& c : line)
    if (static_cast<unsigned char>(c) < 32) c = ' ';
  if (line.size() <= max_line) return line;
  std::size_t end = max_line - 4;
  while (end > 0 && (static_cast<unsigned char>(line[end]) & 0xc0u) == 0x80u) --end;
  return line.substr(0, end) + " ...";
}

}  // namespace

std::vector<std::string> history_lines(const Provenance& provenance) {
  std::vector<std::string> lines;
  if (provenance.write_history && !provenance.command_line.empty())
    lines.push_back(tidy(time_text() + " " + provenance.command_line));
  for (const std::string& line : provenance.earlier) lines.push_back(tidy(line));
  std::size_t longest = 1, kept = 0;
  for (; kept < lines.size(); ++kept) {
    longest = std::max(longest, lines[kept].size());
    if (longest * (kept + 1) > max_bytes) break;
  }
  lines.resize(kept);
  return lines;
}

}  // namespace pushforward
