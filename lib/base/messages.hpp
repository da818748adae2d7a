// What a program says on standard error.
#pragma once

#include <string>
#include <vector>

namespace pushforward {

// The option of the command line for a field of the library: "subset-size" for "subset_size".
[[nodiscard]] std::string option_of(std::string field);

// Who speaks and how much; CommandLine::parse calls it.
void set_messages(const std::string& program, bool quiet, bool verbose);
[[nodiscard]] bool messages_are_quiet();

// One line on standard error, "program: warning: message", unless --quiet.
void warn(const std::string& message);
// The same without "warning", with --verbose only.
void inform(const std::string& message);

// A warning's text: "file: not passed on: /a (text), /b", the first six names and how many follow.
[[nodiscard]] std::string not_passed_on(const std::string& file,
                                        const std::vector<std::string>& names);

// "program: message" as one line, whatever the message holds: a file's name may contain newlines or
// escape sequences. A setting() (base/error.hpp) is shown as an option.
void say(const std::string& program, const std::string& message);
// The same of the program that was set.
void say(const std::string& message);

}  // namespace pushforward
