#include "base/messages.hpp"

#include <algorithm>
#include <cstdio>

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

}  // namespace

void set_messages(const std::string& program, bool quiet, bool verbose) {
  messages() = {program, quiet, verbose};
}

bool messages_are_quiet() { return messages().quiet; }

void say(const std::string& message) { say(messages().program, message); }

void warn(const std::string& message) {
  if (!messages().quiet) say(messages().program, "warning: " + message);
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
  std::string line = program + ": " + message;
  while (!line.empty() && line.back() == '\n') line.pop_back();
  for (char& c : line)
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) c = c == '\n' || c == '\t' ? ' ' : '?';
  line += '\n';
  std::fputs(line.c_str(), stderr);
}

}  // namespace pushforward
