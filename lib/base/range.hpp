// The numbers that a value may be.
#pragma once

namespace pushforward {

constexpr double unbounded = 1e300;

// An interval; each end belongs to it or not.
struct Range {
  double low, high;
  bool open_low = false, open_high = false;

  [[nodiscard]] static constexpr Range at_least(double low) { return {low, unbounded}; }
  [[nodiscard]] static constexpr Range above(double low) { return {low, unbounded, true}; }
};

}  // namespace pushforward
