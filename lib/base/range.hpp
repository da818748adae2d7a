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
  [[nodiscard]] constexpr Range at_most(double most) const {
    return {low, most, open_low, open_high};
  }
};

}  // namespace pushforward
