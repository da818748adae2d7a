// Messages on standard error.
#pragma once

#include <string>
#include <vector>

namespace pushforward {

// The option of the command line for a field of the library: "subset-size" for "subset_size".
[[nodiscard]] std::string option_of(std::string field);

// The program's name and how much it prints; called by CommandLine::parse.
void set_messages(const std::string& program, bool quiet, bool verbose);
[[nodiscard]] bool messages_are_quiet();

// One line on standard error, "program: warning: message", unless --quiet.
void warn(const std::string& message);
// "program: message", unless --quiet: what a user would ask about a result.
void note(const std::string& message);
// The same, with --verbose only.
void inform(const std::string& message);

// The text of a warning: "file: not passed on: /a (text), /b and 3 more"; at most six names.
[[nodiscard]] std::string not_passed_on(const std::string& file,
                                        const std::vector<std::string>& names);

// Prints "program: message" as one line, or as one for each part between a line_break. Control
// characters are replaced: a file's name may contain newlines or escape sequences. A setting()
// (base/error.hpp) is shown as an option.
void say(const std::string& program, const std::string& message);
// The same, with the name given to set_messages().
void say(const std::string& message);

}  // namespace pushforward
