#include "cli/config_file.hpp"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>

#include "base/error.hpp"

namespace pushforward {

namespace {

constexpr char blank[] = " \t\r";

std::string trimmed(const std::string& text) {
  const auto first = text.find_first_not_of(blank);
  if (first == std::string::npos) return "";
  return text.substr(first, text.find_last_not_of(blank) + 1 - first);
}

// A `#` in a quoted value is part of it.
std::string without_comment(const std::string& line) {
  bool quoted = false;
  for (std::size_t i = 0; i < line.size(); ++i) {
    if (line[i] == '"') quoted = !quoted;
    if (line[i] == '#' && !quoted && (i == 0 || line[i - 1] == ' ' || line[i - 1] == '\t'))
      return line.substr(0, i);
  }
  return line;
}

// The text between double quotes, blanks included.
std::string unquoted(const std::string& value) {
  const bool quoted = value.size() > 1 && value.front() == '"' && value.back() == '"';
  return quoted ? value.substr(1, value.size() - 2) : value;
}

std::string read_text(const std::string& file, const std::string& name) {
  const bool standard = file == "-";
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> opened(
      standard ? nullptr : std::fopen(file.c_str(), "rb"), std::fclose);
  std::FILE* const stream = standard ? stdin : opened.get();
  const auto reason = [] { return std::string(std::strerror(errno)); };
  if (stream == nullptr) fail_not_found(name + ": cannot read: " + reason());
  std::string text;
  char block[4096];
  for (std::size_t count; (count = std::fread(block, 1, sizeof block, stream)) > 0;) {
    text.append(block, count);
    if (text.size() > (1u << 20)) fail_invalid(name + ": is not a configuration file: too large");
  }
  if (std::ferror(stream)) fail_io(name + ": cannot read: " + reason());
  if (text.find('\0') != std::string::npos)
    fail_invalid(name + ": is not a configuration file: it should be text in ASCII or UTF-8");
  const std::string mark = "\xef\xbb\xbf";  // a byte order mark, which editors do not show
  if (text.compare(0, mark.size(), mark) == 0) text.erase(0, mark.size());
  return text;
}

}  // namespace

std::vector<ConfigEntry> read_config_file(const std::string& file) {
  const std::string name = file == "-" ? "standard input" : file;
  const std::string text = read_text(file, name);
  std::vector<ConfigEntry> entries;
  std::size_t number = 0;
  for (std::size_t first = 0; first < text.size();) {
    const auto end = std::min(text.find('\n', first), text.size());
    const std::string line = trimmed(without_comment(text.substr(first, end - first)));
    first = end + 1;
    ++number;
    if (line.empty()) continue;
    ConfigEntry entry;
    entry.place = name + ":" + std::to_string(number) + ": ";
    const auto equals = line.find('=');
    entry.has_value = equals != std::string::npos;
    entry.name = trimmed(line.substr(0, equals));
    if (entry.has_value) entry.value = unquoted(trimmed(line.substr(equals + 1)));
    if (entry.name.compare(0, 2, "--") == 0) entry.name.erase(0, 2);
    if (entry.name.find_first_of(blank) != std::string::npos)
      fail_usage(entry.place + "'" + line + "' is not a line `option = value`");
    entries.push_back(entry);
  }
  return entries;
}

}  // namespace pushforward
