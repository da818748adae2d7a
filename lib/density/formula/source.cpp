#include "density/formula/source.hpp"

#include <algorithm>
#include <boost/algorithm/string/trim.hpp>
#include <charconv>
#include <cmath>

#include "base/error.hpp"
#include "io/array_file.hpp"
#include "io/input_file.hpp"

namespace pushforward {
namespace {

constexpr std::size_t max_text = 1000000;

// "-inf" and "inf" are numbers here.
bool parse_bound(const std::string& text, double* value) {
  const char *begin = text.data(), *end = begin + text.size();
  if (text.size() > 1 && text[0] == '+' && text[1] != '-') ++begin;
  const auto [stop, error] = std::from_chars(begin, end, *value);
  return error == std::errc() && stop == end && !std::isnan(*value);
}

}  // namespace

std::vector<ModelArray> read_formula_data(const Distribution& distribution) {
  std::vector<ModelArray> all;
  for (std::size_t i = 0; i < distribution.data_files.size(); ++i) {
    std::string source;
    all.push_back(
        {distribution.data_names[i], read_array_file(distribution.data_files[i], &source)});
  }
  return all;
}

// Files may be called 0 and 1 too; lists are as common as that is rare.
bool names_bound_file(const std::string& text) {
  return text.find_first_not_of("0123456789+-.,eEinf ") != std::string::npos;
}

std::vector<double> read_bound_list(const std::string& text, const std::string& field,
                                    std::size_t count, double missing) {
  std::vector<double> numbers;
  const auto check_count = [&](const std::string& where, ErrorKind kind) {
    if (numbers.size() != count)
      throw Error(kind, where + ": " + std::to_string(numbers.size()) + " numbers for " +
                            std::to_string(count) + " columns; every column needs one");
  };
  if (names_bound_file(text)) {
    std::string source;
    numbers = read_array_file(text, &source).to<double>();
    for (const double number : numbers)
      if (std::isnan(number)) fail_invalid(source + ": a bound is not a number");
    check_count(source, ErrorKind::invalid);
    return numbers;
  }
  for (std::size_t begin = 0; begin <= text.size();) {
    const std::size_t end = std::min(text.find(',', begin), text.size());
    const std::string word = boost::algorithm::trim_copy(text.substr(begin, end - begin));
    begin = end + 1;
    double number = missing;
    if (!word.empty() && !parse_bound(word, &number))
      fail_usage("option " + setting(field) + ": '" + word + "' is not a number");
    numbers.push_back(number);
  }
  check_count("option " + setting(field), ErrorKind::usage);
  return numbers;
}

FormulaSource formula_of(const Distribution& d) {
  FormulaSource source;
  source.text = d.text;
  if (!d.text.empty() && d.text[0] == '@') {
    const InputFile file(d.text.substr(1));
    if (file.size() > max_text) fail_invalid(file.name() + ": is too long for a formula");
    source.text = file.bytes(0, static_cast<std::size_t>(file.size()));
  }
  if (source.text.find('\0') != std::string::npos)
    fail_invalid(d.text.substr(1) + ": is no text, it holds a NUL");
  if (!d.names.empty()) source.names = formula_column_names(d.names);
  source.dimension = static_cast<int>(
      source.names.empty() || d.dimension_given ? d.dimension : source.names.size());
  source.data = read_formula_data(d);
  if (d.lower.empty() && d.upper.empty()) return source;
  const std::size_t columns = static_cast<std::size_t>(source.dimension);
  const auto side = [&](const std::string& text, const char* field, double missing) {
    return text.empty() ? std::vector<double>(columns, missing)
                        : read_bound_list(text, field, columns, missing);
  };
  source.bounds = {side(d.lower, "lower", -HUGE_VAL), side(d.upper, "upper", HUGE_VAL)};
  return source;
}

}  // namespace pushforward
