#include "base/messages.hpp"

#include <algorithm>
#include <cstdio>

#include "base/error.hpp"

namespace pushforward {
namespace {

struct Messages {
  std::string program = "pushforward";
  bool quiet = false;
  bool verbose = false;
};

Messages& messages() {
  static Messages state;
  return state;
}

// The text with every setting() as an option, "--subset-size".
std::string with_options(const std::string& text) {
  std::string shown;
  std::size_t at = 0;
  while (at < text.size()) {
    const std::size_t begin = std::min(text.find(setting_mark, at), text.size());
    const std::size_t end = text.find(setting_mark, begin + 1);
    shown += text.substr(at, begin - at);
    if (end == std::string::npos) return shown + text.substr(begin);
    shown += "--" + option_of(text.substr(begin + 1, end - begin - 1));
    at = end + 1;
  }
  return shown;
}

}  // namespace

std::string option_of(std::string field) {
  std::replace(field.begin(), field.end(), '_', '-');
  return field;
}

void set_messages(const std::string& program, bool quiet, bool verbose) {
  messages() = {program, quiet, verbose};
}

bool messages_are_quiet() { return messages().quiet; }

void say(const std::string& message) { say(messages().program, message); }

void warn(const std::string& message) {
  if (!messages().quiet) say(messages().program, "warning: " + message);
}

void note(const std::string& message) {
  if (!messages().quiet) say(messages().program, message);
}

void inform(const std::string& message) {
  if (messages().verbose && !messages().quiet) say(messages().program, message);
}

std::string not_passed_on(const std::string& file, const std::vector<std::string>& names) {
  constexpr std::size_t max_names = 6;
  std::string text = file + ": not passed on: ";
  for (std::size_t i = 0; i < std::min(names.size(), max_names); ++i)
    text += (i > 0 ? ", " : "") + names[i];
  if (names.size() > max_names)
    text += " and " + std::to_string(names.size() - max_names) + " more";
  return text;
}

void say(const std::string& program, const std::string& message) {
  const std::size_t end = message.find(line_break);
  std::string line = program + ": " + with_options(message.substr(0, end));
  while (!line.empty() && line.back() == '\n') line.pop_back();
  for (char& c : line)
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) c = c == '\n' || c == '\t' ? ' ' : '?';
  line += '\n';
  std::fputs(line.c_str(), stderr);
  if (end != std::string::npos) say(program, message.substr(end + 1));
}

}  // namespace pushforward
