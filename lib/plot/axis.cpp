#include "plot/axis.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <limits>

namespace pushforward {
namespace {

// The q-quantile, an element of the values.
double quantile(std::vector<double>* values, double q) {
  const auto place = std::lround(q * static_cast<double>(values->size() - 1));
  std::nth_element(values->begin(), values->begin() + place, values->end());
  return (*values)[static_cast<std::size_t>(place)];
}

std::string formatted(const char* format, int digits, double value) {
  char text[400];
  std::snprintf(text, sizeof text, format, digits, value);
  return text;
}

// "2e-05" as "2e-5".
std::string short_exponent(std::string text) {
  const std::size_t e = text.find('e');
  if (e == std::string::npos) return text;
  std::size_t digits = e + 2;
  while (digits + 1 < text.size() && text[digits] == '0') text.erase(digits, 1);
  if (text[e + 1] == '+') text.erase(e + 1, 1);
  return text;
}

// All labels of an axis have the same number of decimals, which the step needs.
std::string label_of(double value, double step, double largest) {
  const int step_exponent = static_cast<int>(std::floor(std::log10(step) + 1e-9));
  if (largest < 1e7 && step >= 0.99e-4)
    return formatted("%.*f", std::max(0, -step_exponent), value);
  if (value == 0) return "0";
  const int exponent = static_cast<int>(std::floor(std::log10(std::abs(value)) + 1e-9));
  return short_exponent(formatted("%.*e", std::clamp(exponent - step_exponent, 0, 17), value));
}

std::vector<Tick> linear_ticks(const Interval& range, int most) {
  const double rough = range.length() / std::max(most, 1);
  if (!(rough > 0) || !std::isfinite(rough)) return {};
  const double power = std::pow(10.0, std::floor(std::log10(rough)));
  double step = 10 * power;
  for (const double factor : {1.0, 2.0, 5.0})
    if (factor * power >= rough * (1 - 1e-9)) {
      step = factor * power;
      break;
    }
  const double slack = 1e-9 * range.length();
  const double largest = std::max(std::abs(range.low), std::abs(range.high));
  std::vector<Tick> result;
  for (double k = std::ceil((range.low - slack) / step); k * step <= range.high + slack; ++k) {
    const double value = k == 0 ? 0 : k * step;
    result.push_back({value, label_of(value, step, largest)});
    if (result.size() > 100) break;
  }
  if (result.size() < 2 && most < 64) return linear_ticks(range, 2 * std::max(most, 1));
  return result;
}

std::vector<Tick> logarithmic_ticks(const Interval& range, int most) {
  const int first = static_cast<int>(std::floor(std::log10(range.low) + 1e-9));
  const int last = static_cast<int>(std::ceil(std::log10(range.high) - 1e-9));
  const int every = std::max(1, (last - first + most - 1) / std::max(most, 1));
  const auto inside = [&](double v) {
    return v >= range.low * (1 - 1e-9) && v <= range.high * (1 + 1e-9);
  };
  std::vector<Tick> result;
  int powers = 0;
  for (int e = first; e <= last; ++e) {
    const double power = std::pow(10.0, e);
    if (inside(power) && e % every == 0) ++powers;
  }
  if (powers < 2) {  // too few powers of ten: round numbers, as on a linear axis
    for (Tick& tick : linear_ticks(range, most))
      if (tick.value > 0) result.push_back(std::move(tick));
    return result;
  }
  for (int e = first; e <= last; ++e) {
    const double power = std::pow(10.0, e);
    if (inside(power) && e % every == 0)
      result.push_back({power, short_exponent(formatted("%.*g", 5, power))});
    for (int k = 2; k < 10 && every == 1; ++k)
      if (inside(k * power)) result.push_back({k * power, ""});
  }
  return result;
}

}  // namespace

Interval around(const Interval& main, const Interval& all) {
  const Interval most = widened(main, 0.75);
  return {std::max(all.low, most.low), std::min(all.high, most.high)};
}

Interval widened(const Interval& interval, double fraction) {
  const double size = std::max(std::abs(interval.low), std::abs(interval.high));
  Interval wide = interval;
  if (!(interval.length() > std::max(1e-9 * size, shortest_interval))) {
    const double room = size > 0 ? std::max(0.05 * size, shortest_interval) : 1;
    wide = {interval.low - room, interval.high + room};
  }
  const double more = fraction * wide.length();
  return {wide.low - more, wide.high + more};
}

Interval robust_interval(std::vector<double>* values) {
  const double low = quantile(values, 0.002), high = quantile(values, 0.998);
  const double reach = 0.25 * (high - low);
  const auto [least, most] = std::minmax_element(values->begin(), values->end());
  return widened({std::max(*least, low - reach), std::min(*most, high + reach)}, 0.04);
}

Interval join(const Interval& a, const Interval& b) {
  return {std::min(a.low, b.low), std::max(a.high, b.high)};
}

double Scale::fraction(double value) const {
  if (!logarithmic) return (value - interval.low) / interval.length();
  if (!(value > 0)) return -std::numeric_limits<double>::infinity();
  return std::log(value / interval.low) / std::log(interval.high / interval.low);
}

std::vector<Tick> ticks(const Scale& scale, int most) {
  return scale.logarithmic ? logarithmic_ticks(scale.interval, most)
                           : linear_ticks(scale.interval, most);
}

}  // namespace pushforward
