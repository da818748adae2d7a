#include "cli/class_choice.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "base/text.hpp"
#include "cli/parse_number.hpp"
#include "io/text_field.hpp"
#include "io/text_records.hpp"

namespace pushforward {
namespace {

constexpr double max_label = 65535;

int class_of(const std::string& text, const RowNames& names) {
  const auto found = std::find(names.classes.begin(), names.classes.end(), text);
  if (found != names.classes.end()) return static_cast<int>(found - names.classes.begin());
  const auto number = number_in(text);
  if (number && *number >= 0 && *number <= max_label && *number == static_cast<int>(*number))
    return static_cast<int>(*number);
  if (names.classes.empty())
    fail_usage("option --label: " + shown_field(text) +
               " is no whole number from 0 to 65535, and the model has no names of classes");
  fail_usage("option --label: the model has no class " + shown_field(text) + ", it has " +
             listed(names.classes, " and ", "", 20));
}

}  // namespace

std::vector<int> chosen_classes(const std::string& list, const RowNames& names) {
  std::vector<int> classes;
  if (list.empty()) return classes;
  std::vector<std::string> unquoted;
  std::vector<std::string_view> fields;
  split_record(list, ',', &unquoted, &fields);
  for (const std::string_view field : fields)
    classes.push_back(class_of(std::string(field), names));
  return classes;
}

int chosen_class(const std::string& list, const RowNames& names) {
  const std::vector<int> classes = chosen_classes(list, names);
  if (classes.size() > 1)
    fail_usage("option --label: one class is wanted, not " + std::to_string(classes.size()));
  return classes.empty() ? -1 : classes[0];
}

}  // namespace pushforward
