#include "io/jitter.hpp"

#include <algorithm>
#include <cmath>
#include <optional>
#include <set>

#include "base/column_name.hpp"
#include "base/error.hpp"
#include "base/random.hpp"
#include "base/short_number.hpp"
#include "io/column_choice.hpp"
#include "io/names.hpp"

namespace pushforward {
namespace {

// The different values of a column in rows that were not filled in, in order.
std::vector<double> distinct_values(const std::vector<double>& x, std::size_t columns,
                                    std::size_t column, const std::set<std::size_t>& filled) {
  std::vector<double> values;
  for (std::size_t i = column; i < x.size(); i += columns)
    if (filled.count(i) == 0) values.push_back(x[i]);
  std::sort(values.begin(), values.end());
  values.erase(std::unique(values.begin(), values.end()), values.end());
  return values;
}

// A difference between numbers that were rounded, and the most that it is off.
struct Gap {
  double width, error;
};

// The largest width of which both are multiples, by Euclid's algorithm; none where it gets lost in
// the errors.
std::optional<Gap> common_measure(Gap a, Gap b) {
  while (true) {
    const double times = std::round(a.width / b.width);
    const Gap rest = {std::abs(a.width - times * b.width), a.error + times * b.error};
    if (rest.error > b.width / 4) return std::nullopt;
    if (rest.width <= rest.error) return b;
    a = b;
    b = rest;
  }
}

// A step of which `way` is a multiple, known the better the longer the way is; as it was where the
// multiple is not certain.
Gap finer(Gap step, Gap way) {
  const double times = std::round(way.width / step.width);
  if (times < 1 || times * step.error > step.width / 4) return step;
  return {way.width / times, way.error / times};
}

// The largest number of which all gaps between the values, in order, are multiples, where values
// are off by `rounding` / 2 at most; none if there is no such number, or a single value. From the
// smallest gap on, which is the fewest steps wide, values nearby come first: the way between them
// tells the step ever better, as it must be known for the wide gaps of the tails.
std::optional<double> common_step(const std::vector<double>& values, double rounding) {
  if (values.size() < 2) return std::nullopt;
  const auto gap = [&](std::size_t i) { return values[i + 1] - values[i]; };
  std::size_t first = 0;
  for (std::size_t i = 1; i + 1 < values.size(); ++i)
    if (gap(i) < gap(first)) first = i;
  std::size_t last = first + 1;
  Gap step = {gap(first), rounding};
  // Among steps of a few roundings any numbers would be equal.
  const double smallest = 32 * rounding;
  if (step.width < smallest) return std::nullopt;
  while (first > 0 || last + 1 < values.size()) {
    const bool left = last + 1 == values.size() || (first > 0 && gap(first - 1) < gap(last));
    const double next = left ? gap(--first) : gap(last++);
    const std::optional<Gap> measure = common_measure({next, rounding}, step);
    if (!measure || measure->width < smallest) return std::nullopt;
    step = finer(finer(*measure, step), {values[last] - values[first], rounding});
  }
  for (const double value : values) {
    const double way = value - values[0];
    if (std::abs(way - std::round(way / step.width) * step.width) > 2 * rounding)
      return std::nullopt;
  }
  return step.width;
}

bool all_whole(const std::vector<double>& values) {
  return std::all_of(values.begin(), values.end(), [](double v) { return v == std::floor(v); });
}

// Twice the most that float32 has changed the values. Whole numbers that the type has are exact.
double rounding_of(const std::vector<double>& values, ElementType type) {
  if (values.empty()) return 0;
  const double largest = std::max(std::abs(values.front()), std::abs(values.back()));
  const double exact = type == ElementType::float64 ? 0x1p53 : 0x1p24;
  if (largest <= exact && all_whole(values)) return 0;
  return 2 * largest * std::ldexp(1.0, -23);
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
  const std::set<std::size_t> filled(table->filled.begin(), table->filled.end());
  std::string done;
  for (const std::size_t column : chosen) {
    const std::vector<double> distinct = distinct_values(values, count, column, filled);
    if (all && distinct.size() > rows / 2 && !all_whole(distinct)) continue;
    const std::optional<double> step = common_step(distinct, rounding_of(distinct, x->array.type));
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
