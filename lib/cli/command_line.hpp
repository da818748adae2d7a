// The command line of a program: typed, ranged options in groups, --help, --version, --config.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace pushforward {

// Bounds of a number; either end may be open. Printed in the message when a value is outside.
struct Range {
  double low, high;
  bool open_low = false, open_high = false;
};
constexpr double unbounded = 1e300;

// Options are bound to variables whose values at the time of declaration are the defaults (shown by
// --help). Guessing of shortened names is off; a number must be finite, whole where an integer is
// asked for (1e6 is), and inside its range. An option with one value may be given once. Both
// `--lr -1` and the operand `-1` are understood; a lone `-` is an operand; `--` ends the options.
// Wrong input is Error(usage) and names the option: "option --threads: -3 is outside 0..1024".
//
// A --config file has one `option = value` a line, `#` starts a comment, a flag takes yes or no.
// What is on the command line wins. Its errors name the file and the line.
class CommandLine {
 public:
  // `synopsis` follows the program's name in the usage line ("[OPTIONS] [INPUT]"), `summary` is one
  // sentence, `example` one command line.
  CommandLine(std::string program, std::string synopsis, std::string summary, std::string example);
  ~CommandLine();

  // Starts a group; the options declared next belong to it. The common options (help, version,
  // quiet, verbose, progress, config, no-history) are a group of their own, last.
  void group(const std::string& title);

  // `names` is "long" or "long,s". `value` is the word for the argument in the help ("FILE").
  void flag(const std::string& names, bool* target, const std::string& help);
  void text(const std::string& names, std::string* target, const std::string& value,
            const std::string& help);
  void choice(const std::string& names, std::string* target,
              const std::vector<std::string>& choices, const std::string& help);
  void integer(const std::string& names, std::int64_t* target, Range range,
               const std::string& help);
  // A value below the range stands for "not given", and is not shown as a default.
  void integer(const std::string& names, int* target, Range range, const std::string& help);
  void number(const std::string& names, double* target, Range range, const std::string& help);

  // Numbers separated by commas ("1,2,2"); the option may also be repeated. What is given replaces
  // the default list.
  void integers(const std::string& names, std::vector<std::int64_t>* target, Range range,
                const std::string& value, const std::string& help);
  void numbers(const std::string& names, std::vector<double>* target, Range range,
               const std::string& value, const std::string& help);
  // Some of `choices`, separated by commas, in the order of the choices; the option may be repeated.
  void chosen(const std::string& names, std::vector<std::string>* target,
              const std::vector<std::string>& choices, const std::string& help);
  // Words, one for each time the option is given.
  void texts(const std::string& names, std::vector<std::string>* target, const std::string& value,
             const std::string& help);

  // Where --quiet, --verbose, --no-history and --progress go (add_common in program.hpp).
  void bind_common(bool* quiet, bool* verbose, bool* no_history, std::string* progress);

  // Operands: up to `most` (at least `least`) words that are not options.
  void operands(std::vector<std::string>* target, std::size_t least, std::size_t most,
                const std::string& value);

  // False: --help or --version was asked for and printed, the program ends with status 0.
  [[nodiscard]] bool parse(int argc, const char* const* argv);
  // Was the option on the command line or in the configuration file?
  [[nodiscard]] bool given(const std::string& long_name) const;
  // Error(usage) where `option` and one of the others were both given.
  void exclude(const std::string& option, const std::vector<std::string>& others) const;
  [[nodiscard]] const std::string& program() const;
  // The command line as a shell would take it, for the history attribute.
  [[nodiscard]] std::string history_line() const;

 private:
  struct Implementation;
  std::unique_ptr<Implementation> implementation_;
};

}  // namespace pushforward
