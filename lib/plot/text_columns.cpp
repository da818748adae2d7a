#include "plot/text_columns.hpp"

#include <algorithm>
#include <cstdlib>
#include <limits>
#include <string_view>

#include "base/error.hpp"
#include "io/input_file.hpp"
#include "io/text_records.hpp"

namespace pushforward {
namespace {

std::string line_of(const std::string& name, std::size_t line) {
  return name + ": line " + std::to_string(line) + ": ";
}

// The separator for which most of the columns asked for are fields of the first line.
char separator_of(const std::string& record, const std::vector<std::string>& columns) {
  std::vector<std::string> unquoted;
  std::vector<std::string_view> fields;
  char best = '\t';
  std::ptrdiff_t most = 0;
  for (const char separator : {'\t', ',', ';', ' '}) {
    split_record(record, separator, &unquoted, &fields);
    const auto found = std::count_if(columns.begin(), columns.end(), [&](const std::string& name) {
      return std::find(fields.begin(), fields.end(), name) != fields.end();
    });
    if (found > most) {
      most = found;
      best = separator;
    }
  }
  return best;
}

}  // namespace

std::vector<double> TextColumns::numbers(std::size_t column) const {
  std::vector<double> result;
  for (std::size_t row = 0; row < lines.size(); ++row) {
    const std::string& text = texts[column][row];
    if (text.empty() || text == "-") {
      result.push_back(std::numeric_limits<double>::quiet_NaN());
      continue;
    }
    char* end = nullptr;
    result.push_back(std::strtod(text.c_str(), &end));
    if (end == text.c_str() || *end != 0)
      fail_invalid(line_of(name, lines[row]) + "\"" + text.substr(0, 40) + "\" is no number");
  }
  return result;
}

TextColumns read_text_columns(const std::string& file, const std::vector<std::string>& columns) {
  const InputFile input(file);
  TextRecords records(&input);
  TextColumns table;
  table.name = input.name();
  table.texts.resize(columns.size());
  std::string record;
  std::vector<std::string> unquoted;
  std::vector<std::string_view> fields;
  std::vector<std::size_t> places;
  std::size_t width = 0;
  char separator = '\t';
  while (records.next(&record)) {
    const std::string where = line_of(table.name, records.line());
    if (width == 0) {
      separator = separator_of(record, columns);
      split_record(record, separator, &unquoted, &fields);
      width = fields.size();
      for (const std::string& column : columns) {
        const auto found = std::find(fields.begin(), fields.end(), column);
        if (found == fields.end()) fail_invalid(where + "no column " + column);
        places.push_back(static_cast<std::size_t>(found - fields.begin()));
      }
      continue;
    }
    split_record(record, separator, &unquoted, &fields);
    if (fields.size() != width)
      fail_invalid(where + std::to_string(fields.size()) + " fields, the first line has " +
                   std::to_string(width));
    table.lines.push_back(records.line());
    for (std::size_t k = 0; k < columns.size(); ++k) table.texts[k].emplace_back(fields[places[k]]);
  }
  return table;
}

}  // namespace pushforward
