#include <nlohmann/json.hpp>

#include "cli/program.hpp"

namespace pushforward {
namespace {

using nlohmann::json;

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

// Whether the text is a number, or a shape such as "[100, 2]" or "[]", in JSON. Its grammar is
// stricter than that of from_chars: no "007", no ".5".
bool is_json_number(const std::string& text) {
  return text.find_first_not_of("+-.0123456789eE[], ") == std::string::npos && !text.empty() &&
         text.front() != ' ' && text.back() != ' ' && json::accept(text);
}

// Bytes that are not UTF-8 become U+FFFD.
std::string json_string(const std::string& text) {
  return json(text).dump(-1, ' ', false, json::error_handler_t::replace);
}

// Numbers are kept as they are in the report, which may be shorter than the JSON library's text.
std::string json_cell(const std::string& text) {
  if (is_json_number(text)) return text;
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
