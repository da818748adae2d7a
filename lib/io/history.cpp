#include "io/history.hpp"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <ctime>

#include "base/error.hpp"

namespace pushforward {
namespace {

constexpr std::int64_t last_second = 253402300799;  // of the year 9999
constexpr std::size_t max_line = 1000;
constexpr std::size_t max_bytes = 60000;  // an attribute in an object header holds 65535

std::string time_text() {
  const std::time_t seconds = source_date().value_or(std::time(nullptr));
  std::tm parts{};
  gmtime_r(&seconds, &parts);
  char text[32];
  std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &parts);
  return text;
}

// One line of at most max_line bytes, not cut within a UTF-8 character.
std::string tidy(std::string line) {
  for (char& c : line)
    if (static_cast<unsigned char>(c) < 32) c = ' ';
  if (line.size() <= max_line) return line;
  std::size_t end = max_line - 4;
  while (end > 0 && (static_cast<unsigned char>(line[end]) & 0xc0u) == 0x80u) --end;
  return line.substr(0, end) + " ...";
}

}  // namespace

std::optional<std::time_t> source_date() {
  const char* const epoch = std::getenv("SOURCE_DATE_EPOCH");
  if (epoch == nullptr || *epoch == '\0') return std::nullopt;
  const char* const last = epoch + std::strlen(epoch);
  std::int64_t seconds = 0;
  const auto [end, error] = std::from_chars(epoch, last, seconds);
  if (error != std::errc() || end != last || seconds < 0 || seconds > last_second)
    fail_usage("SOURCE_DATE_EPOCH: '" + std::string(epoch) +
               "' is no whole number of seconds from 1970 to the year 9999; correct or unset it");
  return static_cast<std::time_t>(seconds);
}

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
