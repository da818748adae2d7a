#include "cli/help.hpp"

#include <sstream>

namespace pushforward {

namespace {

constexpr std::size_t width = 80;
constexpr std::size_t text_column = 26;

// Wraps words into lines that begin at `column`; the caller has filled the first line up to there.
std::string wrapped(const std::string& text, std::size_t column) {
  std::string out;
  std::size_t position = column;
  std::istringstream words(text);
  for (std::string word; words >> word;) {
    if (position != column && position + 1 + word.size() > width) {
      out += "\n" + std::string(column, ' ');
      position = column;
    } else if (position != column) {
      out += ' ';
      ++position;
    }
    out += word;
    position += word.size();
  }
  return out;
}

std::string option_text(const HelpOption& option) {
  const std::string head = "  " + option.names;
  std::string text = option.text;
  if (!option.standard.empty()) text += " [" + option.standard + "]";
  const std::string body = wrapped(text, text_column);
  if (head.size() + 2 <= text_column)
    return head + std::string(text_column - head.size(), ' ') + body + "\n";
  return head + "\n" + std::string(text_column, ' ') + body + "\n";
}

// Continues a long command after a backslash.
std::string example_text(const std::string& example) {
  std::string out = "  ";
  std::size_t position = 2;
  std::istringstream words(example);
  for (std::string word; words >> word;) {
    if (position > 2 && position + 1 + word.size() + 2 > width) {
      out += " \\\n    ";
      position = 4;
    } else if (position > 2) {
      out += ' ';
      ++position;
    }
    out += word;
    position += word.size();
  }
  return out + "\n";
}

}  // namespace

std::string help_text(const HelpPage& page) {
  std::string text = "Usage: " + wrapped(page.usage, 7) + "\n" + wrapped(page.summary, 0) + "\n";
  for (const auto& group : page.groups) {
    if (group.options.empty()) continue;
    text += "\n" + group.title + ":\n";
    for (const auto& option : group.options) text += option_text(option);
  }
  if (!page.example.empty()) text += "\nExample:\n" + example_text(page.example);
  return text;
}

}  // namespace pushforward
