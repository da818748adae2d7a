#include "io/labels.hpp"

#include <charconv>
#include <cmath>
#include <map>
#include <optional>

#include "io/names.hpp"

namespace pushforward {
namespace {

constexpr double largest_exact = 9007199254740992.0;  // 2^53

std::optional<std::int64_t> whole_number(const std::string& text, DecimalMark mark) {
  std::int64_t number = 0;
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, number);
  if (error == std::errc() && stop == end) return number;
  const std::optional<double> value = parsed_number(text, mark);
  if (!value || std::floor(*value) != *value || std::abs(*value) > largest_exact)
    return std::nullopt;
  return static_cast<std::int64_t>(*value);
}

}  // namespace

void Labels::add(const std::string& text, std::size_t line) {
  texts_.push_back(text);
  if (const std::optional<std::int64_t> number = whole_number(text, mark_)) {
    numbers_.push_back(*number);
  } else if (first_line_ == 0) {
    first_text_ = text;
    first_line_ = line;
  }
}

NamedArray Labels::dataset() const {
  if (numbers_.size() == texts_.size()) return {"/label", Array::of(numbers_, {texts_.size()}), {}};
  std::map<std::string, std::int64_t> classes;
  for (const std::string& text : texts_) classes[text] = 0;
  std::vector<std::string> names;
  for (auto& [name, number] : classes) {
    number = static_cast<std::int64_t>(names.size());
    names.push_back(name);
  }
  std::vector<std::int64_t> numbers;
  for (const std::string& text : texts_) numbers.push_back(classes[text]);
  return {"/label", Array::of(numbers, {texts_.size()}), {{"classes", join_names(names)}}};
}

std::string Labels::remark() const {
  const bool fraction = parsed_number(first_text_, DecimalMark::point).has_value() ||
                        parsed_number(first_text_, DecimalMark::comma).has_value();
  if (first_line_ == 0 || (numbers_.empty() && !fraction)) return "";
  return "line " + std::to_string(first_line_) + ": the label " + shown_field(first_text_) +
         " is no whole number, so all labels became classes, numbered in the order of their texts";
}

}  // namespace pushforward
