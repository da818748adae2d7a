// Errors that a user can cause or meet, and the exit status of each.
#pragma once

#include <stdexcept>
#include <string>
#include <utility>

namespace pushforward {

enum class ErrorKind {
  usage,      // the command line is wrong: status 2
  not_found,  // a file or dataset is missing: status 1
  invalid,    // data, a model or a file is damaged or of the wrong kind: status 1
  io,         // the system refused to read or write: status 1
  numerical   // a loss or a chain is no longer finite: status 3
};

// Parts the lines of a message that reports several faults at once. Each line is printed as a
// message of its own. It is no newline, for a file's name may hold one.
constexpr char line_break = '\x1e';

// The message is one line, `file: what is wrong, what would be right`, without the program's name
// and without a newline; or several of them with line_break between.
class Error : public std::runtime_error {
 public:
  Error(ErrorKind kind, const std::string& message) : std::runtime_error(message), kind_(kind) {}
  [[nodiscard]] ErrorKind kind() const { return kind_; }
  [[nodiscard]] int exit_status() const {
    return kind_ == ErrorKind::usage ? 2 : kind_ == ErrorKind::numerical ? 3 : 1;
  }

 private:
  ErrorKind kind_;
};

// A setting in the text of a message, by the name of its field: "rows are few for " +
// setting("neighbours") + " 5". The library does not know what a user calls it; where the message
// is shown (base/messages.hpp) it becomes the option of that name, --neighbours. The name stands in
// the text, between marks that no other text has, so messages with it can be put together, prefixed
// and passed on like any other.
constexpr char setting_mark = '\x1f';
[[nodiscard]] inline std::string setting(const std::string& field) {
  return setting_mark + field + setting_mark;
}

[[noreturn]] inline void fail_usage(const std::string& message) {
  throw Error(ErrorKind::usage, message);
}
[[noreturn]] inline void fail_not_found(const std::string& message) {
  throw Error(ErrorKind::not_found, message);
}
[[noreturn]] inline void fail_invalid(const std::string& message) {
  throw Error(ErrorKind::invalid, message);
}
[[noreturn]] inline void fail_io(const std::string& message) {
  throw Error(ErrorKind::io, message);
}
[[noreturn]] inline void fail_numerical(const std::string& message) {
  throw Error(ErrorKind::numerical, message);
}

}  // namespace pushforward
