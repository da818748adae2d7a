// The declaration of options.
#include <algorithm>
#include <stdexcept>
#include <utility>

#include "base/error.hpp"
#include "base/text.hpp"
#include "cli/command_line_state.hpp"
#include "cli/parse_number.hpp"
#include "cli/program.hpp"

namespace pushforward {

namespace command_line {

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

void require_name(const std::string& location) {
  if (location.empty()) fail_usage("the name of the file is empty");
}

Option make_option(const std::string& names, const std::string& value, const std::string& help) {
  const auto comma = std::min(names.find(','), names.size());
  Option option;
  option.long_name = names.substr(0, comma);
  option.short_name = names.substr(std::min(comma + 1, names.size()));
  option.value = value;
  option.help = help;
  return option;
}

}  // namespace command_line

using namespace command_line;

namespace {

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

std::string option_name(const std::string& names) {
  return "--" + names.substr(0, names.find(','));
}

// Throws for a programming error: the use of a file decides how it is checked before the work.
void require_no_file(const std::string& names, const std::string& value) {
  for (const char* word : {"FILE", "INPUT", "MODEL"})
    if (value.find(word) != std::string::npos)
      throw std::logic_error("option " + option_name(names) +
                             " names a file: declare it as input_file, output_file or side_file");
}

Option text_option(const std::string& names, std::string* target, const std::string& value,
                   const std::string& help) {
  Option option = make_option(names, value, help);
  option.standard = *target;
  option.set = [target](const Values& values) { *target = values[0]; };
  return option;
}

Option file_option(const std::string& names, std::string* target, const std::string& value,
                   const std::string& help) {
  Option option = text_option(names, target, value, help);
  option.set = [target](const Values& values) {
    require_name(values[0]);
    *target = values[0];
  };
  return option;
}

Option texts_option(const std::string& names, std::vector<std::string>* target,
                    const std::string& value, const std::string& help) {
  Option option = make_option(names, value, help);
  option.standard = joined(*target, ",");
  option.repeatable = true;
  option.set = [target](const Values& values) { *target = values; };
  return option;
}

}  // namespace

void CommandLine::Implementation::add(Option option) {
  if (groups.empty()) groups.emplace_back("Options", std::vector<std::size_t>());
  groups.back().second.push_back(options.size());
  options.push_back(std::move(option));
}

void CommandLine::Implementation::add_common(Option option) {
  common.push_back(options.size());
  options.push_back(std::move(option));
}

void CommandLine::group(const std::string& title) {
  implementation_->groups.emplace_back(title, std::vector<std::size_t>());
}

void CommandLine::flag(const std::string& names, bool* target, const std::string& help) {
  Option option = make_option(names, "", help);
  option.set = [target](const Values& values) { *target = values.empty() || yes(values[0]); };
  implementation_->add(std::move(option));
}

void CommandLine::text(const std::string& names, std::string* target, const std::string& value,
                       const std::string& help) {
  require_no_file(names, value);
  implementation_->add(text_option(names, target, value, help));
}

void CommandLine::input_file(const std::string& names, std::string* target,
                             const std::string& value, const std::string& help, IsFile is_file) {
  implementation_->add(file_option(names, target, value, help));
  implementation_->files.push_back(
      {option_name(names), FileUse::input, target, nullptr, std::move(is_file)});
}

void CommandLine::output_file(const std::string& names, std::string* target,
                              const std::string& help, FormatsOf formats) {
  implementation_->add(file_option(names, target, "FILE", help));
  implementation_->files.push_back(
      {option_name(names), FileUse::result, target, nullptr, {}, std::move(formats)});
}

void CommandLine::side_file(const std::string& names, std::string* target, const std::string& help,
                            const FileFormats& formats, const std::string& continues) {
  implementation_->add(file_option(names, target, "FILE", help));
  implementation_->files.push_back({option_name(names),
                                    FileUse::side,
                                    target,
                                    nullptr,
                                    {},
                                    [formats] { return formats; },
                                    continues.empty() ? "" : "--" + continues});
}

void CommandLine::choice(const std::string& names, std::string* target,
                         const std::vector<std::string>& choices, const std::string& help) {
  // The choices follow the option's name if they fit on its line, otherwise its text.
  const std::string bars = joined(choices, "|");
  const bool fits = names.size() + bars.size() <= 70;
  Option option =
      make_option(names, fits ? bars : "NAME", fits ? help : help + ": " + joined(choices, ", "));
  option.standard = *target;
  option.set = [target, choices](const Values& values) { *target = one_of(values[0], choices); };
  implementation_->add(std::move(option));
}

void CommandLine::integer(const std::string& names, std::int64_t* target, Range range,
                          const std::string& help) {
  Option option = make_option(names, "N", help);
  option.standard = std::to_string(*target);
  option.set = [target, range](const Values& values) { *target = parse_integer(values[0], range); };
  implementation_->add(std::move(option));
}

void CommandLine::integer(const std::string& names, int* target, Range range,
                          const std::string& help) {
  Option option = make_option(names, "N", help);
  if (*target >= range.low) option.standard = std::to_string(*target);
  option.set = [target, range](const Values& values) {
    *target = static_cast<int>(parse_integer(values[0], range));
  };
  implementation_->add(std::move(option));
}

void CommandLine::number(const std::string& names, double* target, Range range,
                         const std::string& help) {
  Option option = make_option(names, "X", help);
  option.standard = *target >= unbounded ? "no limit" : number_text(*target);
  option.set = [target, range](const Values& values) { *target = parse_number(values[0], range); };
  implementation_->add(std::move(option));
}

void CommandLine::integers(const std::string& names, std::vector<int>* target, Range range,
                           const std::string& value, const std::string& help) {
  Option option = make_option(names, value, help);
  Values standard;
  for (const auto item : *target) standard.push_back(std::to_string(item));
  option.standard = joined(standard, ",");
  option.repeatable = true;
  option.set = [target, range](const Values& values) {
    std::vector<int> items;
    for (const auto& item : split_commas(values))
      items.push_back(static_cast<int>(parse_integer(item, range)));
    *target = items;
  };
  implementation_->add(std::move(option));
}

void CommandLine::numbers(const std::string& names, std::vector<double>* target, Range range,
                          const std::string& value, const std::string& help) {
  Option option = make_option(names, value, help);
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
  Option option = make_option(names, "LIST", help);
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
  require_no_file(names, value);
  implementation_->add(texts_option(names, target, value, help));
}

void CommandLine::input_files(const std::string& names, std::vector<std::string>* target,
                              const std::string& value, const std::string& help) {
  Option option = texts_option(names, target, value, help);
  option.set = [target](const Values& values) {
    for (const std::string& location : values) require_name(location);
    *target = values;
  };
  implementation_->add(std::move(option));
  implementation_->files.push_back({option_name(names), FileUse::input, nullptr, target});
}

void CommandLine::named_input_files(const std::string& names,
                                    std::vector<std::string>* target_names,
                                    std::vector<std::string>* target_files,
                                    const std::string& help) {
  Option option = texts_option(names, target_files, "NAME=FILE", help);
  option.set = [target_names, target_files](const Values& values) {
    target_names->clear();
    target_files->clear();
    for (const std::string& value : values) {
      if (value.empty()) fail_usage("the name of the file is empty");
      const std::size_t equals = value.find('=');
      if (equals == std::string::npos || equals == 0 || equals + 1 == value.size())
        fail_usage("'" + value + "' should be NAME=FILE");
      target_names->push_back(value.substr(0, equals));
      target_files->push_back(value.substr(equals + 1));
    }
  };
  implementation_->add(std::move(option));
  implementation_->files.push_back({option_name(names), FileUse::input, nullptr, target_files});
}

void CommandLine::operands(std::vector<std::string>* target, std::size_t min_count,
                           std::size_t max_count, const std::vector<std::string>& names) {
  auto& it = *implementation_;
  it.operand_target = target;
  it.min_operands = min_count;
  it.max_operands = max_count;
  it.operand_names = names;
}

void CommandLine::input_operands(std::vector<std::string>* target, std::size_t min_count,
                                 std::size_t max_count, const std::vector<std::string>& names) {
  operands(target, min_count, max_count, names);
  implementation_->files.push_back({"", FileUse::input, nullptr, target});
}

void CommandLine::operands_may_be_terms() { implementation_->terms_are_operands = true; }

void CommandLine::exclude(const std::string& option, const std::vector<std::string>& others) {
  implementation_->exclusions.emplace_back(option, others);
}

void CommandLine::complete(std::function<void()> complete) {
  implementation_->complete = std::move(complete);
}

}  // namespace pushforward
