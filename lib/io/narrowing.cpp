#include "io/narrowing.hpp"

#include <cmath>
#include <cstdio>

#include "base/column_name.hpp"
#include "base/precision.hpp"

namespace pushforward {

void NarrowedColumns::see(std::size_t column, double value) {
  if (columns_.size() <= column) columns_.resize(column + 1);
  Column& c = columns_[column];
  const double d = value - c.mean;  // Welford (1962)
  c.mean += d / ++c.count;
  c.squares += d * (value - c.mean);
  // Beyond 2^53 doubles skip integers themselves: there a number is a magnitude, not a count.
  const bool counts = value == std::floor(value) && std::abs(value) <= 9007199254740992.0;
  if (counts && static_cast<double>(static_cast<float>(value)) != value) c.lost = value;
}

std::string NarrowedColumns::remark(const std::vector<std::string>& names) const {
  std::vector<double> mean, deviation;
  std::size_t more = 0;
  std::string first;
  for (std::size_t j = 0; j < columns_.size(); ++j) {
    const Column& c = columns_[j];
    const double deviation_here = c.count > 0 ? std::sqrt(c.squares / c.count) : 0;
    mean.push_back(c.mean);
    deviation.push_back(deviation_here);
    if (c.lost == 0 || float32_is_coarse(c.mean, deviation_here)) continue;
    if (!first.empty()) {
      ++more;
      continue;
    }
    char text[160];
    std::snprintf(text, sizeof text,
                  " holds whole numbers that float32 does not have: %.15g becomes %.15g", c.lost,
                  static_cast<double>(static_cast<float>(c.lost)));
    first = "column " + column_name(names, j, 1) + text;
  }
  const std::string coarse = coarse_columns(mean, deviation, {names, 1});
  if (!coarse.empty()) return coarse;
  if (more > 0) first += " (" + std::to_string(more) + " more such columns)";
  return first;
}

}  // namespace pushforward
