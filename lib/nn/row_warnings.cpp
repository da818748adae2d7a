#include "nn/row_warnings.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <numeric>
#include <utility>

#include "base/column_name.hpp"
#include "base/random.hpp"
#include "base/short_number.hpp"
#include "base/text.hpp"

namespace pushforward {
namespace {

constexpr std::size_t max_sampled = 4096, min_rows = 8, min_outlier_rows = 30;
constexpr double outlier_share = 0.9;
constexpr float largest_whole = 65536;  // float32 numbers below it are spaced 2^-8 or closer
constexpr double min_correlation = 1 - 1e-6;

struct Pair {
  std::size_t first, second;
};

// The range of each column over all rows, and whether all its values are whole numbers.
struct Columns {
  std::vector<float> low, high;
  std::vector<char> whole, passed_over;

  Columns(const TrainingRows& rows, std::size_t count, const std::vector<char>& not_checked)
      : low(rows.values.begin(), rows.values.begin() + static_cast<std::ptrdiff_t>(count)),
        high(low),
        whole(count, 1),
        passed_over(not_checked) {
    passed_over.resize(count, 0);
    for (std::size_t r = 0; r < rows.count(); ++r) {
      const float* row = rows.values.data() + r * rows.columns;
      for (std::size_t c = 0; c < count; ++c) {
        low[c] = std::min(low[c], row[c]);
        high[c] = std::max(high[c], row[c]);
        const float small = std::clamp(row[c], -largest_whole, largest_whole);
        const bool is_whole = static_cast<float>(static_cast<std::int32_t>(small)) == row[c];
        whole[c] = static_cast<char>(whole[c] & static_cast<char>(is_whole));
      }
    }
  }
  [[nodiscard]] std::size_t count() const { return low.size(); }
  [[nodiscard]] bool checked(std::size_t c) const { return passed_over[c] == 0; }
  [[nodiscard]] bool constant(std::size_t c) const { return !(low[c] < high[c]); }
};

// The values of one column in at most `max_count` evenly spaced rows.
std::vector<float> sampled(const TrainingRows& rows, std::size_t column, std::size_t max_count) {
  const std::size_t count = std::min(rows.count(), max_count);
  std::vector<float> values(count);
  for (std::size_t k = 0; k < count; ++k)
    values[k] = rows.values[k * rows.count() / count * rows.columns + column];
  return values;
}

std::size_t different_values(std::vector<float> values) {
  std::sort(values.begin(), values.end());
  return static_cast<std::size_t>(std::unique(values.begin(), values.end()) - values.begin());
}

// The values less their mean, scaled to length 1; empty if all are equal.
std::vector<float> direction(const std::vector<float>& values) {
  const double mean =
      std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
  double squares = 0;
  for (const float value : values) squares += (value - mean) * (value - mean);
  if (!(squares > 0)) return {};
  std::vector<float> unit;
  for (const float value : values)
    unit.push_back(static_cast<float>((value - mean) / std::sqrt(squares)));
  return unit;
}

double dot(const std::vector<float>& a, const std::vector<float>& b) {
  double sum = 0;
  for (std::size_t i = 0; i < a.size(); ++i)
    sum += static_cast<double>(a[i]) * static_cast<double>(b[i]);
  return sum;
}

// Columns that are equal up to scale and shift in the sampled rows, each paired with the first such
// column. Nearly equal directions have nearly equal projections on any unit vector, so only columns
// with similar projections on a random one are compared.
std::vector<Pair> similar_columns(const TrainingRows& rows, const Columns& columns) {
  std::vector<std::vector<float>> directions(columns.count());
  for (std::size_t c = 0; c < columns.count(); ++c)
    if (columns.checked(c) && !columns.constant(c))
      directions[c] = direction(sampled(rows, c, max_sampled));
  std::vector<float> random(std::min(rows.count(), max_sampled));
  Random(0, Stream::evaluation).fill_normal(random.data(), random.size(), 1, 0);
  random = direction(random);
  std::vector<double> places(columns.count());
  std::vector<std::pair<double, std::size_t>> order;
  for (std::size_t c = 0; c < columns.count(); ++c) {
    if (directions[c].empty()) continue;
    places[c] = std::abs(dot(directions[c], random));
    order.emplace_back(places[c], c);
  }
  std::sort(order.begin(), order.end());
  const double reach = std::sqrt(2 * (1 - min_correlation)) + 1e-5;
  std::vector<char> taken(columns.count(), 0);
  std::vector<Pair> pairs;
  for (std::size_t c = 0; c < columns.count(); ++c) {
    if (directions[c].empty() || taken[c]) continue;
    auto at = std::lower_bound(order.begin(), order.end(),
                               std::make_pair(places[c] - reach, std::size_t{0}));
    for (; at != order.end() && at->first <= places[c] + reach; ++at) {
      const std::size_t other = at->second;
      if (other <= c || taken[other]) continue;
      if (std::abs(dot(directions[c], directions[other])) <= min_correlation) continue;
      taken[other] = 1;
      pairs.push_back({c, other});
    }
  }
  return pairs;
}

// The pairs that are equal up to scale and shift in all rows. Columns that are nearly always 0 may
// seem so in a sample.
std::vector<Pair> equal_columns(const TrainingRows& rows, const std::vector<Pair>& pairs) {
  struct Sums {
    double x = 0, y = 0, xx = 0, yy = 0, xy = 0;
  };
  std::vector<Sums> sums(pairs.size());
  for (std::size_t r = 0; r < rows.count(); ++r) {
    const float *row = rows.values.data() + r * rows.columns, *start = rows.values.data();
    for (std::size_t p = 0; p < pairs.size(); ++p) {
      const auto [a, b] = pairs[p];
      const double x = static_cast<double>(row[a]) - static_cast<double>(start[a]);
      const double y = static_cast<double>(row[b]) - static_cast<double>(start[b]);
      Sums& s = sums[p];
      s.x += x;
      s.y += y;
      s.xx += x * x;
      s.yy += y * y;
      s.xy += x * y;
    }
  }
  std::vector<Pair> equal;
  const double n = static_cast<double>(rows.count());
  for (std::size_t p = 0; p < pairs.size(); ++p) {
    const Sums& s = sums[p];
    const double covariance = s.xy - s.x * s.y / n;
    const double spread = std::sqrt((s.xx - s.x * s.x / n) * (s.yy - s.y * s.y / n));
    if (std::abs(covariance) > min_correlation * spread) equal.push_back(pairs[p]);
  }
  return equal;
}

// "column 1 ONE" or "columns 1 and 2 MANY", by their names where they have some.
std::string sentence(const std::vector<std::string>& names, const std::vector<std::size_t>& columns,
                     const std::string& one, const std::string& many) {
  std::vector<std::string> called;
  for (const std::size_t column : columns) called.push_back(column_name(names, column));
  return (columns.size() == 1 ? "column " : "columns ") + listed(called, " and ", "") + " " +
         (columns.size() == 1 ? one : many);
}

std::string discrete_columns(const TrainingRows& rows, const Columns& columns,
                             const std::vector<std::string>& names) {
  std::vector<std::size_t> discrete;
  const std::size_t count = std::min(rows.count(), max_sampled);
  for (std::size_t c = 0; c < columns.count(); ++c) {
    if (!columns.checked(c) || columns.constant(c)) continue;
    if (columns.whole[c] || 2 * different_values(sampled(rows, c, max_sampled)) <= count)
      discrete.push_back(c);
  }
  if (discrete.empty()) return "";
  const std::size_t different =
      discrete.size() > 1 ? 0 : different_values(sampled(rows, discrete[0], rows.count()));
  const std::string one = 2 * different <= rows.count()
                              ? "holds only " + std::to_string(different) + " distinct values"
                              : "holds whole numbers only";
  return sentence(names, discrete, one, "hold discrete values") +
         ": a density over such values has no bound; tensor-import --jitter adds noise as wide as "
         "the steps between them";
}

}  // namespace

std::vector<std::string> row_warnings(const TrainingRows& rows, std::size_t checked,
                                      const std::vector<char>& passed_over,
                                      const std::vector<std::string>& names) {
  std::vector<std::string> lines;
  if (rows.count() == 0) return lines;
  const Columns columns(rows, checked, passed_over);
  std::vector<std::size_t> constant;
  for (std::size_t c = 0; c < columns.count(); ++c)
    if (columns.checked(c) && columns.constant(c)) constant.push_back(c);
  if (!constant.empty())
    lines.push_back(sentence(names, constant, "is constant", "are constant") +
                    ": a density has no finite value there");
  if (rows.count() < min_rows) return lines;
  const std::string discrete = discrete_columns(rows, columns, names);
  if (!discrete.empty()) lines.push_back(discrete);
  std::vector<std::string> pairs;
  for (const auto& [first, second] : equal_columns(rows, similar_columns(rows, columns)))
    pairs.push_back(column_name(names, first) + " and " + column_name(names, second));
  if (!pairs.empty())
    lines.push_back("columns " + listed(pairs, ", ", " pairs") +
                    " are equal up to scale and shift: rows on a plane have no density; leave one "
                    "of a pair out");
  return lines;
}

std::vector<std::string> outlier_warnings(const TrainingRows& rows, std::size_t checked,
                                          const std::vector<std::string>& names) {
  const std::size_t count = rows.count(), columns = rows.columns;
  if (count < min_outlier_rows) return {};
  const double n = static_cast<double>(count);
  struct Column {
    double mean = 0, squares = 0, largest = 0;
    std::size_t row = 0;
  };
  std::vector<Column> all(checked);
  const auto value = [&](std::size_t r, std::size_t c) {
    return static_cast<double>(rows.values[r * columns + c]);
  };
  for (std::size_t r = 0; r < count; ++r)
    for (std::size_t c = 0; c < checked; ++c) all[c].mean += value(r, c) / n;
  for (std::size_t r = 0; r < count; ++r)
    for (std::size_t c = 0; c < checked; ++c) {
      const double d = value(r, c) - all[c].mean, square = d * d;
      all[c].squares += square;
      if (square > all[c].largest) {
        all[c].largest = square;
        all[c].row = r;
      }
    }
  std::vector<std::size_t> found;
  for (std::size_t c = 0; c < checked; ++c)
    if (all[c].largest > outlier_share * all[c].squares) found.push_back(c);
  if (found.empty()) return {};
  const std::size_t c = found[0];
  const Column& first = all[c];
  double rest = 0, rest_mean = 0;
  for (std::size_t r = 0; r < count; ++r)
    if (r != first.row) rest_mean += value(r, c) / (n - 1);
  for (std::size_t r = 0; r < count; ++r)
    if (r != first.row) rest += (value(r, c) - rest_mean) * (value(r, c) - rest_mean) / (n - 1);
  const double origin = rows.origin.empty() ? 0 : rows.origin[c];
  std::string line = "column " + column_name(names, c) + ": row " + std::to_string(first.row) +
                     " is " + short_number(value(first.row, c) + origin) +
                     " and makes the standard deviation " +
                     short_number(std::sqrt(first.squares / n)) + ", that of the other rows is " +
                     short_number(std::sqrt(rest));
  if (found.size() > 1)
    line += " (" + std::to_string(found.size() - 1) + " more columns have such a row)";
  return {line + "; leave it out if it is a slip"};
}

}  // namespace pushforward
