#include "io/names.hpp"

#include <algorithm>
#include <charconv>

namespace pushforward {
namespace {

// Replaces \xHH by the byte.
std::string decoded(const std::string& text) {
  std::string name;
  for (std::size_t i = 0; i < text.size(); ++i) {
    unsigned byte = 0;
    const char* digits = text.data() + i + 2;
    const bool escaped = text.compare(i, 2, "\\x") == 0 && i + 4 <= text.size() &&
                         std::from_chars(digits, digits + 2, byte, 16).ptr == digits + 2;
    name += escaped ? static_cast<char>(byte) : text[i];
    if (escaped) i += 3;
  }
  return name;
}

}  // namespace

std::string join_names(const std::vector<std::string>& names) {
  std::string text;
  for (std::size_t n = 0; n < names.size(); ++n) {
    if (n > 0) text += ',';
    for (std::size_t i = 0; i < names[n].size(); ++i) {
      const char c = names[n][i];
      const bool before_x = c == '\\' && i + 1 < names[n].size() && names[n][i + 1] == 'x';
      if (c == ',')
        text += "\\x2c";
      else if (c == '\0')
        text += "\\x00";
      else if (before_x)
        text += "\\x5c";
      else
        text += c;
    }
  }
  return text;
}

std::vector<std::string> split_names(const std::string& text) {
  std::vector<std::string> names;
  for (std::size_t at = 0; at <= text.size();) {
    const std::size_t end = std::min(text.find(',', at), text.size());
    names.push_back(decoded(text.substr(at, end - at)));
    at = end + 1;
  }
  return names;
}

std::vector<std::string> read_names(const ContainerReader& reader, const std::string& path,
                                    const std::string& attribute, std::size_t count) {
  std::vector<std::string> names = reader.lines(path, attribute);
  if (names.size() == 1) names = split_names(names[0]);
  if (names.size() != count) names.clear();
  return names;
}

RowNames names_of_rows(const ContainerReader& reader, std::size_t columns,
                       const std::string& labels) {
  RowNames names;
  names.columns = read_names(reader, reader.main_dataset(), "columns", columns);
  if (labels.empty() || !reader.has(labels)) return names;
  names.classes = reader.lines(labels, "classes");
  if (names.classes.size() == 1) names.classes = split_names(names.classes[0]);
  return names;
}

void set_row_names(const RowNames& names, const std::string& labels, ContainerWriter* writer) {
  if (!names.columns.empty()) writer->set_text("/x", "columns", join_names(names.columns));
  if (!names.classes.empty() && !labels.empty())
    writer->set_text(labels, "classes", join_names(names.classes));
}

std::vector<std::pair<std::string, std::string>> stored_names(const ContainerReader& reader,
                                                              const std::string& path) {
  std::vector<std::pair<std::string, std::string>> result;
  for (const char* attribute : {"columns", "classes"}) {
    const std::vector<std::string> lines = reader.lines(path, attribute);
    if (!lines.empty())
      result.emplace_back(attribute, lines.size() == 1 ? lines[0] : join_names(lines));
  }
  return result;
}

void copy_names(const ContainerReader& reader, const std::string& from, ContainerWriter* writer,
                const std::string& to) {
  for (const auto& [attribute, text] : stored_names(reader, from))
    writer->set_text(to, attribute, text);
}

}  // namespace pushforward
