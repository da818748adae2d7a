#include <cctype>
#include <cstdio>

#include "cli/program.hpp"

namespace pushforward {

namespace {

std::string tsv_cell(std::string text) {
  for (char& c : text)
    if (c == '\t' || c == '\n' || c == '\r') c = ' ';
  return text;
}

std::string tsv_line(const std::vector<std::string>& cells) {
  std::string line;
  for (std::size_t i = 0; i < cells.size(); ++i) line += (i ? "\t" : "") + tsv_cell(cells[i]);
  return line + "\n";
}

// The grammar of a JSON number, which is stricter than that of from_chars: no "007", no ".5".
bool is_json_number(const std::string& text) {
  std::size_t i = 0;
  const auto digits = [&] {
    const std::size_t first = i;
    while (i < text.size() && std::isdigit(static_cast<unsigned char>(text[i]))) ++i;
    return i - first;
  };
  if (i < text.size() && text[i] == '-') ++i;
  const bool zero = i < text.size() && text[i] == '0';
  const std::size_t whole = digits();
  if (whole == 0 || (zero && whole > 1)) return false;
  if (i < text.size() && text[i] == '.') {
    ++i;
    if (digits() == 0) return false;
  }
  if (i < text.size() && (text[i] == 'e' || text[i] == 'E')) {
    ++i;
    if (i < text.size() && (text[i] == '-' || text[i] == '+')) ++i;
    if (digits() == 0) return false;
  }
  return i == text.size();
}

// The text of a shape, "[100, 2]" or "[]", is an array of JSON.
bool is_shape(const std::string& text) {
  return text.size() >= 2 && text.front() == '[' && text.back() == ']' &&
         text.find_first_not_of("0123456789, ", 1) == text.size() - 1;
}

std::string json_string(const std::string& text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (static_cast<unsigned char>(c) < 0x20) {
      char escape[8];
      std::snprintf(escape, sizeof escape, "\\u%04x", static_cast<unsigned>(c));
      out += escape;
    } else {
      out += c;
    }
  }
  return out + "\"";
}

std::string json_cell(const std::string& text) {
  if (is_json_number(text) || is_shape(text)) return text;
  if (text.empty() || text == "nan" || text == "-nan" || text == "inf" || text == "-inf")
    return "null";
  return json_string(text);
}

}  // namespace

std::string Report::tsv() const {
  std::string text = tsv_line(columns_);
  for (const auto& cells : rows_) text += tsv_line(cells);
  return text;
}

std::string Report::json() const {
  std::string text = "{";
  const auto entry = [&](const std::string& name, const std::string& value) {
    text += (text.size() > 1 ? ", " : "") + json_string(name) + ": " + value;
  };
  if (columns_ == std::vector<std::string>{"metric", "value"}) {
    for (const auto& cells : rows_) entry(cells.at(0), json_cell(cells.at(1)));
  } else {
    for (std::size_t column = 0; column < columns_.size(); ++column) {
      std::string values;
      for (const auto& cells : rows_)
        values += (values.empty() ? "" : ", ") + json_cell(cells.at(column));
      entry(columns_[column], form_ == ReportRows::one ? values : "[" + values + "]");
    }
  }
  return text + "}\n";
}

}  // namespace pushforward
