#include "io/picture_range.hpp"

#include <algorithm>
#include <cmath>

namespace pushforward {

void PictureRange::add(const std::vector<double>& values) {
  for (const double value : values) {
    if (!std::isfinite(value)) continue;
    low_ = std::min(low_, value);
    high_ = std::max(high_, value);
    whole_ = whole_ && value == std::floor(value);
  }
}

std::pair<double, double> PictureRange::black_and_white() const {
  if (type_ != ElementType::float32 && type_ != ElementType::float64) return {0, 255};
  if (whole_ && low_ >= 0)
    for (const double levels : {1.0, 16.0, 255.0, 65535.0})
      if (high_ <= levels) return {0, levels};
  const auto holds_all = [&](double low, double high) {
    const double slack = (high - low) / 4;
    return low_ >= low - slack && high_ <= high + slack;
  };
  if (holds_all(0, 1)) return {0, 1};
  if (holds_all(-1, 1)) return {-1, 1};
  if (holds_all(0, 255) && high_ >= 255.0 / 4) return {0, 255};
  return {low_, high_};
}

std::pair<double, double> picture_range(ElementType type, const std::vector<double>& values) {
  PictureRange range(type);
  range.add(values);
  return range.black_and_white();
}

}  // namespace pushforward
