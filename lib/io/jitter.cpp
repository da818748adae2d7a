#include "io/jitter.hpp"

#include <algorithm>
#include <cmath>
#include <optional>

#include "base/column_name.hpp"
#include "base/error.hpp"
#include "base/random.hpp"
#include "base/short_number.hpp"
#include "io/column_choice.hpp"
#include "io/names.hpp"

namespace pushforward {
namespace {

// The different values of a column, in order.
std::vector<double> distinct_values(const std::vector<double>& x, std::size_t columns,
                                    std::size_t column) {
  std::vector<double> values;
  for (std::size_t i = column; i < x.size(); i += columns) values.push_back(x[i]);
  std::sort(values.begin(), values.end());
  values.erase(std::unique(values.begin(), values.end()), values.end());
  return values;
}

bool all_whole(const std::vector<double>& values) {
  return std::all_of(values.begin(), values.end(),
                     [](double v) { return v == std::round(v) && std::abs(v) < 0x1p53; });
}

// The largest number of which all gaps between the values are multiples, up to the rounding of
// float32; none if there is no such number, or a single value. Euclid's algorithm on the gaps.
std::optional<double> common_step(const std::vector<double>& values) {
  if (values.size() < 2) return std::nullopt;
  const double largest = std::max(std::abs(values.front()), std::abs(values.back()));
  const double rounding = all_whole(values) ? 0 : 4 * largest * std::ldexp(1.0, -23);
  double step = 0;
  for (std::size_t i = 1; i < values.size(); ++i) {
    double a = values[i] - values[i - 1], b = step;
    while (b > rounding) {
      const double rest = std::abs(a - b * std::round(a / b));
      a = b;
      b = rest;
    }
    step = a;
  }
  // Among steps of a few roundings any numbers would be equal.
  if (step < 16 * rounding) return std::nullopt;
  // A multiple of the step is more exact than a remainder.
  const double range = values.back() - values.front();
  return range / std::round(range / step);
}

}  // namespace

std::string jitter(const std::string& columns, std::uint64_t seed, const std::string& name,
                   Table* table) {
  NamedArray* const x = table->find("/x");
  if (x == nullptr || x->array.shape.size() != 2)
    fail_invalid(name + ": " + setting("jitter") + " is for rows [N, D], and " +
                 (x == nullptr ? "there are none" : "/x has shape " + to_string(x->array.shape)));
  const std::size_t rows = x->array.shape[0], count = x->array.shape[1];
  std::vector<std::string> names;
  for (const auto& [attribute, text] : x->attributes)
    if (attribute == "columns") names = split_names(text);
  const bool all = columns == "all" && std::count(names.begin(), names.end(), columns) == 0;
  const std::vector<std::size_t> chosen =
      chosen_columns({all ? std::string() : columns, ""}, names, count, name);
  const Random random(seed, Stream::dequantize);
  std::vector<double> values = x->array.to<double>();
  std::string done;
  for (const std::size_t column : chosen) {
    const std::vector<double> distinct = distinct_values(values, count, column);
    if (all && distinct.size() > rows / 2 && !all_whole(distinct)) continue;
    const std::optional<double> step = common_step(distinct);
    if (!step && all) continue;
    if (!step)
      fail_invalid(name + ": column " + column_name(names, column, 1) +
                   (distinct.size() == 1 ? " holds a single value" : " has no steps") +
                   ", so there is no noise of their width; leave it out of " + setting("jitter"));
    for (std::size_t row = 0; row < rows; ++row)
      values[row * count + column] +=
          *step * (random.uniform(row, 0, static_cast<std::uint32_t>(column)) - 0.5);
    done += (done.empty() ? "" : ", ") + column_name(names, column, 1) + " by steps of " +
            short_number(*step);
  }
  if (done.empty()) return done;
  if (x->array.type == ElementType::float64)
    x->array = Array::of(values, {rows, count});
  else
    x->array = Array::of(std::vector<float>(values.begin(), values.end()), {rows, count});
  return done;
}

}  // namespace pushforward
