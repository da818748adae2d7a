#include "base/precision.hpp"

#include <limits>

#include "base/column_name.hpp"
#include "base/short_number.hpp"

namespace pushforward {

namespace {

// The distance from |near| to the next float32 above it.
double float32_step(double near) {
  const float from = static_cast<float>(std::abs(near));
  return static_cast<double>(std::nextafter(from, std::numeric_limits<float>::infinity())) -
         static_cast<double>(from);
}

}  // namespace

bool float32_is_coarse(double mean, double deviation) {
  return deviation > 0 && 1000 * float32_step(mean) > deviation;
}

std::vector<double> less(std::vector<double> values, const std::vector<double>& origin) {
  for (std::size_t j = 0; j < origin.size(); ++j) values[j] -= origin[j];
  return values;
}

std::string coarse_columns(const std::vector<double>& mean, const std::vector<double>& deviation,
                           const ColumnNaming& naming) {
  std::string first;
  std::size_t more = 0;
  for (std::size_t j = 0; j < mean.size(); ++j) {
    if (!float32_is_coarse(mean[j], deviation[j])) continue;
    if (!first.empty()) {
      ++more;
      continue;
    }
    first = "column " + column_name(naming.names, j, naming.first_number) +
            (naming.dataset.empty() ? "" : " of " + naming.dataset) +
            " lies too far from 0 for float32: numbers near " + short_number(mean[j]) + " are " +
            short_number(float32_step(mean[j])) + " apart there, and it varies by " +
            short_number(deviation[j]);
  }
  if (more > 0) first += " (" + std::to_string(more) + " more such columns)";
  return first;
}

}  // namespace pushforward
