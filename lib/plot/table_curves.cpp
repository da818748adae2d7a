#include "plot/table_curves.hpp"

#include <algorithm>
#include <cmath>

#include "base/error.hpp"
#include "plot/text_columns.hpp"

namespace pushforward {
namespace {

constexpr double largest_shown = 1e100;

}  // namespace

TableCurves read_table_curves(const std::string& file, const std::vector<std::string>& columns) {
  const TextColumns table = read_text_columns(file, columns);
  const std::vector<double> x = table.numbers(0), y = table.numbers(1);
  TableCurves result{table.name, {}};
  for (std::size_t row = 0; row < x.size(); ++row) {
    if (!std::isfinite(x[row]) || !std::isfinite(y[row])) continue;
    if (std::max(std::abs(x[row]), std::abs(y[row])) > largest_shown)
      fail_invalid(table.name + ": line " + std::to_string(table.lines[row]) +
                   ": a number beyond 1e100, which no axis can show");
    const std::string name = columns.size() > 2 ? table.texts[2][row] : "";
    auto curve = std::find_if(result.curves.begin(), result.curves.end(),
                              [&](const NamedCurve& each) { return each.name == name; });
    if (curve == result.curves.end()) curve = result.curves.insert(curve, NamedCurve{name, {}, {}});
    curve->x.push_back(x[row]);
    curve->y.push_back(y[row]);
  }
  if (result.curves.empty())
    fail_invalid(table.name + ": no row has numbers in both " + columns[0] + " and " + columns[1]);
  return result;
}

}  // namespace pushforward
