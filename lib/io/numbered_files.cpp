#include "io/numbered_files.hpp"

#include <algorithm>
#include <optional>

#include "base/error.hpp"

namespace pushforward {
namespace {

struct Place {
  std::size_t start, end;  // in the name
  std::size_t digits;
};

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// The first place for a number from there on. A width of more than two digits is none: no name may
// be that long.
std::optional<Place> find_place(const std::string& name, std::size_t from) {
  for (std::size_t start; (start = name.find('%', from)) != std::string::npos; from = start + 1) {
    std::size_t end = start + 1, digits = 0;
    while (end < name.size() && end < start + 4 && is_digit(name[end]))
      digits = 10 * digits + static_cast<std::size_t>(name[end++] - '0');
    if (end < name.size() && name[end] == 'd' && digits < 100)
      return Place{start, end + 1, std::max<std::size_t>(digits, 1)};
  }
  return std::nullopt;
}

}  // namespace

bool NumberedFiles::is_pattern(const std::string& name) { return find_place(name, 0).has_value(); }

NumberedFiles::NumberedFiles(const std::string& pattern) {
  const std::optional<Place> place = find_place(pattern, 0);
  const std::size_t slash = pattern.find_last_of('/');
  if (!place || find_place(pattern, place->end) ||
      (slash != std::string::npos && slash > place->start))
    fail_usage(pattern + ": the name of a series of files has one number, such as out-%04d.png");
  before_ = pattern.substr(0, place->start);
  after_ = pattern.substr(place->end);
  digits_ = place->digits;
}

std::string NumberedFiles::name(std::size_t number) const {
  std::string text = std::to_string(number);
  if (text.size() < digits_) text.insert(0, digits_ - text.size(), '0');
  return before_ + text + after_;
}

}  // namespace pushforward
