#include "cli/parse_number.hpp"

#include <cctype>
#include <charconv>
#include <cmath>
#include <cstdlib>
#include <system_error>

#include "base/error.hpp"
#include "cli/program.hpp"

namespace pushforward {

namespace {

// Whole limits are written out: 1000000000, not 1e+09.
std::string limit_text(double limit) {
  if (limit == std::floor(limit) && std::abs(limit) < 1e15)
    return std::to_string(static_cast<std::int64_t>(limit));
  return number_text(limit);
}

// Names the bounds of the range; an unbounded end is named only if the value is beyond it.
[[noreturn]] void fail_range(const std::string& text, double value, Range range) {
  const bool low = range.low > -unbounded || value < range.low;
  const bool high = range.high < unbounded || value > range.high;
  if (low && high && !range.open_low && !range.open_high)
    fail_usage(text + " is outside " + limit_text(range.low) + ".." + limit_text(range.high));
  std::string bounds;
  if (low) bounds += (range.open_low ? "above " : "at least ") + limit_text(range.low);
  if (low && high) bounds += " and ";
  if (high) bounds += (range.open_high ? "below " : "at most ") + limit_text(range.high);
  fail_usage(text + " is out of range, it must be " + (bounds.empty() ? "finite" : bounds));
}

// Reads all of `text` or nothing. "+5" is a number too.
template <class T>
std::errc read_all(const std::string& text, T* value) {
  const char* first = text.data();
  const char* last = first + text.size();
  if (text.size() > 1 && *first == '+' && text[1] != '-') ++first;
  const auto [end, error] = std::from_chars(first, last, *value);
  if (error == std::errc() && end != last) return std::errc::invalid_argument;
  return error;
}

// A hint for numbers with a decimal comma.
std::string decimal_hint(std::string text) {
  const auto comma = text.find(',');
  if (comma == std::string::npos) return "";
  text[comma] = '.';
  double value = 0;
  return read_all(text, &value) == std::errc() ? "; write " + text : "";
}

}  // namespace

std::optional<double> number_in(const std::string& text) {
  double value = 0;
  if (read_all(text, &value) != std::errc() || !std::isfinite(value)) return std::nullopt;
  return value;
}

std::optional<double> minutes_in(const std::string& text) {
  if (text.empty() || text.back() != 'm') return std::nullopt;
  const auto minutes = number_in(text.substr(0, text.size() - 1));
  return minutes && *minutes > 0 ? minutes : std::nullopt;
}

double parse_number(const std::string& text, Range range) {
  double value = 0;
  const std::errc error = read_all(text, &value);
  if (error == std::errc::result_out_of_range) {
    value = std::strtod(text.c_str(), nullptr);  // which tells too large from too small
    if (std::isinf(value)) fail_range(text, value, range);
    fail_usage(text + " is too close to 0 for a number to hold" +
               (range.contains(0) ? "; write 0 if that is meant" : ""));
  }
  if (error != std::errc()) fail_usage("'" + text + "' is not a number" + decimal_hint(text));
  if (!std::isfinite(value)) fail_usage(text + " is not a finite number");
  if (!range.contains(value)) fail_range(text, value, range);
  return value;
}

std::int64_t parse_integer(const std::string& text, Range range) {
  std::int64_t value = 0;
  const std::errc error = read_all(text, &value);
  if (error == std::errc::result_out_of_range)
    fail_range(text, std::strtod(text.c_str(), nullptr), range);
  if (error != std::errc()) {
    const double number = parse_number(text, {-unbounded, unbounded});
    constexpr double exact = 9007199254740992.0;  // 2^53: beyond it a double skips whole numbers
    if (number != std::floor(number)) fail_usage(text + " is not a whole number");
    if (std::abs(number) > exact) fail_range(text, number, range);
    value = static_cast<std::int64_t>(number);
  }
  if (!range.contains(static_cast<double>(value)))
    fail_range(text, static_cast<double>(value), range);
  return value;
}

bool looks_negative(const std::string& text) {
  const auto digit = [&](std::size_t i) {
    return i < text.size() && std::isdigit(static_cast<unsigned char>(text[i])) != 0;
  };
  return text.size() > 1 && text[0] == '-' && (digit(1) || (text[1] == '.' && digit(2)));
}

}  // namespace pushforward
