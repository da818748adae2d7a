// The state of a CommandLine, shared by the files that declare options and parse them.
#pragma once

#include <boost/program_options.hpp>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "cli/command_files.hpp"
#include "cli/command_line.hpp"

namespace pushforward {

namespace command_line {

using Values = std::vector<std::string>;

// Error(usage) unless `text` is one of the choices.
[[nodiscard]] std::string one_of(const std::string& text, const Values& choices);
// yes, true, 1 or no, false, 0; Error(usage) otherwise.
[[nodiscard]] bool yes(const std::string& text);
// Error(usage) if the name of a file is empty.
void require_name(const std::string& location);

struct Option {
  std::string long_name;
  std::string short_name;
  std::string value;  // the word for the argument; empty: a flag
  std::string help;
  std::string standard;
  bool repeatable = false;
  std::function<void(const Values&)> set;
};

// An option without setter and default. `names` is "long" or "long,s".
[[nodiscard]] Option make_option(const std::string& names, const std::string& value,
                                 const std::string& help);

// An option, or the operands, whose values name files.
struct FileOption {
  std::string name;  // "--log"; empty: the operands, named by operand_names
  FileUse use = FileUse::input;
  std::string* one = nullptr;
  Values* many = nullptr;
  CommandLine::IsFile is_file = {};
  std::function<FileFormats()> formats = {};
  std::string continues = {};
};

}  // namespace command_line

struct CommandLine::Implementation {
  using Values = command_line::Values;
  using Option = command_line::Option;
  using ValuesOf = std::map<std::string, Values>;

  std::string program, synopsis, summary, example;
  std::vector<Option> options;
  std::vector<std::pair<std::string, std::vector<std::size_t>>> groups;
  std::vector<std::size_t> common;
  Values* operand_target = nullptr;
  std::size_t min_operands = 0, max_operands = 0;
  bool terms_are_operands = false;
  Values operand_names;  // the last one stands for all that follow
  std::vector<command_line::FileOption> files;
  std::function<void()> complete;
  std::set<std::string> given, typed;                      // typed: on the command line
  std::vector<std::pair<std::string, Values>> exclusions;  // an option, and those it excludes
  Values words;

  bool own_quiet = false, own_verbose = false, own_no_history = false;
  bool *quiet = &own_quiet, *verbose = &own_verbose, *no_history = &own_no_history;
  std::string own_progress = "auto", config;
  std::string* progress = &own_progress;

  void add(Option option);
  void add_common(Option option);
  [[nodiscard]] const Option* find(const std::string& long_name) const;
  // Errors of the option's setter become Error(usage) that begins with `place` and the option.
  void set(const Option& option, const Values& values, const std::string& place);

  [[nodiscard]] std::string help_page() const;
  [[nodiscard]] boost::program_options::options_description description() const;
  [[nodiscard]] std::vector<boost::program_options::option> tokenize() const;
  // Sets the options of the configuration file and returns their values. `on_line` are the values
  // of the command line.
  ValuesOf read_config(const ValuesOf& on_line);
  // Whether an option with these values can exclude another one: a flag set to no and an output to
  // standard output cannot.
  [[nodiscard]] bool matters(const ValuesOf& values, const std::string& long_name) const;
  // Calls visit(a, b) for all pairs of options that exclude each other.
  void visit_exclusions(
      const std::function<void(const std::string&, const std::string&)>& visit) const;
  void set_operands(Values operands);
  [[nodiscard]] std::string operand_name(std::size_t which) const;
  // All named files, for check_files().
  [[nodiscard]] std::vector<NamedFile> named_files() const;
};

}  // namespace pushforward
