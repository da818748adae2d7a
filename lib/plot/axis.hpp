// Ranges of axes and the round numbers on them.
#pragma once

#include <string>
#include <vector>

namespace pushforward {

struct Interval {
  double low = 0, high = 1;
  [[nodiscard]] double length() const { return high - low; }
  [[nodiscard]] double middle() const { return low + (high - low) / 2; }
};

// Below this the reciprocal of an area would leave double's range.
constexpr double shortest_interval = 1e-100;

// From the 0.2% to the 99.8% quantile, and on to the smallest and largest value where those are not
// further off than a quarter of that; then 4% at either end. So a few outliers do not shrink the
// rest to a dot. Values must be finite; they are reordered. Never of length 0.
[[nodiscard]] Interval robust_interval(std::vector<double>* values);

// Smallest interval that holds both.
[[nodiscard]] Interval join(const Interval& a, const Interval& b);

// `all`, but reaching no further beyond `main` than three quarters of its length: where a sampler
// begins a hundred times as wide as it ends, its end still shows.
[[nodiscard]] Interval around(const Interval& main, const Interval& all);

// Each end moved outwards by a fraction of the length; an interval too short to tell numbers apart
// is made longer.
[[nodiscard]] Interval widened(const Interval& interval, double fraction);

// Of values on an axis; logarithmic axes map log10.
struct Scale {
  Interval interval;
  bool logarithmic = false;
  // 0 at the low end, 1 at the high end. -infinity for what a logarithmic scale cannot show.
  [[nodiscard]] double fraction(double value) const;
};

struct Tick {
  double value;
  std::string label;  // empty: a small tick between labelled ones
};

// Multiples of 1, 2 or 5 times a power of ten inside the interval, about `most` or fewer of them
// (at least two where the interval has a length); on a logarithmic scale powers of ten, and between
// them unlabelled ticks where there is room.
[[nodiscard]] std::vector<Tick> ticks(const Scale& scale, int most);

}  // namespace pushforward
