// What a program says on standard error.
#pragma once

#include <string>

namespace pushforward {

// Who speaks and how much; CommandLine::parse calls it.
void set_messages(const std::string& program, bool quiet, bool verbose);
[[nodiscard]] bool messages_are_quiet();

// One line on standard error, "program: warning: message", unless --quiet.
void warn(const std::string& message);
// The same without "warning", with --verbose only.
void inform(const std::string& message);

// "program: message" as one line, whatever the message holds: a file's name may contain newlines or
// escape sequences.
void say(const std::string& program, const std::string& message);

}  // namespace pushforward
