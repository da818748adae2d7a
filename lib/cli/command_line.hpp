// The command line of a program: typed, ranged options in groups, --help, --version, --config.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/range.hpp"
#include "cli/command_files.hpp"

namespace pushforward {

// Options are bound to variables whose values at the time of declaration are the defaults (shown by
// --help). Abbreviated names are refused. A number must be finite, whole where an integer is wanted
// (1e6 is), and inside its range. An option with one value may be given once. Both `--lr -1` and
// the operand `-1` are understood; a lone `-` is an operand; `--` ends the options. Wrong input is
// Error(usage) that names the option: "option --threads: -3 is outside 0..1024".
//
// A --config file (- is standard input) has one `option = value` per line. `#` starts a comment, a
// flag takes yes or no, a value may be in double quotes. The command line takes precedence. Errors
// name the file and the line.
//
// An option or operand that names a file declares its use, and parse() checks all files together
// (check_files). An empty name is refused.
class CommandLine {
 public:
  // `synopsis` follows the program's name in the usage line ("[OPTIONS] [INPUT]"), `summary` is one
  // sentence, `example` one command line.
  CommandLine(std::string program, std::string synopsis, std::string summary, std::string example);
  ~CommandLine();

  // Starts a group; the options declared next belong to it. The common options (help, version,
  // quiet, verbose, progress, config, no-history) are a group of their own, last.
  void group(const std::string& title);

  // `names` is "long" or "long,s". `value` is the word for the argument in the help ("NAME").
  void flag(const std::string& names, bool* target, const std::string& help);
  void text(const std::string& names, std::string* target, const std::string& value,
            const std::string& help);
  void choice(const std::string& names, std::string* target,
              const std::vector<std::string>& choices, const std::string& help);
  void integer(const std::string& names, std::int64_t* target, Range range,
               const std::string& help);
  // A default below the range means "not given" and is not shown.
  void integer(const std::string& names, int* target, Range range, const std::string& help);
  void number(const std::string& names, double* target, Range range, const std::string& help);

  // Numbers separated by commas ("1,2,2"); the option may also be repeated. What is given replaces
  // the default list.
  void integers(const std::string& names, std::vector<int>* target, Range range,
                const std::string& value, const std::string& help);
  void numbers(const std::string& names, std::vector<double>* target, Range range,
               const std::string& value, const std::string& help);
  // Some of `choices`, separated by commas, in the order of the choices; the option may be
  // repeated.
  void chosen(const std::string& names, std::vector<std::string>* target,
              const std::vector<std::string>& choices, const std::string& help);
  // A file to read. `is_file` returns whether a value names one ("0.1" may be a fraction).
  using IsFile = std::function<bool(const std::string& value)>;
  void input_file(const std::string& names, std::string* target, const std::string& value,
                  const std::string& help, IsFile is_file = {});
  // Files to read, one each time the option is given.
  void input_files(const std::string& names, std::vector<std::string>* target,
                   const std::string& value, const std::string& help);
  // Files to read under names, NAME=FILE one each time the option is given.
  void named_input_files(const std::string& names, std::vector<std::string>* target_names,
                         std::vector<std::string>* target_files, const std::string& help);
  // The result. `formats` returns the formats it may be written in; it is called after parsing.
  using FormatsOf = std::function<FileFormats()>;
  void output_file(const std::string& names, std::string* target, const std::string& help,
                   FormatsOf formats);
  // Another file to write. `continues` is the option whose input it may replace ("resume").
  void side_file(const std::string& names, std::string* target, const std::string& help,
                 const FileFormats& formats, const std::string& continues = "");

  // Words, one each time the option is given.
  void texts(const std::string& names, std::vector<std::string>* target, const std::string& value,
             const std::string& help);

  // The targets of --quiet, --verbose, --no-history and --progress (add_common in program.hpp).
  void bind_common(bool* quiet, bool* verbose, bool* no_history, std::string* progress);

  // Operands: `min_count` to `max_count` words that are not options. `names` are used in messages;
  // the last one stands for all that follow. Without operands *target keeps its default.
  void operands(std::vector<std::string>* target, std::size_t min_count, std::size_t max_count,
                const std::vector<std::string>& names);
  // The same for files that are read.
  void input_operands(std::vector<std::string>* target, std::size_t min_count,
                      std::size_t max_count, const std::vector<std::string>& names);
  // Takes a word such as -x^2 or -norm(x) for an operand too, although it begins with a dash.
  void operands_may_be_terms();

  // `option` and each of the others exclude each other, except a flag set to no and an output to
  // `-`. If one is on the command line and the other in the configuration file, parse() ignores the
  // latter; otherwise it throws Error(usage). Call it before parse().
  void exclude(const std::string& option, const std::vector<std::string>& others);

  // Called by parse() before the files are checked: sets what depends on several options. An
  // output whose name it clears is not written.
  void complete(std::function<void()> complete);

  // False if --help or --version was given and printed: the program ends with status 0.
  [[nodiscard]] bool parse(int argc, const char* const* argv);
  // Whether the option was on the command line or in the configuration file.
  [[nodiscard]] bool given(const std::string& long_name) const;
  // Whether it was on the command line.
  [[nodiscard]] bool typed(const std::string& long_name) const;
  [[nodiscard]] const std::string& program() const;
  // The command line, quoted for a shell, for the history attribute.
  [[nodiscard]] std::string history_line() const;

 private:
  struct Implementation;
  std::unique_ptr<Implementation> implementation_;
};

}  // namespace pushforward
