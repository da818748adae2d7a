// The numbers that a value may be.
#pragma once

namespace pushforward {

constexpr double unbounded = 1e300;

// An interval; each end belongs to it or not.
struct Range {
  double low = -unbounded, high = unbounded;
  bool open_low = false, open_high = false;

  constexpr Range() = default;
  constexpr Range(double least, double most) : low(least), high(most) {}  // both included
  [[nodiscard]] static constexpr Range at_least(double low) { return {low, unbounded}; }
  [[nodiscard]] static constexpr Range above(double low) {
    Range range = at_least(low);
    range.open_low = true;
    return range;
  }
  [[nodiscard]] constexpr Range at_most(double most) const {
    Range range = *this;
    range.high = most;
    return range;
  }
  [[nodiscard]] constexpr Range below(double bound) const {
    Range range = at_most(bound);
    range.open_high = true;
    return range;
  }
  [[nodiscard]] constexpr bool contains(double value) const {
    return (open_low ? value > low : value >= low) && (open_high ? value < high : value <= high);
  }
};

}  // namespace pushforward
