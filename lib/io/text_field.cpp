#include "io/text_field.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <cmath>
#include <initializer_list>

#include "io/text_encoding.hpp"

namespace pushforward {
namespace {

constexpr std::array<std::string_view, 7> spreadsheet_errors = {
    "#N/A", "#DIV/0!", "#REF!", "#VALUE!", "#NAME?", "#NUM!", "#NULL!"};

std::string lower(std::string_view text) {
  std::string result(text);
  for (char& c : result) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return result;
}

bool is_one_of(const std::string& text, std::initializer_list<const char*> words) {
  return std::find(words.begin(), words.end(), text) != words.end();
}

std::optional<double> parsed(std::string_view field) {
  if (!field.empty() && field.front() == '+') field.remove_prefix(1);
  double value = 0;
  const auto [end, error] = std::from_chars(field.data(), field.data() + field.size(), value);
  if (end != field.data() + field.size() || field.empty()) return std::nullopt;
  if (error == std::errc::result_out_of_range) {
    const bool small = field.find("e-") != field.npos || field.find("E-") != field.npos;
    return small ? 0.0 : HUGE_VAL;
  }
  if (error != std::errc()) return std::nullopt;
  return value;
}

// A number with a unit, a Fortran exponent or thousands separators, a hexadecimal number, or a
// boolean.
bool is_odd_number(std::string_view field) {
  const std::string text = lower(field);
  if (is_one_of(text, {"true", "false"})) return true;
  std::string plain;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text.compare(i, 3, "\xe2\x88\x92") == 0) {  // the Unicode minus sign
      plain += '-';
      i += 2;
    } else if (text[i] == 'd') {
      plain += 'e';
    } else if (text[i] == ',') {
      plain += plain.find('.') == std::string::npos ? "." : "";
    } else if (std::string_view("%$_'").find(text[i]) == std::string_view::npos) {
      plain += text[i];
    }
  }
  if (plain.compare(0, 2, "0x") == 0) {
    unsigned long long value = 0;
    const char* end = plain.data() + plain.size();
    return std::from_chars(plain.data() + 2, end, value, 16).ptr == end && plain.size() > 2;
  }
  return parsed(plain).has_value();
}

}  // namespace

std::optional<double> parsed_number(std::string_view field, DecimalMark mark) {
  if (mark == DecimalMark::point) return parsed(field);
  if (field.find('.') != field.npos) return std::nullopt;
  std::string text(field);
  const std::size_t comma = text.find(',');
  if (comma != std::string::npos) text[comma] = '.';
  return parsed(text);
}

bool begins_with_spreadsheet_error(std::string_view text) {
  return std::any_of(spreadsheet_errors.begin(), spreadsheet_errors.end(),
                     [&](std::string_view word) {
                       return text.substr(0, word.size()) == word &&
                              (text.size() == word.size() ||
                               std::string_view(" \t\r\n,;").find(text[word.size()]) != text.npos);
                     });
}

bool is_missing_class(std::string_view field) {
  if (std::count(spreadsheet_errors.begin(), spreadsheet_errors.end(), field) > 0) return true;
  return is_one_of(lower(field), {"", "na", "n/a", "#n/a", "<na>", "nan", "-nan", "?", "null"});
}

bool is_missing_number(std::string_view field) {
  return is_missing_class(field) || is_one_of(lower(field), {"none", "nat", "-", "--", "."});
}

bool has_decimal_comma(std::string_view field) {
  return field.find(',') != field.npos && parsed_number(field, DecimalMark::comma).has_value();
}

FieldKind field_kind(std::string_view field, DecimalMark mark) {
  if (is_missing_number(field)) return FieldKind::missing;
  if (parsed_number(field, mark)) return FieldKind::number;
  return is_odd_number(field) ? FieldKind::odd : FieldKind::text;
}

std::string shown_text(std::string_view field) {
  constexpr std::size_t longest = 40;
  std::string text(field);
  make_utf8(&text);
  if (text.size() > longest) {
    std::size_t end = longest;
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) --end;
    text.resize(end);
    text += "...";
  }
  for (char& c : text)
    if (static_cast<unsigned char>(c) < 32) c = ' ';
  return text;
}

std::string shown_field(std::string_view field) { return '"' + shown_text(field) + '"'; }

std::string numbered_column(std::size_t column, std::string_view name) {
  return "column " + std::to_string(column + 1) +
         (name.empty() ? "" : " (" + shown_text(name) + ")");
}

}  // namespace pushforward
