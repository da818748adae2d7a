#include "cli/command_line.hpp"

#include <algorithm>
#include <cstdio>
#include <map>
#include <utility>

#include "base/error.hpp"
#include "cli/command_line_state.hpp"
#include "cli/config_file.hpp"
#include "cli/help.hpp"
#include "cli/parse_number.hpp"
#include "cli/program.hpp"
#include "io/history.hpp"

namespace po = boost::program_options;

namespace pushforward {

using namespace command_line;

namespace {

// A word quoted for a POSIX shell.
std::string quoted(const std::string& word) {
  static const char plain[] =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_./:=,+@%";
  if (!word.empty() && word.find_first_not_of(plain) == std::string::npos) return word;
  std::string text = "'";
  for (const char c : word) text += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return text + "'";
}

// Takes negative numbers, and -:/path of standard input, as operands instead of options; with
// `terms` also what has brackets, or signs of a formula: -x^2, -norm(x).
std::vector<po::option> dashed_operand(Values& tokens, bool terms) {
  if (tokens.empty()) return {};
  const std::string& word = tokens.front();
  const bool term = terms && word.size() > 1 && word[0] == '-' && word[1] != '-' &&
                    word.find_first_of("()[]^*") != std::string::npos;
  if (!term && !looks_negative(word) && word.compare(0, 3, "-:/") != 0) return {};
  po::option operand;
  operand.value = operand.original_tokens = {word};
  tokens.erase(tokens.begin());
  return {operand};
}

HelpOption help_option(const Option& option) {
  std::string names = option.short_name.empty() ? "" : "-" + option.short_name + ", ";
  names += "--" + option.long_name;
  if (!option.value.empty()) names += " " + option.value;
  return {names, option.help, option.standard};
}

}  // namespace

const Option* CommandLine::Implementation::find(const std::string& long_name) const {
  const auto at = std::find_if(options.begin(), options.end(),
                               [&](const Option& o) { return o.long_name == long_name; });
  return at == options.end() ? nullptr : &*at;
}

void CommandLine::Implementation::set(const Option& option, const Values& values,
                                      const std::string& place) {
  try {
    option.set(values);
  } catch (const Error& error) {
    fail_usage(place + "option --" + option.long_name + ": " + error.what());
  }
  given.insert(option.long_name);
}

std::string CommandLine::Implementation::operand_name(std::size_t which) const {
  return operand_names[std::min(which, operand_names.size() - 1)];
}

std::string CommandLine::Implementation::help_page() const {
  HelpPage page{program + " " + synopsis, summary, {}, example};
  const auto add_group = [&](const std::string& title, const std::vector<std::size_t>& members) {
    HelpGroup group{title, {}};
    for (const auto member : members) group.options.push_back(help_option(options[member]));
    page.groups.push_back(std::move(group));
  };
  for (const auto& [title, members] : groups) add_group(title, members);
  add_group("Common options", common);
  return help_text(page);
}

po::options_description CommandLine::Implementation::description() const {
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

std::vector<po::option> CommandLine::Implementation::tokenize() const {
  namespace style = po::command_line_style;
  const auto all = description();
  try {
    return po::command_line_parser(words)
        .options(all)
        .style(style::unix_style & ~style::allow_guessing)
        .extra_style_parser(
            [terms = terms_are_operands](Values& tokens) { return dashed_operand(tokens, terms); })
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

bool CommandLine::Implementation::matters(const ValuesOf& values,
                                          const std::string& long_name) const {
  const auto at = values.find(long_name);
  if (at == values.end()) return false;
  const Values& given_values = at->second;
  if (find(long_name)->value.empty()) return given_values.empty() || yes(given_values[0]);
  const bool result = std::any_of(files.begin(), files.end(), [&](const FileOption& file) {
    return file.use == FileUse::result && file.name == "--" + long_name;
  });
  return !result || given_values != Values{"-"};
}

void CommandLine::Implementation::visit_exclusions(
    const std::function<void(const std::string&, const std::string&)>& visit) const {
  for (const auto& [option, others] : exclusions)
    for (const std::string& other : others) visit(option, other);
}

CommandLine::Implementation::ValuesOf CommandLine::Implementation::read_config(
    const ValuesOf& on_line) {
  ValuesOf values;
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
  visit_exclusions([&](const std::string& option, const std::string& other) {
    if (matters(on_line, option) && on_line.count(other) == 0) values.erase(other);
    if (matters(on_line, other) && on_line.count(option) == 0) values.erase(option);
  });
  for (const auto& [name, list] : values) set(*find(name), list, places[name]);
  return values;
}

void CommandLine::Implementation::set_operands(Values operands) {
  const std::size_t count = operands.size();
  if (count > max_operands)
    fail_usage("unexpected operand '" + operands[max_operands] + "', " +
               (max_operands == 0 ? "there are none"
                                  : "at most " + std::to_string(max_operands) + " may be given") +
               " (see " + program + " --help)");
  if (count < min_operands)
    fail_usage("missing operand " + operand_name(count) + ", see " + program + " --help");
  if (operand_target && count > 0) *operand_target = std::move(operands);
}

std::vector<NamedFile> CommandLine::Implementation::named_files() const {
  std::vector<NamedFile> named;
  for (const FileOption& option : files) {
    const bool are_operands = option.name.empty();
    const auto add = [&](const std::string& name, std::string* location) {
      if (location->empty() && are_operands)
        fail_usage("operand " + name + ": the name of the file is empty");
      if (location->empty() || (option.is_file && !option.is_file(*location))) return;
      named.push_back({name, location, option.use, option.formats, option.continues,
                       are_operands && location == option.many->data()});
    };
    if (option.one != nullptr) add(option.name, option.one);
    if (option.many == nullptr) continue;
    for (std::size_t i = 0; i < option.many->size(); ++i)
      add(are_operands ? operand_name(i) : option.name, &(*option.many)[i]);
  }
  return named;
}

CommandLine::CommandLine(std::string program, std::string synopsis, std::string summary,
                         std::string example)
    : implementation_(std::make_unique<Implementation>()) {
  auto& it = *implementation_;
  it.program = std::move(program);
  it.synopsis = std::move(synopsis);
  it.summary = std::move(summary);
  it.example = std::move(example);

  const auto flag_option = [&](const std::string& names, const std::string& help, bool** target) {
    Option option = make_option(names, "", help);
    option.set = [target](const Values& values) { **target = values.empty() || yes(values[0]); };
    it.add_common(std::move(option));
  };
  it.add_common(make_option("help,h", "", "print this text and leave"));
  it.add_common(make_option("version", "", "print the version and leave"));
  flag_option("quiet,q", "no messages but errors", &it.quiet);
  flag_option("verbose,v", "say more", &it.verbose);
  Option progress = make_option("progress", "auto|always|never|Nm",
                                "on standard error: a bar on a terminal, elsewhere a line a minute "
                                "(always) or every N minutes; auto: on a terminal alone");
  progress.standard = "auto";
  progress.set = [&it](const Values& values) {
    *it.progress = values[0];
    if (!minutes_in(values[0])) (void)one_of(values[0], {"auto", "always", "never"});
  };
  it.add_common(std::move(progress));
  Option config = make_option("config", "FILE", "read option = value lines; the command line wins");
  config.set = [&it](const Values& values) {
    require_name(values[0]);
    it.config = values[0];
  };
  it.files.push_back({"--config", FileUse::typed, &it.config});
  it.add_common(std::move(config));
  flag_option("no-history", "leave this run out of the output's history", &it.no_history);
}

CommandLine::~CommandLine() = default;

void CommandLine::bind_common(bool* quiet, bool* verbose, bool* no_history, std::string* progress) {
  auto& it = *implementation_;
  it.quiet = quiet;
  it.verbose = verbose;
  it.no_history = no_history;
  it.progress = progress;
}

bool CommandLine::parse(int argc, const char* const* argv) {
  auto& it = *implementation_;
  it.words.assign(argv + std::min(argc, 1), argv + argc);
  Implementation::ValuesOf values;
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
  it.typed = it.given;
  Implementation::ValuesOf configured;
  if (const auto config = values.find("config"); config != values.end()) {
    it.set(*it.find("config"), config->second, "");
    configured = it.read_config(values);
  }
  for (const auto& [name, list] : values) it.set(*it.find(name), list, "");
  values.merge(configured);
  it.set_operands(std::move(operands));
  set_messages(it.program, *it.quiet, *it.verbose);
  static_cast<void>(source_date());
  it.visit_exclusions([&](const std::string& option, const std::string& other) {
    if (it.matters(values, option) && it.matters(values, other))
      fail_usage("--" + option + " and --" + other + " exclude each other");
  });
  if (it.complete) it.complete();
  check_files(it.named_files());
  return true;
}

bool CommandLine::given(const std::string& long_name) const {
  return implementation_->given.count(long_name) != 0;
}

bool CommandLine::typed(const std::string& long_name) const {
  return implementation_->typed.count(long_name) != 0;
}

const std::string& CommandLine::program() const { return implementation_->program; }

std::string CommandLine::history_line() const {
  std::string line = implementation_->program;
  for (const auto& word : implementation_->words) line += " " + quoted(word);
  return line;
}

}  // namespace pushforward
