#include "io/picture_range.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace pushforward {

std::pair<double, double> picture_range(ElementType type, const std::vector<double>& values) {
  if (type != ElementType::float32 && type != ElementType::float64) return {0, 255};
  double low = std::numeric_limits<double>::infinity(), high = -low;
  for (double value : values) {
    if (!std::isfinite(value)) continue;
    low = std::min(low, value);
    high = std::max(high, value);
  }
  for (const std::pair<double, double>& usual :
       {std::pair<double, double>{0, 1}, {-1, 1}, {0, 255}}) {
    const double slack = (usual.second - usual.first) / 4;
    if (low >= usual.first - slack && high <= usual.second + slack) return usual;
  }
  return {low, high};
}

}  // namespace pushforward
