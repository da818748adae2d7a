#include "io/column_choice.hpp"

#include <algorithm>
#include <charconv>
#include <optional>

#include "base/error.hpp"
#include "base/text.hpp"
#include "io/text_field.hpp"
#include "io/text_records.hpp"

namespace pushforward {
namespace {

// The index of a column by its number: 1 is the first and -1 the last.
std::optional<std::size_t> place_of(long long number, std::size_t count) {
  const auto end = static_cast<long long>(count);
  if (number >= 1 && number <= end) return static_cast<std::size_t>(number - 1);
  if (number <= -1 && number >= -end) return static_cast<std::size_t>(end + number);
  return std::nullopt;
}

[[noreturn]] void fail_unknown(const std::string& wanted, const std::vector<std::string>& names,
                               std::size_t count, const std::string& where) {
  fail_invalid(
      where + ": has no column " + shown_field(wanted) + ", it has " +
      (names.empty() ? "columns 1 to " + std::to_string(count) : listed(names, ", ", "", 20)));
}

// The columns of a range such as "2-5"; empty if the text is no range, or is a column's name.
std::optional<std::vector<std::size_t>> range_of(const std::string& text,
                                                 const std::vector<std::string>& names,
                                                 std::size_t count) {
  if (std::find(names.begin(), names.end(), text) != names.end()) return std::nullopt;
  const char *at = text.data(), *end = at + text.size();
  long long first = 0, last = 0;
  const auto [dash, error] = std::from_chars(at, end, first);
  if (error != std::errc() || dash == end || *dash != '-') return std::nullopt;
  const auto [stop, last_error] = std::from_chars(dash + 1, end, last);
  if (last_error != std::errc() || stop != end) return std::nullopt;
  const auto from = place_of(first, count), to = place_of(last, count);
  if (!from || !to || *to < *from) return std::nullopt;
  std::vector<std::size_t> places;
  for (std::size_t place = *from; place <= *to; ++place) places.push_back(place);
  return places;
}

std::vector<std::size_t> listed_columns(const std::string& list,
                                        const std::vector<std::string>& names, std::size_t count,
                                        const std::string& where) {
  std::vector<std::string> unquoted;
  std::vector<std::string_view> fields;
  split_record(list, ',', &unquoted, &fields);
  std::vector<std::size_t> places;
  for (const std::string_view field : fields) {
    const std::string wanted(field);
    auto chosen = range_of(wanted, names, count);
    if (!chosen) chosen.emplace(1, find_column(wanted, names, count, where));
    for (const std::size_t place : *chosen) {
      if (std::find(places.begin(), places.end(), place) != places.end())
        fail_invalid(where + ": column " + std::to_string(place + 1) + " is listed twice");
      places.push_back(place);
    }
  }
  return places;
}

}  // namespace

std::size_t find_column(const std::string& wanted, const std::vector<std::string>& names,
                        std::size_t count, const std::string& where) {
  const auto found = std::find(names.begin(), names.end(), wanted);
  if (found != names.end()) {
    if (std::find(found + 1, names.end(), wanted) != names.end())
      fail_invalid(where + ": has more than one column " + shown_field(wanted) +
                   ", give a number from 1 to " + std::to_string(count));
    return static_cast<std::size_t>(found - names.begin());
  }
  long long number = 0;
  const char* end = wanted.data() + wanted.size();
  const auto [stop, error] = std::from_chars(wanted.data(), end, number);
  const bool is_number = error == std::errc() && stop == end;
  if (const auto place = is_number ? place_of(number, count) : std::nullopt) return *place;
  fail_unknown(wanted, names, count, where);
}

std::vector<std::size_t> chosen_columns(const ColumnChoice& choice,
                                        const std::vector<std::string>& names, std::size_t count,
                                        const std::string& where) {
  std::vector<std::size_t> places;
  if (!choice.columns.empty())
    places = listed_columns(choice.columns, names, count, where);
  else
    for (std::size_t place = 0; place < count; ++place) places.push_back(place);
  if (!choice.drop.empty())
    for (const std::size_t place : listed_columns(choice.drop, names, count, where))
      places.erase(std::remove(places.begin(), places.end(), place), places.end());
  if (places.empty()) fail_invalid(where + ": no column is left, --drop names them all");
  return places;
}

}  // namespace pushforward
