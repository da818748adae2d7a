#include "eval/density_summary.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "base/moments.hpp"

namespace pushforward {
namespace {

double quantile(const std::vector<double>& sorted, double q) {
  const double at = q * static_cast<double>(sorted.size() - 1);
  const std::size_t below = static_cast<std::size_t>(at);
  const std::size_t above = std::min(below + 1, sorted.size() - 1);
  const double weight = at - static_cast<double>(below);
  return (1 - weight) * sorted[below] + weight * sorted[above];  // a difference could overflow
}

}  // namespace

DensitySummary summarize_density(std::vector<double>* values, std::size_t dimension) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  DensitySummary s;
  s.count = values->size();
  values->erase(
      std::remove_if(values->begin(), values->end(), [](double v) { return !std::isfinite(v); }),
      values->end());
  s.nonfinite = s.count - values->size();
  s.mean = s.standard_error = s.median = s.quantile_01 = s.quantile_99 = s.bits_per_dim = nan;
  if (values->empty()) return s;
  Moments moments;
  moments.add(*values);
  s.mean = moments.mean();
  if (values->size() > 1)
    s.standard_error =
        moments.deviation(values->size() - 1) / std::sqrt(static_cast<double>(values->size()));
  std::sort(values->begin(), values->end());
  s.median = quantile(*values, 0.5);
  s.quantile_01 = quantile(*values, 0.01);
  s.quantile_99 = quantile(*values, 0.99);
  s.bits_per_dim = -s.mean / (static_cast<double>(dimension) * std::log(2.0));
  return s;
}

}  // namespace pushforward
