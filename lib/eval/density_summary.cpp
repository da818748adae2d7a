#include "eval/density_summary.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace pushforward {
namespace {

double quantile(const std::vector<double>& sorted, double q) {
  const double at = q * static_cast<double>(sorted.size() - 1);
  const std::size_t below = static_cast<std::size_t>(at);
  const std::size_t above = std::min(below + 1, sorted.size() - 1);
  return sorted[below] + (at - static_cast<double>(below)) * (sorted[above] - sorted[below]);
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
  const double n = static_cast<double>(values->size());
  double sum = 0;
  for (const double v : *values) sum += v;
  s.mean = sum / n;
  double squares = 0;
  for (const double v : *values) squares += (v - s.mean) * (v - s.mean);
  if (values->size() > 1) s.standard_error = std::sqrt(squares / (n - 1) / n);
  std::sort(values->begin(), values->end());
  s.median = quantile(*values, 0.5);
  s.quantile_01 = quantile(*values, 0.01);
  s.quantile_99 = quantile(*values, 0.99);
  s.bits_per_dim = -s.mean / (static_cast<double>(dimension) * std::log(2.0));
  return s;
}

}  // namespace pushforward
