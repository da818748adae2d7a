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
// --help). Guessing of shortened names is off; a number must be finite, whole where an integer is
// asked for (1e6 is), and inside its range. An option with one value may be given once. Both
// `--lr -1` and the operand `-1` are understood; a lone `-` is an operand; `--` ends the options.
// Wrong input is Error(usage) and names the option: "option --threads: -3 is outside 0..1024".
//
// A --config file (- is standard input) has one `option = value` a line, `#` starts a comment, a
// flag takes yes or no, a value may stand in double quotes. What is on the command line wins. Its
// errors name the file and the line.
//
// An option or operand that names a file says what is done with it, and parse() checks all files
// together (check_files). An empty name is refused.
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
  // A value below the range stands for "not given", and is not shown as a default.
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
  // A file to read. `is_file` says of a value whether it names one ("0.1" may be a fraction).
  using IsFile = std::function<bool(const std::string& value)>;
  void input_file(const std::string& names, std::string* target, const std::string& value,
                  const std::string& help, IsFile is_file = {});
  // Files to read, one for each time the option is given.
  void input_files(const std::string& names, std::vector<std::string>* target,
                   const std::string& value, const std::string& help);
  // The result. `formats` are those it may be written in, and are asked for after parsing.
  using FormatsOf = std::function<FileFormats()>;
  void output_file(const std::string& names, std::string* target, const std::string& help,
                   FormatsOf formats);
  // Another file to write. `continues` is the option whose input it may replace ("resume").
  void side_file(const std::string& names, std::string* target, const std::string& help,
                 const FileFormats& formats, const std::string& continues = "");

  // Words, one for each time the option is given.
  void texts(const std::string& names, std::vector<std::string>* target, const std::string& value,
             const std::string& help);

  // Where --quiet, --verbose, --no-history and --progress go (add_common in program.hpp).
  void bind_common(bool* quiet, bool* verbose, bool* no_history, std::string* progress);

  // Operands: `least` to `most` words that are not options. `names` are their words for messages;
  // the last stands for all that follow. Without operands *target keeps its default.
  void operands(std::vector<std::string>* target, std::size_t least, std::size_t most,
                const std::vector<std::string>& names);
  // The same for files that are read.
  void input_operands(std::vector<std::string>* target, std::size_t least, std::size_t most,
                      const std::vector<std::string>& names);

  // `option` and each of the others exclude each other, a flag that says no and an output to `-`
  // apart: parse() leaves out the one in the configuration file where the other is on the command
  // line, and else is an Error(usage). To be declared before it.
  void exclude(const std::string& option, const std::vector<std::string>& others);

  // Called by parse() before the files are checked: sets what depends on several options. An
  // output whose name it clears is not written.
  void complete(std::function<void()> complete);

  // False: --help or --version was asked for and printed, the program ends with status 0.
  [[nodiscard]] bool parse(int argc, const char* const* argv);
  // Was the option on the command line or in the configuration file?
  [[nodiscard]] bool given(const std::string& long_name) const;
  // Was it on the command line?
  [[nodiscard]] bool typed(const std::string& long_name) const;
  [[nodiscard]] const std::string& program() const;
  // The command line as a shell would take it, for the history attribute.
  [[nodiscard]] std::string history_line() const;

 private:
  struct Implementation;
  std::unique_ptr<Implementation> implementation_;
};

}  // namespace pushforward
