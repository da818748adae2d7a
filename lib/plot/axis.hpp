// Ranges of axes, scales and ticks.
#pragma once

#include <string>
#include <vector>

namespace pushforward {

struct Interval {
  double low = 0, high = 1;
  [[nodiscard]] double length() const { return high - low; }
  [[nodiscard]] double middle() const { return low + (high - low) / 2; }
};

// For a shorter side, the reciprocal of an area would overflow.
constexpr double shortest_interval = 1e-100;

// The range of an axis for these values, which a few outliers do not make too wide: from the 0.2%
// to the 99.8% quantile, extended to the smallest and to the largest value where that is at most a
// quarter of the length away, plus 4% at both ends. Values must be finite; they are reordered.
// Never of length 0.
[[nodiscard]] Interval robust_interval(std::vector<double>* values);

// Smallest interval that holds both.
[[nodiscard]] Interval join(const Interval& a, const Interval& b);

// `all`, cut where it reaches further beyond `main` than three quarters of its length. So the end
// of a sampler still shows if it begins a hundred times as wide.
[[nodiscard]] Interval around(const Interval& main, const Interval& all);

// Both ends moved outwards by a fraction of the length. An interval that is too short to tell its
// numbers apart is made longer.
[[nodiscard]] Interval widened(const Interval& interval, double fraction);

// Maps values to places on an axis, or their log10 on a logarithmic axis.
struct Scale {
  Interval interval;
  bool logarithmic = false;
  // 0 at the low end, 1 at the high end. -infinity for values that a logarithmic scale cannot show.
  [[nodiscard]] double fraction(double value) const;
};

struct Tick {
  double value;
  std::string label;  // empty: a small tick without label
};

// Multiples of 1, 2 or 5 times a power of ten inside the interval: about `most` or fewer, but at
// least two unless the interval has length 0. On a logarithmic scale powers of ten, and between
// them ticks without labels if there is room.
[[nodiscard]] std::vector<Tick> ticks(const Scale& scale, int most);

}  // namespace pushforward
