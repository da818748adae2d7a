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

std::string without_comment(const std::string& line) {
  for (std::size_t i = 0; i < line.size(); ++i)
    if (line[i] == '#' && (i == 0 || line[i - 1] == ' ' || line[i - 1] == '\t'))
      return line.substr(0, i);
  return line;
}

std::string read_text(const std::string& file) {
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> stream(std::fopen(file.c_str(), "rb"),
                                                               std::fclose);
  const auto reason = [] { return std::string(std::strerror(errno)); };
  if (!stream) fail_not_found(file + ": cannot read: " + reason());
  std::string text;
  char block[4096];
  for (std::size_t count; (count = std::fread(block, 1, sizeof block, stream.get())) > 0;) {
    text.append(block, count);
    if (text.size() > (1u << 20)) fail_invalid(file + ": is not a configuration file: too large");
  }
  if (std::ferror(stream.get())) fail_io(file + ": cannot read: " + reason());
  return text;
}

}  // namespace

std::vector<ConfigEntry> read_config_file(const std::string& file) {
  const std::string text = read_text(file);
  std::vector<ConfigEntry> entries;
  std::size_t number = 0;
  for (std::size_t first = 0; first < text.size();) {
    const auto end = std::min(text.find('\n', first), text.size());
    const std::string line = trimmed(without_comment(text.substr(first, end - first)));
    first = end + 1;
    ++number;
    if (line.empty()) continue;
    ConfigEntry entry;
    entry.place = file + ":" + std::to_string(number) + ": ";
    const auto equals = line.find('=');
    entry.has_value = equals != std::string::npos;
    entry.name = trimmed(line.substr(0, equals));
    if (entry.has_value) entry.value = trimmed(line.substr(equals + 1));
    if (entry.name.compare(0, 2, "--") == 0) entry.name.erase(0, 2);
    entries.push_back(entry);
  }
  return entries;
}

}  // namespace pushforward
