#include "cli/command_line.hpp"

#include <algorithm>
#include <boost/program_options.hpp>
#include <cstdio>
#include <map>
#include <set>
#include <tuple>
#include <utility>

#include "base/error.hpp"
#include "cli/config_file.hpp"
#include "cli/help.hpp"
#include "cli/parse_number.hpp"
#include "cli/program.hpp"

namespace po = boost::program_options;

namespace pushforward {

namespace {

using Values = std::vector<std::string>;

struct Option {
  std::string long_name;
  std::string short_name;
  std::string value;  // the word for the argument; empty: a flag
  std::string help;
  std::string standard;
  bool repeatable = false;
  std::function<void(const Values&)> set;
};

std::pair<std::string, std::string> split_names(const std::string& names) {
  const auto comma = names.find(',');
  if (comma == std::string::npos) return {names, ""};
  return {names.substr(0, comma), names.substr(comma + 1)};
}

std::string joined(const Values& words, const std::string& separator) {
  std::string text;
  for (const auto& word : words) text += (text.empty() ? "" : separator) + word;
  return text;
}

Values split_commas(const Values& given) {
  Values items;
  for (const auto& text : given)
    for (std::size_t first = 0; first <= text.size();) {
      const auto comma = std::min(text.find(',', first), text.size());
      items.push_back(text.substr(first, comma - first));
      first = comma + 1;
    }
  return items;
}

// A word as a POSIX shell reads it back.
std::string quoted(const std::string& word) {
  static const char plain[] =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_./:=,+@%";
  if (!word.empty() && word.find_first_not_of(plain) == std::string::npos) return word;
  std::string text = "'";
  for (const char c : word) text += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return text + "'";
}

std::string one_of(const std::string& text, const Values& choices) {
  if (std::find(choices.begin(), choices.end(), text) == choices.end())
    fail_usage("'" + text + "' is not one of " + joined(choices, ", "));
  return text;
}

bool yes(const std::string& text) {
  if (text == "yes" || text == "true" || text == "1") return true;
  if (text == "no" || text == "false" || text == "0") return false;
  fail_usage("'" + text + "' is neither yes nor no");
}

// Negative numbers that stand where an option could are operands.
std::vector<po::option> negative_operand(Values& tokens) {
  if (tokens.empty() || !looks_negative(tokens.front())) return {};
  po::option operand;
  operand.value = operand.original_tokens = {tokens.front()};
  tokens.erase(tokens.begin());
  return {operand};
}

}  // namespace

struct CommandLine::Implementation {
  std::string program, synopsis, summary, example;
  std::vector<Option> options;
  std::vector<std::pair<std::string, std::vector<std::size_t>>> groups;
  std::vector<std::size_t> common;
  Values* operand_target = nullptr;
  std::size_t operands_least = 0, operands_most = 0;
  std::string operand_value;
  std::set<std::string> given;
  Values words;

  bool own_quiet = false, own_verbose = false, own_no_history = false;
  bool *quiet = &own_quiet, *verbose = &own_verbose, *no_history = &own_no_history;
  std::string own_progress = "auto", config;
  std::string* progress = &own_progress;

  Option make(const std::string& names, const std::string& value, const std::string& help_line) {
    Option option;
    std::tie(option.long_name, option.short_name) = split_names(names);
    option.value = value;
    option.help = help_line;
    return option;
  }

  void add(Option option) {
    if (groups.empty()) groups.emplace_back("Options", std::vector<std::size_t>());
    groups.back().second.push_back(options.size());
    options.push_back(std::move(option));
  }

  void add_common(Option option) {
    common.push_back(options.size());
    options.push_back(std::move(option));
  }

  [[nodiscard]] const Option* find(const std::string& long_name) const {
    const auto at = std::find_if(options.begin(), options.end(),
                                 [&](const Option& o) { return o.long_name == long_name; });
    return at == options.end() ? nullptr : &*at;
  }

  // Messages of the validators, with the option's name in front.
  void set(const Option& option, const Values& values, const std::string& place) {
    try {
      option.set(values);
    } catch (const Error& error) {
      fail_usage(place + "option --" + option.long_name + ": " + error.what());
    }
    given.insert(option.long_name);
  }

  [[nodiscard]] HelpOption help_option(const Option& option) const {
    std::string names = option.short_name.empty() ? "" : "-" + option.short_name + ", ";
    names += "--" + option.long_name;
    if (!option.value.empty()) names += " " + option.value;
    return {names, option.help, option.standard};
  }

  [[nodiscard]] HelpGroup help_group(const std::string& title,
                                     const std::vector<std::size_t>& members) const {
    HelpGroup group{title, {}};
    for (const auto member : members) group.options.push_back(help_option(options[member]));
    return group;
  }

  [[nodiscard]] std::string help_page() const {
    HelpPage page{program + " " + synopsis, summary, {}, example};
    for (const auto& [title, members] : groups) page.groups.push_back(help_group(title, members));
    page.groups.push_back(help_group("Common options", common));
    return help_text(page);
  }

  [[nodiscard]] po::options_description description() const {
    po::options_description all;
    for (const auto& option : options) {
      const std::string names =
          option.long_name + (option.short_name.empty() ? "" : "," + option.short_name);
      if (option.value.empty())
        all.add_options()(names.c_str(), "");
      else
        all.add_options()(names.c_str(), po::value<Values>(), "");
    }
    return all;
  }

  [[nodiscard]] std::vector<po::option> tokenize() const {
    namespace style = po::command_line_style;
    const auto all = description();
    try {
      return po::command_line_parser(words)
          .options(all)
          .style(style::unix_style & ~style::allow_guessing)
          .extra_style_parser(negative_operand)
          .run()
          .options;
    } catch (const po::unknown_option& error) {
      fail_usage("unknown option " + error.get_option_name() + ", see " + program + " --help");
    } catch (const po::invalid_command_line_syntax& error) {
      const std::string name = "option " + error.get_option_name();
      if (error.kind() == po::invalid_syntax::extra_parameter) fail_usage(name + " takes no value");
      const Option* option = find(error.get_option_name().substr(2));
      fail_usage(name + " needs a value" + (option ? " (" + option->value + ")" : ""));
    } catch (const po::error& error) {
      fail_usage(std::string(error.what()) + ", see " + program + " --help");
    }
  }

  void read_config() {
    std::map<std::string, Values> values;
    std::map<std::string, std::string> places;
    for (const auto& entry : read_config_file(config)) {
      const Option* option = find(entry.name);
      if (!option || option->long_name == "config" || option->long_name == "help" ||
          option->long_name == "version")
        fail_usage(entry.place + "unknown option '" + entry.name + "', see " + program + " --help");
      if (values.count(entry.name) && !option->repeatable)
        fail_usage(entry.place + "option '" + entry.name + "' is given more than once");
      places.emplace(entry.name, entry.place);
      if (!option->value.empty()) {
        if (!entry.has_value)
          fail_usage(entry.place + "option '" + entry.name + "' needs a value (" + option->value +
                     ")");
        values[entry.name].push_back(entry.value);
      } else {
        values[entry.name] = {entry.has_value ? entry.value : "yes"};
      }
    }
    for (const auto& [name, list] : values) set(*find(name), list, places[name]);
  }

  void set_operands(Values operands) {
    const std::size_t count = operands.size();
    if (count > operands_most)
      fail_usage("unexpected operand '" + operands[operands_most] + "', " +
                 (operands_most == 0
                      ? "there are none"
                      : "at most " + std::to_string(operands_most) + " may be given") +
                 " (see " + program + " --help)");
    if (count < operands_least)
      fail_usage("missing operand " + operand_value + ", see " + program + " --help");
    if (operand_target && count > 0) *operand_target = std::move(operands);
  }
};

CommandLine::CommandLine(std::string program, std::string synopsis, std::string summary,
                         std::string example)
    : implementation_(std::make_unique<Implementation>()) {
  auto& it = *implementation_;
  it.program = std::move(program);
  it.synopsis = std::move(synopsis);
  it.summary = std::move(summary);
  it.example = std::move(example);

  const auto flag_option = [&](const std::string& names, const std::string& help, bool** target) {
    Option option = it.make(names, "", help);
    option.set = [target](const Values& values) { **target = values.empty() || yes(values[0]); };
    it.add_common(std::move(option));
  };
  it.add_common(it.make("help,h", "", "print this text and leave"));
  it.add_common(it.make("version", "", "print the version and leave"));
  flag_option("quiet,q", "no messages but errors", &it.quiet);
  flag_option("verbose,v", "say more", &it.verbose);
  Option progress = it.make("progress", "auto|always|never",
                            "a bar on standard error; auto: when it is a terminal");
  progress.standard = "auto";
  progress.set = [&it](const Values& values) {
    *it.progress = one_of(values[0], {"auto", "always", "never"});
  };
  it.add_common(std::move(progress));
  Option config = it.make("config", "FILE", "read option = value lines; the command line wins");
  config.set = [&it](const Values& values) { it.config = values[0]; };
  it.add_common(std::move(config));
  flag_option("no-history", "leave this run out of the output's history", &it.no_history);
}

CommandLine::~CommandLine() = default;

void CommandLine::group(const std::string& title) {
  implementation_->groups.emplace_back(title, std::vector<std::size_t>());
}

void CommandLine::flag(const std::string& names, bool* target, const std::string& help) {
  Option option = implementation_->make(names, "", help);
  option.set = [target](const Values& values) { *target = values.empty() || yes(values[0]); };
  implementation_->add(std::move(option));
}

void CommandLine::text(const std::string& names, std::string* target, const std::string& value,
                       const std::string& help) {
  Option option = implementation_->make(names, value, help);
  option.standard = *target;
  option.set = [target](const Values& values) { *target = values[0]; };
  implementation_->add(std::move(option));
}

void CommandLine::choice(const std::string& names, std::string* target,
                         const std::vector<std::string>& choices, const std::string& help) {
  // The choices stand behind the option's name where one line holds them, else in its text.
  const std::string bars = joined(choices, "|");
  const bool fits = names.size() + bars.size() <= 70;
  Option option = implementation_->make(names, fits ? bars : "NAME",
                                        fits ? help : help + ": " + joined(choices, ", "));
  option.standard = *target;
  option.set = [target, choices](const Values& values) { *target = one_of(values[0], choices); };
  implementation_->add(std::move(option));
}

void CommandLine::integer(const std::string& names, std::int64_t* target, Range range,
                          const std::string& help) {
  Option option = implementation_->make(names, "N", help);
  option.standard = std::to_string(*target);
  option.set = [target, range](const Values& values) { *target = parse_integer(values[0], range); };
  implementation_->add(std::move(option));
}

void CommandLine::integer(const std::string& names, int* target, Range range,
                          const std::string& help) {
  Option option = implementation_->make(names, "N", help);
  if (*target >= range.low) option.standard = std::to_string(*target);
  option.set = [target, range](const Values& values) {
    *target = static_cast<int>(parse_integer(values[0], range));
  };
  implementation_->add(std::move(option));
}

void CommandLine::number(const std::string& names, double* target, Range range,
                         const std::string& help) {
  Option option = implementation_->make(names, "X", help);
  option.standard = *target >= unbounded ? "no limit" : number_text(*target);
  option.set = [target, range](const Values& values) { *target = parse_number(values[0], range); };
  implementation_->add(std::move(option));
}

void CommandLine::integers(const std::string& names, std::vector<std::int64_t>* target, Range range,
                           const std::string& value, const std::string& help) {
  Option option = implementation_->make(names, value, help);
  Values standard;
  for (const auto item : *target) standard.push_back(std::to_string(item));
  option.standard = joined(standard, ",");
  option.repeatable = true;
  option.set = [target, range](const Values& values) {
    std::vector<std::int64_t> items;
    for (const auto& item : split_commas(values)) items.push_back(parse_integer(item, range));
    *target = items;
  };
  implementation_->add(std::move(option));
}

void CommandLine::numbers(const std::string& names, std::vector<double>* target, Range range,
                          const std::string& value, const std::string& help) {
  Option option = implementation_->make(names, value, help);
  Values standard;
  for (const auto item : *target) standard.push_back(number_text(item));
  option.standard = joined(standard, ",");
  option.repeatable = true;
  option.set = [target, range](const Values& values) {
    std::vector<double> items;
    for (const auto& item : split_commas(values)) items.push_back(parse_number(item, range));
    *target = items;
  };
  implementation_->add(std::move(option));
}

void CommandLine::chosen(const std::string& names, std::vector<std::string>* target,
                         const std::vector<std::string>& choices, const std::string& help) {
  Option option = implementation_->make(names, "LIST", help);
  option.standard = joined(*target, ",");
  option.repeatable = true;
  option.set = [target, choices](const Values& values) {
    const Values given = split_commas(values);
    for (const auto& word : given) static_cast<void>(one_of(word, choices));
    target->clear();
    for (const auto& choice : choices)
      if (std::count(given.begin(), given.end(), choice) > 0) target->push_back(choice);
  };
  implementation_->add(std::move(option));
}

void CommandLine::texts(const std::string& names, std::vector<std::string>* target,
                        const std::string& value, const std::string& help) {
  Option option = implementation_->make(names, value, help);
  option.standard = joined(*target, ",");
  option.repeatable = true;
  option.set = [target](const Values& values) { *target = values; };
  implementation_->add(std::move(option));
}

void CommandLine::bind_common(bool* quiet, bool* verbose, bool* no_history, std::string* progress) {
  auto& it = *implementation_;
  it.quiet = quiet;
  it.verbose = verbose;
  it.no_history = no_history;
  it.progress = progress;
}

void CommandLine::operands(std::vector<std::string>* target, std::size_t least, std::size_t most,
                           const std::string& value) {
  auto& it = *implementation_;
  it.operand_target = target;
  it.operands_least = least;
  it.operands_most = most;
  it.operand_value = value;
}

bool CommandLine::parse(int argc, const char* const* argv) {
  auto& it = *implementation_;
  it.words.assign(argv + std::min(argc, 1), argv + argc);
  std::map<std::string, Values> values;
  Values operands;
  for (const auto& token : it.tokenize()) {
    if (token.string_key.empty()) {
      operands.insert(operands.end(), token.value.begin(), token.value.end());
      continue;
    }
    const Option* option = it.find(token.string_key);
    auto& list = values[token.string_key];
    if (it.given.count(token.string_key) && !option->repeatable && !option->value.empty())
      fail_usage("option --" + token.string_key + " is given more than once");
    it.given.insert(token.string_key);
    list.insert(list.end(), token.value.begin(), token.value.end());
  }
  if (it.given.count("help")) {
    std::fputs(it.help_page().c_str(), stdout);
    return false;
  }
  if (it.given.count("version")) {
    std::printf("%s (pushforward) %s\n", it.program.c_str(), PUSHFORWARD_VERSION);
    return false;
  }
  if (const auto config = values.find("config"); config != values.end()) {
    it.set(*it.find("config"), config->second, "");
    it.read_config();
  }
  for (const auto& [name, list] : values) it.set(*it.find(name), list, "");
  it.set_operands(std::move(operands));
  set_messages(it.program, *it.quiet, *it.verbose);
  return true;
}

bool CommandLine::given(const std::string& long_name) const {
  return implementation_->given.count(long_name) != 0;
}

void CommandLine::exclude(const std::string& option, const std::vector<std::string>& others) const {
  for (const std::string& other : others)
    if (given(option) && given(other))
      fail_usage("--" + option + " and --" + other + " exclude each other");
}

const std::string& CommandLine::program() const { return implementation_->program; }

std::string CommandLine::history_line() const {
  std::string line = implementation_->program;
  for (const auto& word : implementation_->words) line += " " + quoted(word);
  return line;
}

}  // namespace pushforward
